import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { limits } from '../config/limits.ts'
import { callOf, hold, moneyOf, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { credit, renewPlans, setPlan, type Credit } from './ledger.server.ts'
import { nextRenewal } from './plan/periods.ts'

const books = await testBooks()
after(books.close)
afterEach(() => expectCleanBooks(books.pool))
const ledger = books.ledger()
const { pool, sql } = books

const give = ({ accountId }: Pick<Customer, 'accountId'>, more: Partial<Credit> = {}) =>
  credit(pool, {
    accountId,
    kind: 'topup',
    planNanos: 0,
    balanceNanos: 100,
    ref: randomUUID(),
    actor: 'test',
    note: null,
    ...more,
  })
const entriesOf = async ({ accountId }: Customer) => {
  const text = `select kind, plan_nanos as plan, balance_nanos as balance from entries
                 where account_id = ? order by seq`
  const rows = await sql<{ kind: string; plan: number; balance: number }>(text, [accountId])
  return rows.map(({ kind, plan, balance }) => [kind, plan, balance])
}
const statesOf = (results: { state: string }[]) => results.map(({ state }) => state).sort()

describe('a credit', () => {
  test('is given once, however often and from however many sides its ref comes in', async () => {
    const customer = await newCustomer(pool)
    const ref = randomUUID()
    const results = await Promise.all(Array.from({ length: 20 }, () => give(customer, { ref })))
    assert.equal(statesOf(results).filter((state) => state === 'credited').length, 1)
    assert.equal(statesOf(results).filter((state) => state === 'repeated').length, 19)
    assert.deepEqual(await entriesOf(customer), [['topup', 0, 100]])
  })

  test('with one ref for many accounts at once goes to one of them', async () => {
    const customers = await Promise.all(Array.from({ length: 6 }, () => newCustomer(pool)))
    const ref = randomUUID()
    const results = await Promise.all(customers.map((customer) => give(customer, { ref })))
    assert.deepEqual(statesOf(results), ['credited', ...Array<string>(5).fill('repeated')])
    const money = await Promise.all(customers.map((customer) => moneyOf(books, customer)))
    assert.equal(
      money.reduce((total, { balance }) => total + balance, 0),
      100,
    )
  })

  test('cannot make an account richer than a number can say', async () => {
    const customer = await newCustomer(pool, { balanceNanos: limits.accounts.nanosMax - 99 })
    assert.deepEqual(await give(customer), { state: 'refused', why: 'over the limit' })
    assert.equal((await give(customer, { balanceNanos: 99 })).state, 'credited')
  })

  test('goes to an account that is there', async () => {
    const nobody = { accountId: 999_999_999 }
    assert.deepEqual(await give(nobody), { state: 'refused', why: 'no such account' })
  })

  test('that takes money takes only what is neither spent nor held, of each pool', async () => {
    const customer = await newCustomer(pool, { planNanos: 50, balanceNanos: 100 })
    const call = callOf(customer)
    await hold(ledger, call, 70)
    const refused = { state: 'refused', why: 'not enough available' }
    assert.deepEqual(await give(customer, { kind: 'adjust', balanceNanos: -81 }), refused)
    assert.deepEqual(
      await give(customer, { kind: 'adjust', planNanos: -1, balanceNanos: 0 }),
      refused,
    )
    assert.equal((await give(customer, { kind: 'adjust', balanceNanos: -80 })).state, 'credited')
    await settle(ledger, call, 70)
    assert.deepEqual(await moneyOf(books, customer), {
      plan: 0,
      planHeld: 0,
      balance: 0,
      balanceHeld: 0,
    })
  })

  test('in the midst of calls loses neither itself nor a charge', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 10_000 })
    const calls = Array.from({ length: 40 }, () => callOf(customer))
    const live = async (call: (typeof calls)[number]) => {
      await hold(ledger, call, 100)
      await settle(ledger, call, 30)
    }
    await Promise.all([...calls.map(live), ...calls.slice(20).map(() => give(customer))])
    assert.equal((await moneyOf(books, customer)).balance, 10_000 - 40 * 30 + 20 * 100)
  })
})

/** Makes the plan due, as if it had been set earlier. Each day named must be new to the account. */
const makeDue = ({ accountId }: Customer, day: string) =>
  sql('update subscriptions set renews_at = ? where account_id = ?', [day, accountId])
const subscriptionOf = async ({ accountId }: Customer) => {
  const text =
    'select anchor_day as anchor, renews_at as at from subscriptions where account_id = ?'
  return (await sql<{ anchor: number; at: Date }>(text, [accountId]))[0]
}

