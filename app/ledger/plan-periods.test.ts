import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'

import { callOf, hold, moneyOf, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { silence } from '../../test/time/silence.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { beat, renewPlans, setPlan, sweep, type Ledger } from './ledger.server.ts'
import type { CallFacts } from './ops.ts'

const books = await testBooks()
after(books.close)
afterEach(() => expectCleanBooks(books.pool))
const { pool, sql } = books
const ledger = books.ledger()
await beat(pool, ledger.relayId)

const monthly = 1_000_000

async function subscriber(balanceNanos = 0): Promise<Customer> {
  const customer = await newCustomer(pool, { balanceNanos })
  assert.equal((await setPlan(pool, customer.accountId, monthly, 'test')).state, 'set')
  return customer
}
const makeDue = ({ accountId }: Customer, day: string) =>
  sql('update subscriptions set renews_at = ? where account_id = ?', [day, accountId])
async function renew(customer: Customer, day = '2026-01-31') {
  await makeDue(customer, day)
  assert.equal(await renewPlans(pool), 1)
}
/** Opens so many calls that together hold all of the plan. */
async function holdAll(customer: Customer, count: number, via: Ledger = ledger) {
  const calls = Array.from({ length: count }, () => callOf(customer))
  const each = Math.floor(monthly / count)
  for (const call of calls) await hold(via, call, each)
  await hold(via, callOf(customer), monthly - count * each)
  return calls
}
/** Spends in small calls whatever is there, and answers how much that was. */
async function spendAll(customer: Customer): Promise<number> {
  let spent = 0
  for (const each of [100_000, 1_000, 1])
    for (;;) {
      const call = callOf(customer)
      if (!(await reserve(ledger, call, each)).granted) break
      spent += (await settle(ledger, call, each)).chargedNanos
    }
  return spent
}
const kindsOf = async ({ accountId }: Customer) => {
  const text = 'select kind, plan_nanos as plan from entries where account_id = ? order by seq'
  const rows = await sql<{ kind: string; plan: number }>(text, [accountId])
  return rows.map(({ kind, plan }) => `${kind} ${plan}`)
}
const leave = (calls: CallFacts[], via: Ledger = ledger) =>
  Promise.all(calls.map((call) => settle(via, call, 0)))

describe('plan credit held over the end of its period', () => {
  test('by twelve streams that are then left before the first byte buys nothing more', async () => {
    const customer = await subscriber()
    for (const day of ['2026-01-31', '2026-02-28']) {
      const calls = await holdAll(customer, 12)
      await renew(customer, day)
      await leave(calls)
      assert.equal(await spendAll(customer), monthly)
      const rest = await sql<{ callId: Buffer }>(
        'select call_id as callId from holds where account_id = ?',
        [customer.accountId],
      )
      for (const { callId } of rest) await settle(ledger, { ...callOf(customer), callId }, 0)
      await renew(customer, `${day.slice(0, 8)}27`)
    }
  })

  test('pays for its own call, and what that did not need expires with the charge', async () => {
    const customer = await subscriber(50)
    const call = callOf(customer)
    await hold(ledger, call, monthly + 50)
    await renew(customer)
    assert.equal((await settle(ledger, call, 400_000)).chargedNanos, 400_000)
    assert.deepEqual(await moneyOf(books, customer), {
      plan: monthly,
      planHeld: 0,
      balance: 50,
      balanceHeld: 0,
    })
    assert.deepEqual(await kindsOf(customer), [
      'grant 0',
      `plan ${monthly}`,
      `plan ${monthly}`,
      'charge -400000',
      'expire -600000',
    ])
  })

  test('and used up whole leaves nothing to expire', async () => {
    const customer = await subscriber()
    const call = callOf(customer)
    await hold(ledger, call, monthly)
    await renew(customer)
    await settle(ledger, call, monthly)
    assert.equal((await kindsOf(customer)).at(-1), `charge -${monthly}`)
    assert.equal((await moneyOf(books, customer)).plan, monthly)
  })

  test('over two renewals is still of the first period', async () => {
    const customer = await subscriber()
    const [first, second] = [callOf(customer), callOf(customer)]
    await hold(ledger, first, 300)
    await renew(customer, '2026-01-31')
    await hold(ledger, second, 500)
    await renew(customer, '2026-02-28')
    await settle(ledger, first, 0)
    await settle(ledger, second, 0)
    assert.deepEqual((await kindsOf(customer)).slice(-2), ['expire -300', 'expire -500'])
    assert.equal(await spendAll(customer), monthly)
  })

  test('ends with a plan that is changed, and with one that is taken away', async () => {
    const customer = await subscriber()
    const calls = [callOf(customer), callOf(customer)] as const
    await hold(ledger, calls[0], 700)
    await setPlan(pool, customer.accountId, 2 * monthly, 'test')
    await hold(ledger, calls[1], 900)
    await settle(ledger, calls[0], 100)
    await setPlan(pool, customer.accountId, 0, 'test')
    await settle(ledger, calls[1], 0)
    assert.equal((await moneyOf(books, customer)).plan, 0)
    assert.equal((await reserve(ledger, callOf(customer), 1)).granted, false)
  })

  test('of a relay that died expires when the sweep releases it; a late charge finds the new', async () => {
    const customer = await subscriber()
    const dead = books.ledger()
    await beat(pool, dead.relayId)
    const calls = await holdAll(customer, 3, dead)
    await renew(customer)
    await silence(sql, dead.relayId)
    assert.equal(await sweep(pool, ledger), 4)
    assert.equal((await moneyOf(books, customer)).plan, monthly)
    const [first] = calls
    assert.ok(first)
    assert.equal((await settle(dead, first, 1_000)).state, 'late')
    assert.equal(await spendAll(customer), monthly - 1_000)
  })

  test('expires once, however many replicas close its call, and however often', async () => {
    const customer = await subscriber()
    const call = callOf(customer)
    await hold(ledger, call, 1_000)
    await renew(customer)
    const replicas = [ledger, books.ledger(), books.ledger()]
    await Promise.all(replicas.flatMap((each) => [settle(each, call, 10), settle(each, call, 10)]))
    const expired = (await kindsOf(customer)).filter((kind) => kind === 'expire -990')
    assert.equal(expired.length, 1)
    assert.equal((await moneyOf(books, customer)).plan, monthly)
  })

  test('is told from the new period’s, while replicas renew, let in and settle at once', async () => {
    const replicas = [ledger, books.ledger(), books.ledger()]
    for (let round = 1; round <= 5; round++) {
      const customer = await subscriber()
      const calls = await holdAll(customer, 12)
      await makeDue(customer, `2026-01-0${round}`)
      const streams = calls.map(async (call, i) => {
        const via = replicas[i % 3] ?? ledger
        await settle(via, call, 0)
        const next = callOf(customer)
        if ((await reserve(via, next, 1_000)).granted) await settle(via, next, 0)
      })
      await Promise.all([...streams, ...replicas.map(() => renewPlans(pool))])
      const [last] = await sql<{ callId: Buffer }>(
        'select call_id as callId from holds where account_id = ?',
        [customer.accountId],
      )
      if (last) await settle(ledger, { ...callOf(customer), callId: last.callId }, 0)
      assert.equal(await spendAll(customer), monthly)
    }
  })
})
