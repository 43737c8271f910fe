import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import fc from 'fast-check'

import { present } from '../../test/present.ts'
import { parseCallId } from '../values/call-id.ts'
import { testBooks } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'
import { pastCall, writeHistory, type PastCall } from '../../test/history.ts'
import { everything, type Filter } from './filter.ts'
import { outcomes } from '../values/outcomes.ts'
import { listCalls, sumParts, totals, sumUsage } from './usage.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books

const me = await newCustomer(pool)
const stranger = await newCustomer(pool)
const keyIds = [me.keyId, me.keyId + 100, me.keyId + 200]
/** Whose the first of them is; nobody has another. */
const theirs = 77
await sql('update api_keys set user_id = ? where id = ?', [theirs, me.keyId])
const models = ['gpt-a', 'gpt-b', 'gpt-c', 'o-rare']
const statuses = [200, 200, 200, 200, 400, 404, 429, 499, 500, 503]
const any = <T>(list: readonly T[]) => present(list[Math.floor(Math.random() ** 2 * list.length)])
const firstMs = Date.UTC(2026, 9, 20)
const days = 40

/** Some of the calls begin in the first and the last millisecond of a day. */
function momentOf(): Date {
  const dayMs = 86_400_000
  const ofDay = any([
    Math.floor(Math.random() * dayMs),
    Math.floor(Math.random() * 5e6),
    0,
    dayMs - 1,
  ])
  return new Date(firstMs + Math.floor(Math.random() ** 2 * days) * dayMs + ofDay)
}
const randomCall = (accountId: number): PastCall =>
  pastCall({
    accountId,
    keyId: any(keyIds),
    model: any(models),
    startedAt: momentOf(),
    statusCode: any(statuses),
    outcome: any(outcomes),
    costNanos: Math.floor(Math.random() * 1e6),
    inputTokens: Math.floor(Math.random() * 99),
  })
const make = (count: number, accountId: number) =>
  Array.from({ length: count }, () => randomCall(accountId))
await writeHistory(pool, [...make(3_000, me.accountId), ...make(2_000, stranger.accountId)])

const orNull = <T>(values: T[]) => fc.constantFrom(null, ...values)
const day = fc
  .integer({ min: -3, max: days + 3 })
  .map((n) => new Date(firstMs + n * 86_400_000).toISOString().slice(0, 10))
const filters: fc.Arbitrary<Filter> = fc
  .record({
    model: orNull([...models, 'gpt-none']),
    keyId: orNull(keyIds),
    from: fc.option(day, { nil: null }),
    to: fc.option(day, { nil: null }),
    status: orNull(['2xx', '4xx', '5xx', '200', '404', '503']),
    outcome: orNull([...outcomes]),
    userId: orNull([theirs, theirs + 1]),
    zone: fc.constant('UTC'),
  })
  .filter(({ from, to }) => !from || !to || from <= to)

/** The filter in plain SQL, from the calls alone. */
function plainly(accountId: number, filter: Filter) {
  const { model, keyId, from, to, status, outcome, userId } = filter
  const parts: [string, unknown][] = [['account_id = ?', accountId]]
  if (model) parts.push(['model = ?', model])
  if (keyId) parts.push(['key_id = ?', keyId])
  if (from) parts.push(['date(started_at) >= ?', from])
  if (to) parts.push(['date(started_at) <= ?', to])
  if (status) parts.push(['status_code like ?', status.replace('xx', '__')])
  if (outcome) parts.push(['outcome = ?', outcome])
  if (userId) parts.push(['key_id in (select id from api_keys where user_id = ?)', userId])
  const where = parts.map(([text]) => text).join(' and ')
  return { where: `from calls where ${where}`, values: parts.map(([, value]) => value) }
}
async function idsOf(accountId: number, filter: Filter): Promise<string[]> {
  const { where, values } = plainly(accountId, filter)
  const rows = await sql<{ id: Buffer }>(`select id ${where} order by id desc`, values)
  return rows.map(({ id }) => id.toString('hex'))
}

const hex = ({ id }: { id: Buffer }) => id.toString('hex')
const at = (text: string | undefined) => (text === undefined ? null : present(parseCallId(text)))

/** All pages from the newest call back, and from the oldest forward; in `pause` others work. */
async function walk(filter: Filter, rows: number, pause = async () => {}) {
  const back: string[][] = []
  const forward: string[][] = []
  const paging = { before: null, after: null, page: 1, rows }
  let page = await listCalls(pool, me.accountId, filter, paging)
  back.push(page.calls.map(hex))
  while (page.older) {
    await pause()
    page = await listCalls(pool, me.accountId, filter, { ...paging, before: at(page.older) })
    back.push(page.calls.map(hex))
  }
  forward.unshift(page.calls.map(hex))
  while (page.newer) {
    await pause()
    page = await listCalls(pool, me.accountId, filter, { ...paging, after: at(page.newer) })
    forward.unshift(page.calls.map(hex))
  }
  return { back: back.flat(), forward: forward.flat(), pages: back.length }
}

