import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { readCosts } from '../catalog/catalog.server.ts'
import { present } from '../../test/present.ts'
import { credit, sweep, verify } from '../ledger/ledger.server.ts'
import { billOf, callOf, hold, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { newCallId } from '../values/call-id.ts'
import { everything, type Filter } from './filter.ts'
import { ensurePartitions, listCalls, retain, totals } from './usage.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql, url } = books
const ledger = books.ledger()

const now = new Date('2026-11-22T12:00:00Z')
const months = ['2026-07', '2026-08', '2026-09', '2026-10', '2026-11']
const partitions = async () => {
  const rows = await sql<{ name: string }>(
    `select partition_name as name from information_schema.partitions
      where table_schema = database() and table_name = 'calls' order by partition_ordinal_position`,
  )
  return rows.map(({ name }) => name)
}
const callAt = (customer: Customer, time: string) => {
  const startedAt = new Date(time)
  return callOf(customer, { startedAt, callId: newCallId(startedAt.getTime()) })
}
const firstPage = { before: null, after: null, page: 1, rows: 100 }
const pageOf = (accountId: number, filter: Filter = everything) =>
  listCalls(pool, accountId, filter, firstPage)

/** Three calls a month: one paid for, one that failed, one that came late. */
async function use(customer: Customer, month: string) {
  const [paid, failed, late] = ['03', '15', '28'].map((day) =>
    callAt(customer, `${month}-${day}T10:00:00Z`),
  )
  assert.ok(late)
  assert.ok(failed)
  assert.ok(paid)
  await hold(ledger, paid, 100)
  await settle(ledger, paid, 70)
  await hold(ledger, failed, 100)
  const end = { outcome: 'failed', statusCode: 502, errorCode: 'upstream_error' } as const
  await ledger.settle({ facts: failed, bill: billOf(0, end) })
  await hold(ledger, late, 100)
  await ledger.lose({ facts: late })
  await settle(ledger, late, 30)
}

describe('retain', () => {
  test('partitions reach half a year ahead and back to the oldest call, made once by many', async () => {
    const before = await partitions()
    const oldest = new Date('2026-07-31T23:00:00Z')
    const future = new Date('2028-01-31T12:00:00Z')
    const many = [1, 2, 3, 4].map(() => ensurePartitions(url, { now: future, oldest }))
    const made = (await Promise.all(many)).flat()
    const back = ['p202607', 'p202608', 'p202609', 'p202610']
    const ahead = [1, 2, 3, 4, 5, 6, 7].map((month) => `p20280${month}`)
    assert.deepEqual(made, [...back, ...ahead])
    const [withoutMax] = [before.slice(0, -1)]
    assert.deepEqual(await partitions(), [...back, ...withoutMax, ...ahead, 'pmax'])
    assert.deepEqual(await ensurePartitions(url, { now: future, oldest }), [])
  })

  test('keeps totals, balances and clean books, and drops the calls', async () => {
    const [ann, bea] = [
      await newCustomer(pool, { balanceNanos: 10_000 }),
      await newCustomer(pool, { balanceNanos: 10_000 }),
    ]
    for (const month of months) for (const customer of [ann, bea]) await use(customer, month)
    await expectCleanBooks(pool)
    const before = await totals(pool, ann.accountId, everything)
    assert.equal((await pageOf(ann.accountId)).calls.length, 15)

    const done = await retain(pool, url, { months: 2, now })
    assert.deepEqual(done, {
      state: 'done',
      dropped: [
        { partition: 'p202607', calls: 6 },
        { partition: 'p202608', calls: 6 },
      ],
    })
    await expectCleanBooks(pool)
    assert.deepEqual(await totals(pool, ann.accountId, everything), before)
    const { calls, older } = await pageOf(ann.accountId)
    assert.equal(calls.length, 9)
    assert.equal(present(calls.at(-1)).startedAt.toISOString(), '2026-09-03T10:00:00.000Z')
    assert.equal(older, undefined)
    assert.equal((await pageOf(ann.accountId, { ...everything, status: '5xx' })).calls.length, 3)
    assert.equal((await partitions())[0], 'p202609')
    const again = await retain(pool, url, { months: 2, now })
    assert.deepEqual(again, { state: 'done', dropped: [] })

    // Life goes on: later calls, later months, another cut.
    await use(ann, '2026-11')
    assert.deepEqual(await retain(pool, url, { months: 1, now }), {
      state: 'done',
      dropped: [{ partition: 'p202609', calls: 6 }],
    })
    await expectCleanBooks(pool)
    const after = await totals(pool, ann.accountId, everything)
    assert.deepEqual([after.calls, after.costNanos], [before.calls + 3, before.costNanos + 100])
  })

  test('what verify finds, it finds after a cut too', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 1_000 })
    await use(customer, '2026-11')
    const [first] = await sql<{ id: number }>('select min(account_id) as id from dropped_calls')
    const finds = async (table: string, column: string, where: string) => {
      const change = (by: number) =>
        sql(`update ${table} set ${column} = ${column} + ? where ${where} limit 1`, [by])
      await change(1)
      const found = (await verify(pool, readCosts)).differences.map(({ check }) => check)
      await change(-1)
      await expectCleanBooks(pool)
      return [...new Set(found)]
    }
    const mine = `account_id = ${customer.accountId} order by slot`
    assert.deepEqual(await finds('usage_quarters', 'calls', mine), ['totals', 'account totals'])
    const [old, both] = [
      `account_id = ${present(first).id} order by`,
      ['account totals', 'dropped calls'],
    ]
    assert.deepEqual(await finds('usage_quarters', 'calls', `${old} slot`), both)
    assert.deepEqual(await finds('account_quarters', 'calls', `${old} slot`), ['account totals'])
    assert.deepEqual(await finds('dropped_calls', 'calls', `${old} before_id`), ['dropped calls'])
    assert.deepEqual(await finds('dropped_calls', 'charges', `${old} before_id`), ['charge counts'])
  })

  test('drops nothing while a hold of that time is open', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 1_000 })
    const call = callAt(customer, '2026-11-05T00:00:00Z')
    await hold(ledger, call, 100)
    const later = new Date('2026-12-10T00:00:00Z')
    const done = await retain(pool, url, { months: 1, now: later })
    assert.deepEqual(done, { state: 'done', dropped: [{ partition: 'p202610', calls: 6 }] })
    const muchLater = new Date('2027-02-02T00:00:00Z')
    const { state, dropped, ...rest } = await retain(pool, url, { months: 1, now: muchLater })
    assert.deepEqual([state, dropped], ['refused', []])
    assert.match(JSON.stringify(rest), /1 holds of calls before 2026-12-01 are open/)
    await sweep(pool, books.ledger(), { silentSeconds: 0 })
    await expectCleanBooks(pool)
    assert.equal((await retain(pool, url, { months: 1, now: muchLater })).state, 'done')
    await expectCleanBooks(pool)
  })

  test('drops nothing whose totals do not fit', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 1_000 })
    await use(customer, '2027-02')
    const where = 'where account_id = ? limit 1'
    await sql(`update usage_quarters set cost_nanos = cost_nanos + 1 ${where}`, [
      customer.accountId,
    ])
    const end = await retain(pool, url, { months: 1, now: new Date('2027-04-10T00:00:00Z') })
    assert.equal(end.state, 'refused')
    await sql(`update usage_quarters set cost_nanos = cost_nanos - 1 ${where}`, [
      customer.accountId,
    ])
    await expectCleanBooks(pool)
  })

  test('a crash between the sums and the cut leaves clean books; the next run ends it', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 1_000 })
    await use(customer, '2027-03')
    const given = {
      accountId: customer.accountId,
      kind: 'grant',
      ref: 'after',
      actor: 'test',
    } as const
    await credit(pool, { ...given, planNanos: 0, balanceNanos: 1, note: null })
    const at = new Date('2027-06-01T00:00:00Z')
    // A table that somebody reads for ever cannot be altered: the cut fails after the sums.
    await sql('start transaction')
    await sql('select count(*) from calls')
    const failing = retain(pool, url, { months: 1, now: at })
    await assert.rejects(failing, /Lock wait timeout/)
    await sql('commit')
    await expectCleanBooks(pool)
    const { state, dropped } = await retain(pool, url, { months: 1, now: at })
    assert.equal(state, 'done')
    assert.ok(dropped.some(({ partition, calls }) => partition === 'p202703' && calls === 3))
    await expectCleanBooks(pool)
  })

  test('what came late excuses an overdrawn account after its calls are gone, and no more', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 50 })
    const [late, other] = [
      callAt(customer, '2027-07-03T00:00:00Z'),
      callAt(customer, '2027-07-04T00:00:00Z'),
    ]
    await hold(ledger, late, 50)
    await ledger.lose({ facts: late })
    await hold(ledger, other, 50)
    await settle(ledger, other, 50)
    await settle(ledger, late, 50)
    const { state } = await retain(pool, url, { months: 1, now: new Date('2027-09-10T00:00:00Z') })
    assert.equal(state, 'done')
    await expectCleanBooks(pool)
    const { accountId } = customer
    const hide = (nanos: number) =>
      sql('update accounts set balance_held_nanos = ? where id = ?', [nanos, accountId])
    await hide(1)
    const checks = (await verify(pool, readCosts)).differences.map(({ check }) => check)
    assert.deepEqual(checks, ['account holds', 'overdrawn'])
    await hide(0)
    // A month that was dropped before it was noted how much of it came late.
    await sql('update dropped_calls set late_nanos = null where account_id = ?', [accountId])
    await expectCleanBooks(pool)
  })
})
