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
  lastSeqBefore,
  listDayCharges,
  listEntries,
  readLedgerSize,
  readStatement,
} from './billing.server.ts'
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

/** The charges of each day are those of its entries, and leave what its last entry left. */
async function chargesAgree(accountId: number, entries: Made[], entrySeq: number) {
  const isoOf = ({ atMs }: Made) => new Date(atMs).toISOString()
  for (let month = '2026-01'; month <= '2026-05'; month = addMonths(month, 1)) {
    const { bounds } = await readStatement(pool, accountId, month, entrySeq)
    const days = await listDayCharges(pool, accountId, { month, zone: 'UTC' }, bounds, entrySeq)
    const expected = new Map<string, { calls: number; nanos: number; seq: number }>()
    for (const [i, entry] of entries.entries()) {
      const day = isoOf(entry).slice(0, 10)
      if (!day.startsWith(month)) continue
      const { calls, nanos } = expected.get(day) ?? { calls: 0, nanos: 0 }
      const isCharge = entry.kind === 'charge'
      const sum = { calls: calls + Number(isCharge), nanos: nanos - (isCharge ? entry.nanos : 0) }
      expected.set(day, { ...sum, seq: i + 1 })
    }
    const charged = [...expected].filter(([, { calls }]) => calls > 0).reverse()
    assert.deepEqual(
      days.map(({ day, calls, seq, ...of }) => [day, calls, of.planNanos + of.balanceNanos, seq]),
      charged.map(([day, { calls, nanos, seq }]) => [day, calls, nanos, seq]),
    )
    for (const { seq, planAfterNanos, balanceAfterNanos } of days) {
      const [row] = await sql<{ plan: number; balance: number }>(
        `select plan_after_nanos as plan, balance_after_nanos as balance
           from entries where account_id = ? and seq = ?`,
        [accountId, seq],
      )
      assert.deepEqual(row, { plan: planAfterNanos, balance: balanceAfterNanos })
    }
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
      await chargesAgree(accountId, entries, entrySeq)
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
  const at = new Date(Date.UTC(2026, 1, 1))
  const first = await lastSeqBefore(pool, accountId, at, 40)
  for (let entrySeq = 40; entrySeq <= 64; entrySeq++)
    assert.equal(await lastSeqBefore(pool, accountId, at, entrySeq), first)
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
    'sum-credits-between': `select interval(seq, 1, 100, 200) as part, count(*)
       from entries force index (entries_call)
       where call_id is null and account_id = ${accountId} and seq > 0 and seq <= 301
       group by part order by null`,
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
