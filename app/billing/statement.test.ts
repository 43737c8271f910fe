import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import fc from 'fast-check'

import { present } from '../../test/present.ts'
import { newCallId } from '../values/call-id.ts'
import { run } from '../db/db.server.ts'
import { testBooks } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'
import {
  addMonths,
  listByDay,
  listEntries,
  readLedgerSize,
  readStatement,
} from './billing.server.ts'
import { boundsOfMonth } from './months.ts'
import type { EntryKind } from '../values/entry-kinds.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books

type Made = { atMs: number; kind: EntryKind; nanos: number; ref?: string }

/** Entries of the past, which no clock of a test could make: written straight into the table. */
async function write(accountId: number, made: Made[]) {
  let [planNanos, balanceNanos] = [0, 0]
  let seq = 0
  await sql('delete from entries where account_id = ?', [accountId])
  for (const { atMs, kind, nanos, ref = null } of made) {
    const ofPlan = kind === 'plan' || kind === 'expire'
    const change = kind === 'charge' || kind === 'expire' ? -nanos : nanos
    if (ofPlan) planNanos += change
    else balanceNanos += change
    const entry = {
      accountId,
      seq: ++seq,
      kind,
      ref,
      actor: 'test',
      note: null,
      planNanos: ofPlan ? change : 0,
      balanceNanos: ofPlan ? 0 : change,
      planAfterNanos: planNanos,
      balanceAfterNanos: balanceNanos,
      callId: kind === 'charge' ? newCallId(atMs) : null,
      createdAt: new Date(atMs).toISOString().slice(0, 23).replace('T', ' '),
    }
    await run(pool, 'ledger/insert-entries', { entries: [entry] })
  }
  await sql('update accounts set entry_seq = ? where id = ?', [seq, accountId])
}

const firstMs = Date.UTC(2026, 0, 1)

const poolsOf = ({ planNanos, balanceNanos }: { planNanos: number; balanceNanos: number }) => [
  planNanos,
  balanceNanos,
]

/** By day each line leaves what the one below it left and its own amount, over all pages of a month. */
async function linesFollow(accountId: number, entries: Made[], entrySeq: number) {
  const dayOf = ({ atMs }: Made) => new Date(atMs).toISOString().slice(0, 10)
  for (let month = '2026-01'; month <= '2026-05'; month = addMonths(month, 1)) {
    const { bounds, opening, closing } = await readStatement(pool, accountId, month, entrySeq)
    const of = { month, zone: 'UTC', entrySeq }
    const shown: Awaited<ReturnType<typeof listByDay>>['lines'] = []
    for (let upTo: number | null = bounds.upTo; upTo !== null;) {
      const page = await listByDay(pool, accountId, of, { after: bounds.after, upTo, rows: 3 })
      shown.push(...page.lines)
      upTo = page.older
    }
    let left = poolsOf(opening)
    let last = bounds.after
    for (const line of shown.reverse()) {
      const [plan = 0, balance = 0] = left
      left = [plan + line.planNanos, balance + line.balanceNanos]
      assert.deepEqual([line.planAfterNanos, line.balanceAfterNanos], left)
      const own = entries.slice(last, line.seq)
      assert.equal(own.length, line.kind === 'charges' ? line.calls : 1)
      for (const entry of own) {
        assert.equal(entry.kind === 'charge', line.kind === 'charges')
        if (line.kind === 'charges') assert.equal(dayOf(entry), line.day)
      }
      assert.equal(line.createdAt.getTime(), own.at(-1)?.atMs)
      last = line.seq
    }
    assert.deepEqual([left, last], [poolsOf(closing), bounds.upTo])
  }
}

const made: fc.Arbitrary<Made[]> = fc
  .array(
    fc.record({
      // A few moments many times, so that some fall on the first moment of a month.
      atMs: fc.oneof(
        fc.integer({ min: firstMs, max: Date.UTC(2026, 4, 31) }),
        fc.integer({ min: 0, max: 4 }).map((month) => Date.UTC(2026, month, 1)),
      ),
      kind: fc.constantFrom('charge' as const, 'charge', 'grant', 'plan', 'expire', 'topup'),
      nanos: fc.integer({ min: 1, max: 1_000_000_000_000 }),
    }),
    { maxLength: 40 },
  )
  .map((entries) => entries.sort((a, b) => a.atMs - b.atMs))

test('statements follow from one another, add up, and say what the entries say', async () => {
  const { accountId } = await newCustomer(pool)
  await fc.assert(
    fc.asyncProperty(made, async (entries) => {
      await write(accountId, entries)
      const { entrySeq } = await readLedgerSize(pool, accountId)
      assert.equal(entrySeq, entries.length)
      let before = { planNanos: 0, balanceNanos: 0 }
      let seen = 0
      for (let month = '2025-12'; month <= '2026-06'; month = addMonths(month, 1)) {
        const statement = await readStatement(pool, accountId, month, entrySeq)
        assert.deepEqual(statement.opening, before)
        const sum = { ...statement.opening }
        for (const line of statement.lines) {
          sum.planNanos += line.planNanos
          sum.balanceNanos += line.balanceNanos
        }
        assert.deepEqual(sum, statement.closing)
        before = statement.closing
        const own = entries.filter(({ atMs }) => new Date(atMs).toISOString().slice(0, 7) === month)
        for (const kind of ['charge', 'grant', 'plan', 'expire', 'topup']) {
          const those = own.filter((entry) => entry.kind === kind)
          const line = statement.lines.find((it) => it.kind === kind)
          const sign = kind === 'charge' || kind === 'expire' ? -1 : 1
          const nanos = those.reduce((total, it) => total + sign * it.nanos, 0)
          assert.equal(line?.entries ?? 0, those.length)
          assert.equal((line?.planNanos ?? 0) + (line?.balanceNanos ?? 0), nanos)
        }
        seen += own.length
      }
      assert.equal(seen, entries.length)
      await linesFollow(accountId, entries, entrySeq)
    }),
    { numRuns: 25 },
  )
})