describe('the call history', () => {
  test('lists and adds up exactly the calls that plain SQL counts, by any filter', async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 100 }), async (filter, rows) => {
        const { where, values } = plainly(me.accountId, filter)
        const [expected, sums] = await Promise.all([
          idsOf(me.accountId, filter),
          sql(
            `select count(*) as calls, cast(coalesce(sum(cost_nanos), 0) as signed) as cost,
                    cast(coalesce(sum(input_tokens), 0) as signed) as input ${where}`,
            values,
          ),
        ])
        const first = { before: null, after: null, page: 1, rows }
        const page = await listCalls(pool, me.accountId, filter, first)
        assert.deepEqual(page.calls.map(hex), expected.slice(0, rows))
        assert.equal(page.older !== undefined, expected.length > rows)
        const sum = await totals(pool, me.accountId, filter)
        const { calls, cost, input } = present(sums[0])
        assert.deepEqual([sum.calls, sum.costNanos, sum.inputTokens], [calls, cost, input])
        const byKey = await sql<{ keyId: number; cost: number }>(
          `select key_id as keyId, cast(sum(cost_nanos) as signed) as cost ${where}
            group by key_id order by key_id`,
          values,
        )
        const { keys } = await sumParts(pool, me.accountId, filter)
        assert.deepEqual(
          keys.map(({ keyId, costNanos }) => [keyId, costNanos]).sort(([a = 0], [b = 0]) => a - b),
          byKey.map(({ keyId, cost }) => [keyId, cost]),
        )
      }),
      { numRuns: 150 },
    )
  })

  test('visits every call once in both directions, by any filter', async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 20, max: 100 }), async (filter, rows) => {
        const expected = await idsOf(me.accountId, filter)
        const { back, forward } = await walk(filter, rows)
        assert.deepEqual(back, expected)
        assert.deepEqual(forward, expected)
      }),
      { numRuns: 25 },
    )
  })

  test('visits every call once while others come in among them', async () => {
    for (const filter of [everything, { ...everything, model: 'gpt-b' }]) {
      const known = await idsOf(me.accountId, filter)
      const add = () => writeHistory(pool, make(5, me.accountId))
      const { back, forward, pages } = await walk(filter, 97, add)
      assert.ok(pages > 5)
      for (const seen of [back, forward]) {
        const all = new Set(seen)
        assert.equal(all.size, seen.length, 'a call twice')
        const missed = known.filter((id) => !all.has(id))
        assert.deepEqual(missed, [], 'a call never')
        assert.deepEqual(seen, [...seen].sort().reverse())
      }
    }
  })

  test('numbered pages are the same pages, as far as they go', async () => {
    const expected = await idsOf(me.accountId, everything)
    for (const page of [1, 2, 10]) {
      const paging = { before: null, after: null, page, rows: 30 }
      const { calls, newer, older } = await listCalls(pool, me.accountId, everything, paging)
      assert.deepEqual(calls.map(hex), expected.slice((page - 1) * 30, page * 30))
      assert.deepEqual([newer !== undefined, older !== undefined], [page > 1, true])
    }
    const far = { before: null, after: null, page: 11, rows: 30 }
    await assert.rejects(listCalls(pool, me.accountId, everything, far), RangeError)
  })

  test('shows nobody else’s calls, whatever cursor is given', async () => {
    const others = new Set(await idsOf(stranger.accountId, everything))
    const cursor = Buffer.from(present([...others][500]), 'hex')
    for (const paging of [
      { before: cursor, after: null },
      { before: null, after: cursor },
    ]) {
      for (const filter of [everything, { ...everything, status: '4xx' }]) {
        const wanted = { ...paging, page: 1, rows: 100 }
        const { calls } = await listCalls(pool, me.accountId, filter, wanted)
        assert.ok(calls.length > 0)
        assert.deepEqual(
          calls.filter((call) => others.has(hex(call))),
          [],
        )
      }
    }
  })

  test('the days have no gaps, and add up to the totals', async () => {
    const range = { ...everything, from: '2026-10-15', to: '2026-12-10', model: 'o-rare' }
    const { totals: sum, days: list } = await sumUsage(pool, me.accountId, range)
    assert.equal(list.length, 57)
    assert.deepEqual([present(list[0]).day, present(list.at(-1)).day], ['2026-10-15', '2026-12-10'])
    assert.equal(
      list.reduce((all, { calls }) => all + calls, 0),
      sum.calls,
    )
    assert.equal(present(list[0]).calls, 0)
    const nobody = await newCustomer(pool)
    const none = await sumUsage(pool, nobody.accountId, everything)
    assert.deepEqual([none.days, none.totals.calls], [[], 0])
  })

  test('facets name what there is in the range, with counts', async () => {
    const { facets } = await sumParts(pool, me.accountId, everything)
    const { models: seen, keys, statusCodes } = facets
    assert.deepEqual(
      seen.map(({ model }) => model),
      [...models].sort(),
    )
    assert.deepEqual(
      keys.map(({ keyId }) => keyId),
      keyIds,
    )
    assert.equal(present(keys[0]).name, 'a key')
    const codes = [...new Set(statuses)].sort()
    assert.deepEqual(
      statusCodes.map(({ statusCode }) => statusCode),
      codes,
    )
    const range = { ...everything, from: '2001-01-01', to: '2001-01-02' }
    const none = await sumParts(pool, me.accountId, range)
    assert.deepEqual([none.facets.models, none.models, none.keys], [[], [], []])
    assert.equal(none.totals.calls, 0)
  })
})