describe('a plan', () => {
  test('gives its credit at once, again when it changes, and not when it does not', async () => {
    const customer = await newCustomer(pool)
    const { accountId } = customer
    const first = await setPlan(pool, accountId, 100, 'admin')
    assert.equal(first.state, 'set')
    assert.equal((await setPlan(pool, accountId, 100, 'admin')).state, 'unchanged')
    await setPlan(pool, accountId, 250, 'admin')
    await setPlan(pool, accountId, 0, 'admin')
    assert.equal((await setPlan(pool, accountId, 0, 'admin')).state, 'unchanged')
    assert.deepEqual(await entriesOf(customer), [
      ['plan', 100, 0],
      ['expire', -100, 0],
      ['plan', 250, 0],
      ['expire', -250, 0],
    ])
    assert.equal(await subscriptionOf(customer), undefined)
  })

  test('is set once by many who set it at once', async () => {
    const customer = await newCustomer(pool)
    const sets = Array.from({ length: 8 }, () => setPlan(pool, customer.accountId, 70, 'admin'))
    assert.equal(statesOf(await Promise.all(sets)).filter((state) => state === 'set').length, 1)
    assert.deepEqual(await entriesOf(customer), [['plan', 70, 0]])
  })

  test('that is set anew is renewed from the day it was set, not from its first day', async () => {
    const customer = await newCustomer(pool)
    await setPlan(pool, customer.accountId, 100, 'admin')
    await sql('update subscriptions set anchor_day = 31 where account_id = ?', [customer.accountId])
    const today = async () =>
      present((await sql<{ day: number }>('select day(utc_timestamp()) as day'))[0]).day
    const before = await today()
    const again = await setPlan(pool, customer.accountId, 200, 'admin')
    assert.ok('renewsAt' in again)
    const { anchor, at } = present(await subscriptionOf(customer))
    assert.deepEqual(at, again.renewsAt)
    assert.ok([before, await today()].includes(anchor))
  })

  test('is renewed once by many replicas; what is left of the month before expires', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 5 })
    await setPlan(pool, customer.accountId, 100, 'admin')
    const call = callOf(customer)
    await hold(ledger, call, 30)
    await settle(ledger, call, 30)
    await makeDue(customer, '2026-01-31')
    const renewed = await Promise.all([1, 2, 3, 4].map(() => renewPlans(pool)))
    assert.deepEqual(renewed.sort(), [0, 0, 0, 1])
    const entries = await entriesOf(customer)
    assert.deepEqual(entries.slice(-2), [
      ['expire', -70, 0],
      ['plan', 100, 0],
    ])
    assert.equal(await renewPlans(pool), 0)
    const { at } = present(await subscriptionOf(customer))
    assert.ok(at > new Date(), 'months in which nothing ran are not made up for')
  })

  test('leaves open holds their part of the old credit, and expires it when they close', async () => {
    const customer = await newCustomer(pool)
    await setPlan(pool, customer.accountId, 100, 'admin')
    const call = callOf(customer)
    await hold(ledger, call, 40)
    await makeDue(customer, '2026-02-03')
    assert.equal(await renewPlans(pool), 1)
    const { plan, planHeld } = await moneyOf(books, customer)
    assert.deepEqual([plan, planHeld], [140, 40])
    await settle(ledger, call, 25)
    assert.equal((await moneyOf(books, customer)).plan, 100)
    assert.deepEqual((await entriesOf(customer)).slice(-2), [
      ['charge', -25, 0],
      ['expire', -15, 0],
    ])
  })

  test('is renewed although calls of the account never stop', async () => {
    const customer = await newCustomer(pool, { balanceNanos: 1_000 })
    await setPlan(pool, customer.accountId, 50, 'admin')
    const spend = async () => {
      const call = callOf(customer)
      await hold(ledger, call, 10)
      await settle(ledger, call, 10)
    }
    const busy = Promise.all(Array.from({ length: 30 }, spend))
    await makeDue(customer, '2026-02-05')
    assert.equal(await renewPlans(pool), 1)
    await busy
  })
})

test('a month after the 31st is the last day of the next month, and then the 31st again', () => {
  const days = ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'].map((day) => new Date(day))
  for (let i = 0; i + 1 < days.length; i++)
    assert.deepEqual(nextRenewal(present(days[i]), 31), days[i + 1])
  assert.deepEqual(nextRenewal(new Date('2027-12-15T13:00:00Z'), 15), new Date('2028-01-15'))
  assert.deepEqual(nextRenewal(new Date('2028-01-30'), 30), new Date('2028-02-29'))
})
