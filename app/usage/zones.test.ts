import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import fc from 'fast-check'

import { testBooks } from '../../test/books.ts'
import { newCustomer, newKey } from '../../test/customer.ts'
import { pastCall, writeHistory } from '../../test/history.ts'
import { peopleInZones } from '../../test/people.ts'
import { callsOf, clockOf, entriesAt, wall, zones, type Zone } from '../../test/time/plain-sql.ts'
import { present } from '../../test/present.ts'
import {
  addMonths,
  listByDay,
  readCost,
  readLedgerSize,
  readOverview,
  readStatement,
} from '../billing/billing.server.ts'
import { foldDays } from '../ledger/ledger.server.ts'
import { run } from '../db/db.server.ts'
import { findOrSignUp } from '../auth/auth.server.ts'
import { formatCallId } from '../values/call-id.ts'
import { addDays, dayMs } from '../values/days.ts'
import { formatUsd } from '../values/money.ts'
import { outcomes } from '../values/outcomes.ts'
import type { Filter } from './filter.ts'
import {
  csvHeads,
  listCalls,
  readBars,
  readKeyDays,
  streamCsv,
  streamDaysCsv,
  streamJsonLines,
  sumBefore,
  sumModels,
  sumParts,
  sumUsage,
  type Stack,
} from './usage.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books

const me = await newCustomer(pool)
const { keyId: keyOfMember } = await newKey(pool, me.accountId)
const keyIds = [me.keyId, keyOfMember]
const mei = { provider: 'github', providerUserId: '7', name: 'Mei', email: null } as const
const { userId: memberId } = await findOrSignUp(pool, mei)
await sql('update api_keys set user_id = ? where id = ?', [memberId, keyOfMember])
const models = ['gpt-a', 'gpt-b', 'o-rare']
const statuses = [200, 200, 200, 404, 503]
const any = <T>(list: readonly T[]) => present(list[Math.floor(Math.random() ** 2 * list.length)])
/** Over both changes of clocks. */
const firstMs = Date.UTC(2026, 8, 20)
const days = 50
const lastMs = firstMs + days * dayMs

/** Many lie about a midnight of one of the zones. */
function anyMoment(): Date {
  const ms = firstMs + Math.floor(Math.random() * days * dayMs)
  const { before, after } = any(zones)
  const midnightMs =
    Math.floor(ms / dayMs) * dayMs - (Math.random() < 0.5 ? before : after) * 60_000
  return new Date(Math.random() < 0.5 ? ms : midnightMs + any([0, -1, 1, 899_999, -900_000]))
}
const someCalls = (count: number) =>
  Array.from({ length: count }, () =>
    pastCall({
      accountId: me.accountId,
      keyId: any(keyIds),
      model: any(models),
      startedAt: anyMoment(),
      statusCode: any(statuses),
      outcome: any(outcomes),
      costNanos: Math.floor(Math.random() * 1e6),
    }),
  )
await writeHistory(pool, someCalls(3_000))

const orNull = <T>(values: readonly T[]) => fc.constantFrom(null, ...values)
const day = fc.integer({ min: -2, max: days + 2 }).map((number) => addDays('2026-09-20', number))
const filters: fc.Arbitrary<Filter> = fc
  .record({
    model: orNull([...models, 'gpt-none']),
    keyId: orNull(keyIds),
    from: fc.option(day, { nil: null }),
    to: fc.option(day, { nil: null }),
    status: orNull(['2xx', '4xx', '503']),
    outcome: orNull(outcomes),
    userId: orNull([memberId]),
    zone: fc.constant(''),
  })
  .filter(({ from, to }) => !from || !to || from <= to)

const plainly = (at: Zone, filter: Partial<Filter>) => callsOf(at, filter, { ...me, keyOfMember })

const sumsOf = 'count(*) as calls, cast(coalesce(sum(cost_nanos), 0) as signed) as cost'
type Sums = { calls: number; cost: number }
type Day = Sums & { day: string }