test('paging shows every entry of a month once, newest first', async () => {
  const { accountId } = await newCustomer(pool)
  const kinds = ['grant', 'charge', 'charge', 'plan'] as const
  const entries = Array.from({ length: 100 }, (_, i) => ({
    atMs: firstMs + i * 86_400_000,
    kind: present(kinds[i % 4]),
    nanos: i + 1,
  }))
  await write(accountId, entries)
  const { bounds } = await readStatement(pool, accountId, '2026-02', 100)
  for (const creditsOnly of [false, true]) {
    const seqs: number[] = []
    for (let upTo: number | null = bounds.upTo; upTo !== null;) {
      const given = { after: bounds.after, upTo, rows: 5, creditsOnly }
      const page = await listEntries(pool, accountId, given)
      seqs.push(...page.entries.map(({ seq }) => seq))
      upTo = page.older
    }
    const wanted = entries.flatMap(({ atMs, kind }, i) => {
      const isFebruary = new Date(atMs).getUTCMonth() === 1
      return isFebruary && (!creditsOnly || kind !== 'charge') ? [i + 1] : []
    })
    assert.deepEqual(seqs, wanted.reverse())
  }
})

test('credit by a code has a line of its own, and is no present of the operator', async () => {
  const { accountId } = await newCustomer(pool)
  const entries = [`code:9:${accountId}`, `grant:code:9`, `welcome:9`].map((ref, i) => ({
    atMs: firstMs + i,
    kind: 'grant' as const,
    nanos: 10 ** i,
    ref,
  }))
  await write(accountId, entries)
  const { lines, bounds } = await readStatement(pool, accountId, '2026-01', 3)
  const sums = lines.map(({ kind, entries, balanceNanos }) => [kind, entries, balanceNanos])
  assert.deepEqual(sums, [
    ['grant', 2, 110],
    ['code', 1, 1],
  ])
  for (const creditsOnly of [false, true]) {
    const page = await listEntries(pool, accountId, { ...bounds, rows: 5, creditsOnly })
    assert.deepEqual(
      page.entries.map(({ kind }) => kind),
      ['grant', 'grant', 'code'],
    )
  }
})

test('the bounds of a month that is over do not move with what follows', async () => {
  const { accountId } = await newCustomer(pool)
  const entries = Array.from({ length: 64 }, (_, i) => ({
    // The clock was set back for a while, around the end of January.
    atMs: firstMs + (i + (i % 7 === 0 ? -3 : 0)) * 86_400_000 + 86_400_000 * 4,
    kind: 'grant' as const,
    nanos: 1,
  }))
  await write(accountId, entries)
  const january = { month: '2026-01', zone: 'UTC' }
  const bounds = await boundsOfMonth(pool, accountId, january, 40)
  for (let entrySeq = 40; entrySeq <= 64; entrySeq++)
    assert.deepEqual(await boundsOfMonth(pool, accountId, january, entrySeq), bounds)
})

test('neither list sorts or scans, and the sums read no charge', async () => {
  const { accountId } = await newCustomer(pool)
  const entries = Array.from({ length: 300 }, (_, i) => ({
    atMs: firstMs + i,
    kind: i === 150 ? ('grant' as const) : ('charge' as const),
    nanos: 1,
  }))
  await write(accountId, [{ atMs: firstMs, kind: 'grant', nanos: 1_000 }, ...entries])
  const plans = {
    'list-entries': `select * from entries where account_id = ${accountId} and seq > 0
       and seq <= 301 order by seq desc limit 51`,
    'list-credits': `select * from entries force index (entries_call) where call_id is null
       and account_id = ${accountId} and seq > 0 and seq <= 301 order by seq desc limit 51`,
    'sum-credits': `select coalesce(case when ref like 'code:%' then 'code' end, kind) as listed,
       count(*) from entries force index (entries_call)
       where call_id is null and account_id = ${accountId} and seq > 0 and seq <= 301
       group by listed order by null`,
  }
  for (const [name, text] of Object.entries(plans)) {
    const [plan] = await sql<{ type: string; key: string; rows: number; Extra: string }>(
      `explain format = traditional ${text}`,
    )
    assert.ok(plan)
    assert.equal(plan.type, 'range', name)
    assert.equal(plan.key, name === 'list-entries' ? 'PRIMARY' : 'entries_call', name)
    assert.doesNotMatch(plan.Extra, /filesort/, name)
    if (name !== 'list-entries') assert.ok(plan.rows < 20, `${name} reads ${plan.rows} rows`)
  }
})