async function sameAsSql(at: Zone, asked: Filter, rows: number) {
  const filter = { ...asked, zone: at.zone }
  const { where, values } = plainly(at, filter)
  const [all] = await sql<Sums>(`select ${sumsOf} ${where}`, values)
  const byDay = await sql<Sums & { day: string }>(
    `select cast(${wall(at)} as char) as day, ${sumsOf} ${where} group by day order by day`,
    values,
  )
  const byModel = await sql<Sums & { model: string }>(
    `select model, ${sumsOf} ${where} group by model order by model`,
    values,
  )
  const ids = await sql<{ id: Buffer }>(`select id ${where} order by id desc`, values)

  const { totals, days: chart } = await sumUsage(pool, me.accountId, filter)
  assert.deepEqual([totals.calls, totals.costNanos], [all?.calls, all?.cost])
  assert.deepEqual(
    chart.flatMap((it) => (it.calls ? [[it.day, it.calls, it.costNanos]] : [])),
    byDay.map(({ day: name, calls, cost }) => [name, calls, cost]),
  )
  const summed = await sumModels(pool, me.accountId, filter)
  assert.deepEqual(
    summed.map(({ model, calls, costNanos }) => [model, calls, costNanos]).sort(),
    byModel.map(({ model, calls, cost }) => [model, calls, cost]),
  )
  const byKey = await sql<Sums & { keyId: number }>(
    `select key_id as keyId, ${sumsOf} ${where} group by key_id order by key_id`,
    values,
  )
  const parts = await sumParts(pool, me.accountId, filter)
  assert.deepEqual([parts.totals.calls, parts.totals.costNanos], [all?.calls, all?.cost])
  assert.deepEqual(
    parts.models.map(({ model, calls, costNanos }) => [model, calls, costNanos]).sort(),
    byModel.map(({ model, calls, cost }) => [model, calls, cost]),
  )
  assert.deepEqual(
    parts.keys.map(({ keyId, calls, costNanos }) => [keyId, calls, costNanos]).sort(),
    byKey.map(({ keyId, calls, cost }) => [keyId, calls, cost]),
  )
  const page = await listCalls(pool, me.accountId, filter, {
    before: null,
    after: null,
    page: 1,
    rows,
  })
  assert.deepEqual(
    page.calls.map(({ id }) => id.toString('hex')),
    ids.slice(0, rows).map(({ id }) => id.toString('hex')),
  )
  const inDays = plainly(at, onlyDays(filter))
  const [counted] = await sql<Sums>(`select ${sumsOf} ${inDays.where}`, inDays.values)
  assert.equal(
    parts.facets.models.reduce((sum, { calls }) => sum + calls, 0),
    counted?.calls,
  )
}
/** What a filter's form counts in: the days, and whose keys. */
const onlyDays = ({ from, to, userId }: Filter) => ({ from, to, userId })

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

/** Cells of a CSV in which none is quoted: nothing that these calls are called by has to be. */
const cellsOf = (csv: string) =>
  csv
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.split(','))

async function sameFilesAsSql(at: Zone, asked: Filter) {
  const filter = { ...asked, zone: at.zone }
  const { where, values } = plainly(at, filter)
  const calls = await sql<{ id: Buffer; cost: number }>(
    `select id, cost_nanos as cost ${where} order by id desc`,
    values,
  )
  const listed = calls.map(({ id, cost }) => [formatCallId(id), formatUsd(cost)])
  const csv = cellsOf(await textOf(streamCsv(pool, me.accountId, filter)))
  const [callAt, costAt] = [csvHeads.indexOf('Call'), csvHeads.indexOf('Cost (USD)')]
  assert.deepEqual(
    csv.map((row) => [row[callAt], row[costAt]]),
    listed,
  )
  const lines = (await textOf(streamJsonLines(pool, me.accountId, filter))).split('\n').slice(0, -1)
  const objects = lines.map((line) => JSON.parse(line) as { id: string; cost_usd: string })
  assert.deepEqual(
    objects.map(({ id, cost_usd }) => [id, cost_usd]),
    listed,
  )
  const perDay = `select cast(${wall(at)} as char) as day, ${sumsOf} ${where}`
  const byDay = await sql<Day>(`${perDay} group by day order by day`, values)
  const days = cellsOf(await textOf(streamDaysCsv(pool, me.accountId, filter)))
  assert.deepEqual(
    days.flatMap((row) => (row[1] === '0' ? [] : [[row[0], row[1], row.at(-1)]])),
    byDay.map(({ day, calls: count, cost }) => [day, String(count), formatUsd(cost)]),
  )
}

async function anyFileAgrees(numRuns: number) {
  for (const at of zones)
    await fc.assert(
      fc.asyncProperty(filters, (filter) => sameFilesAsSql(at, filter)),
      { numRuns },
    )
}

const stacks: [Stack, column: string][] = [
  [{ by: 'model', parts: ['gpt-b'] }, 'model'],
  [{ by: 'key', parts: [me.keyId] }, 'key_id'],
]
/** After the last call, so that a range which is open ends with an empty day. */
const today = addDays('2026-09-20', days + 1)

/** The bars of a chart: of one model, or key, and of all others together. */
async function sameBarsAsSql(at: Zone, asked: Filter, text: string) {
  const filter = { ...asked, zone: at.zone }
  const { where, values } = plainly(at, filter)
  for (const [stack, column] of stacks) {
    const plain = await sql<{ span: string; part: number } & Sums>(
      `select ${text} as span, if(${column} = ?, 0, 1) as part, ${sumsOf} ${where}
        group by span, part order by span, part`,
      [stack.parts[0], ...values],
    )
    for (const [measure, amount] of [['cost', 'cost'] as const, ['calls', 'calls'] as const]) {
      const { bars } = await readBars(pool, me.accountId, filter, { stack, measure, today })
      assert.deepEqual(
        bars.flatMap((it) =>
          it.values.flatMap((value, part) => (value ? [[it.from, part, value]] : [])),
        ),
        plain.flatMap((it) => (it[amount] ? [[it.span, it.part, it[amount]]] : [])),
      )
    }
  }
}
const byDay = (at: Zone, filter: Filter) =>
  filter.from !== null && filter.from === filter.to
    ? undefined
    : sameBarsAsSql(at, filter, `cast(${wall(at)} as char)`)

/** One day, each of whose hours is there once: no clocks are changed in it. */
const byHour = (at: Zone, filter: Filter, day: string) =>
  sameBarsAsSql(
    at,
    { ...filter, from: day, to: day },
    `concat(${wall(at)}, 'T', date_format(${clockOf(at)}, '%H:00'))`,
  )

/** The days before those of a filter, up to a moment of the last one. */
async function sameBeforeAsSql(at: Zone, asked: Filter) {
  const filter = { ...asked, zone: at.zone, from: '2026-10-28', to: null }
  // Half past nine in the morning, on the fourth of November; clocks were changed on the first in one zone.
  const now = new Date(Date.UTC(2026, 10, 4, 9, 29) - at.after * 60_000)
  const before = present(await sumBefore(pool, me.accountId, filter, now))
  const { where, values } = plainly(at, { ...filter, from: '2026-10-20', to: null })
  const [sum] = await sql<Sums>(
    `select ${sumsOf} ${where} and ${clockOf(at)} < '2026-10-27 09:30:00'`,
    values,
  )
  assert.deepEqual([before.days, before.isCut], [8, true])
  assert.deepEqual([before.sums.calls, before.sums.costNanos], [sum?.calls, sum?.cost])
}

async function anyFilterAgrees(numRuns: number) {
  for (const at of zones)
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 60 }), async (filter, rows) => {
        await sameAsSql(at, filter, rows)
        await byDay(at, filter)
        await byHour(at, filter, rows % 2 ? '2026-10-05' : '2026-10-31')
        await sameBeforeAsSql(at, filter)
      }),
      { numRuns },
    )
}

describe('in five zones', () => {
  test('filters, totals, chart and lists agree with plain SQL before anything is folded', () =>
    anyFilterAgrees(6))

  test('so do the files of a filter', () => anyFileAgrees(2))

  test('and when some days are folded, all of them, and some that have changed since', async () => {
    const names = zones.map(({ zone }) => zone)
    await peopleInZones(books, me.accountId, names)
    await foldDays(pool, firstMs + 20.3 * dayMs)
    await anyFilterAgrees(4)
    await anyFileAgrees(2)
    await foldDays(pool, lastMs + 5 * dayMs)
    const [{ calls } = { calls: -1 }] = await sql<{ calls: number }>(
      `select cast(sum(calls) as signed) as calls from account_zone_days
        where account_id = ? and zone = 'Pacific/Chatham'`,
      [me.accountId],
    )
    assert.equal(calls, 3_000)
    await anyFilterAgrees(6)
  })

  test('so do what each key cost by day, and statements and the charges of their days', async () => {
    await run(pool, 'ledger/insert-entries', {
      entries: entriesAt(me.accountId, Array.from({ length: 400 }, anyMoment)),
    })
    await sql('update accounts set entry_seq = 400 where id = ?', [me.accountId])
    const { entrySeq } = await readLedgerSize(pool, me.accountId)
    for (const at of zones) {
      const range = { zone: at.zone, from: '2026-09-20', to: '2026-11-08' }
      const keyDays = await readKeyDays(pool, me.accountId, keyIds, range)
      for (const keyId of keyIds) {
        const { where, values } = plainly(at, { ...range, keyId })
        const text = `select cast(${wall(at)} as char) as day, ${sumsOf} ${where} group by day`
        const costs = new Map((await sql<Day>(text, values)).map(({ day, cost }) => [day, cost]))
        for (const { day, costNanos } of present(keyDays.get(keyId)))
          assert.equal(costNanos, costs.get(day) ?? 0, `${at.zone} ${day}`)
      }
      for (let month = '2026-09'; month <= '2026-11'; month = addMonths(month, 1)) {
        const statement = await readStatement(pool, me.accountId, month, entrySeq, at.zone)
        const wallDay = wall(at, 'created_at')
        const text = `select cast(${wallDay} as char) as day, kind, count(*) as calls,
                             cast(sum(balance_nanos) as signed) as cost from entries
                       where account_id = ? and date_format(${wallDay}, '%Y-%m') = ?
                       group by day, kind order by day desc`
        const rows = await sql<Day & { kind: string }>(text, [me.accountId, month])
        const before = await sql<{ all: number }>(
          `select cast(coalesce(sum(balance_nanos), 0) as signed) as \`all\` from entries
            where account_id = ? and date_format(${wallDay}, '%Y-%m') < ?`,
          [me.accountId, month],
        )
        const opening = present(before[0]).all
        assert.equal(statement.opening.balanceNanos, opening)
        const booked = rows.reduce((all, { cost }) => all + cost, 0)
        assert.equal(statement.closing.balanceNanos, opening + booked)
        for (const kind of ['grant', 'charge']) {
          const line = statement.lines.find((it) => it.kind === kind)
          const own = rows.filter((row) => row.kind === kind)
          const sum = (of: 'calls' | 'cost') => own.reduce((all, row) => all + row[of], 0)
          assert.deepEqual(
            [line?.entries ?? 0, line?.balanceNanos ?? 0],
            [sum('calls'), sum('cost')],
          )
        }
        const of = { month, zone: at.zone, entrySeq }
        const { lines } = await listByDay(pool, me.accountId, of, {
          ...statement.bounds,
          rows: 400,
        })
        const charges = new Map<string, Pick<Day, 'day' | 'calls' | 'cost'>>()
        for (const line of lines) {
          if (line.kind !== 'charges') continue
          const { day, calls, balanceNanos } = line
          const sum = charges.get(day) ?? { day, calls: 0, cost: 0 }
          charges.set(day, { day, calls: sum.calls + calls, cost: sum.cost + balanceNanos })
        }
        assert.deepEqual(
          [...charges.values()].map(({ day, calls, cost }) => [day, calls, cost]),
          rows.flatMap(({ day, kind, calls, cost }) =>
            kind === 'charge' ? [[day, calls, cost]] : [],
          ),
        )
      }
    }
  })

  test('so do what is spent today and in a month, and what an account has cost', async () => {
    for (const at of zones)
      for (const moment of [
        '2026-09-26T15:30:00Z',
        '2026-11-01T04:30:00Z',
        '2026-10-31T18:29:00Z',
      ]) {
        const now = new Date(moment)
        const { todayNanos, monthNanos } = await readOverview(pool, me.accountId, now, at.zone)
        const [shown] = await sql<{ today: string }>(
          `select cast(${wall(at, 'at')} as char) as today from (select timestamp(?) as at) it`,
          [moment.slice(0, 19).replace('T', ' ')],
        )
        const today = present(shown).today
        const since = async (from: string) => {
          const { where, values } = plainly(at, { from })
          return (await sql<Sums>(`select ${sumsOf} ${where}`, values))[0]?.cost
        }
        assert.deepEqual(
          [todayNanos, monthNanos],
          [await since(today), await since(`${today.slice(0, 8)}01`)],
          `${at.zone} ${moment}`,
        )
      }
    const { where, values } = plainly(zones[0], { from: '2026-09-25', to: '2026-10-20' })
    const [sum] = await sql<Sums>(`select ${sumsOf} ${where}`, values)
    const range = { from: '2026-09-25', to: '2026-10-20' }
    assert.equal(await readCost(pool, me.accountId, range), sum?.cost)
  })
})
