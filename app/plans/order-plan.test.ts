import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { moneyOf } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { handsOn } from '../../test/payments/hands.ts'
import { startTills } from '../../test/payments/tills.ts'
import { present } from '../../test/present.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { setPlan, verify } from '../ledger/ledger.server.ts'
import { readOrder } from '../payments/payments.server.ts'
import { parseOrderId } from '../values/payments/order-id.ts'
import type { PaymentProviderName } from '../values/payments/payment-providers.ts'
import { addPlan, changeTerms, orderPlan, withdrawPlan, type PlanTerms } from './plans.server.ts'

const tills = await startTills(2)
after(tills.close)
const { books, fakes, payments } = tills
const { pool, sql } = books
afterEach(() => expectCleanBooks(pool))
const { postStripe, notifyEpay } = handsOn(tills)

const usd = 1_000_000_000
const usual = { models: null, groupName: null, rolloverNanos: 0, graceDays: 3 }
const terms = { ...usual, creditNanos: 8 * usd, priceNanos: 5 * usd }
let plans = 0
async function newPlan(more: Partial<PlanTerms> = {}) {
  const name = `Plan ${++plans}`
  const made = await addPlan(pool, name, { ...terms, ...more }, 'test')
  assert.ok(made.state === 'made')
  return { name, planId: made.id }
}
const begun = (customer: Customer, planId: number, provider: PaymentProviderName) =>
  orderPlan(payments, { accountId: customer.accountId, userId: null, planId, provider })
async function ordered(
  customer: Customer,
  planId: number,
  provider: PaymentProviderName = 'stripe',
) {
  const started = await begun(customer, planId, provider)
  if (started.state === 'refused') assert.fail(started.why)
  return tills.shown(customer, started)
}
const outcomeOf = async ({ number }: { number: string }) => {
  const order = present(await readOrder(pool, present(parseOrderId(number))))
  return [order.state, order.planOutcome]
}
const has = async (customer: Customer) => {
  const { plan, balance } = await moneyOf(books, customer)
  return [plan / usd, balance / usd]
}

test('a plan that is paid for begins with the payment, once, however often it is told', async () => {
  const { planId } = await newPlan()
  const { stripe, epay } = fakes
  const one = await ordered(await newCustomer(pool), planId)
  await stripe.pay(one.number)
  const event = stripe.eventOf('checkout.session.completed', stripe.sessionOf(one.number))
  await Promise.all([postStripe(event), postStripe(event), stripe.pay(one.number)])
  const other = await ordered(await newCustomer(pool), planId, 'epay')
  await epay.pay(other.number)
  await notifyEpay(epay.noticeOf(epay.tradeOf(other.number)))
  for (const it of [one, other]) {
    assert.deepEqual(await outcomeOf(it), ['paid', 'subscribed'])
    assert.deepEqual(await has(it), [8, 0])
    const text = 'select kind from entries where account_id = ? order by seq'
    const kinds = (await sql<{ kind: string }>(text, [it.accountId])).map(({ kind }) => kind)
    assert.deepEqual(kinds, ['topup', 'fee', 'plan'])
  }
  assert.deepEqual(await begun(one, planId, 'stripe'), { state: 'refused', why: 'has a plan' })
})

test('a plan that is withdrawn, or sold on other terms, before it is paid begins as it was ordered', async () => {
  const [gone, dearer] = [await newPlan(), await newPlan()]
  const one = await ordered(await newCustomer(pool), gone.planId)
  const other = await ordered(await newCustomer(pool), dearer.planId)
  await withdrawPlan(pool, gone.name, 'test')
  await changeTerms(pool, dearer.name, { priceNanos: 9 * usd }, 'test')
  for (const it of [one, other]) {
    await fakes.stripe.pay(it.number)
    assert.deepEqual(
      [await outcomeOf(it), await has(it)],
      [
        ['paid', 'subscribed'],
        [8, 0],
      ],
    )
  }
  const stranger = await newCustomer(pool)
  const late = await begun(stranger, gone.planId, 'stripe')
  assert.deepEqual(late, { state: 'refused', why: 'no such plan' })
})

test('a plan that cannot begin leaves its credit on the balance, and its order says why', async () => {
  const { planId } = await newPlan()
  const customer = await newCustomer(pool)
  const [first, second] = [await ordered(customer, planId), await ordered(customer, planId)]
  for (const it of [first, second]) await fakes.stripe.pay(it.number)
  assert.deepEqual(await outcomeOf(second), ['paid', 'has a plan'])
  assert.deepEqual(await has(customer), [8, 5])
  const debtor = await newCustomer(pool, { balanceNanos: usd })
  const owed = await ordered(debtor, planId)
  await sql(`update accounts set balance_held_nanos = 2000000000 where id = ?`, [debtor.accountId])
  await fakes.stripe.pay(owed.number)
  await sql(`update accounts set balance_held_nanos = 0 where id = ?`, [debtor.accountId])
  assert.deepEqual(await outcomeOf(owed), ['paid', 'not enough available'])
  assert.deepEqual(await has(debtor), [0, 6])
})

test('only what is sold to the account is ordered, and nothing that is given away', async () => {
  const customer = await newCustomer(pool)
  const { planId: free } = await newPlan({ priceNanos: 0 })
  const { planId: others } = await newPlan({ groupName: 'others' })
  for (const planId of [free, others, 999_999]) {
    const refused = await begun(customer, planId, 'stripe')
    assert.deepEqual(refused, { state: 'refused', why: 'no such plan' })
  }
  const { planId } = await newPlan()
  const without = { ...payments, providers: {} }
  const wish = { accountId: customer.accountId, userId: null, planId, provider: 'epay' } as const
  assert.deepEqual(await orderPlan(without, wish), { state: 'refused', why: 'no such provider' })
  await setPlan(pool, customer.accountId, usd, 'test')
  assert.deepEqual(await begun(customer, planId, 'epay'), { state: 'refused', why: 'has a plan' })
})

test('verify finds an order whose plan has not begun, and a plan that no order has begun', async () => {
  const { planId } = await newPlan()
  const one = await ordered(await newCustomer(pool), planId)
  await fakes.stripe.pay(one.number)
  const id = Buffer.from(one.number, 'hex')
  const found = async (change: string, back: string) => {
    await sql(`update orders set ${change} where public_id = ?`, [id])
    const { differences } = await verify(pool, readCosts)
    await sql(`update orders set ${back} where public_id = ?`, [id])
    return differences.map(({ check }) => check)
  }
  assert.deepEqual(await found('plan_id = plan_id + 1', 'plan_id = plan_id - 1'), ['orders'])
  assert.deepEqual(await found(`plan_outcome = null`, `plan_outcome = 'subscribed'`), ['orders'])
  const [{ actor } = { actor: '' }] = await sql<{ actor: string }>(
    `select actor from entries where account_id = ? and kind = 'plan'`,
    [one.accountId],
  )
  const write = `update entries set actor = ? where account_id = ? and kind = 'plan'`
  await sql(write, ['somebody', one.accountId])
  const { differences } = await verify(pool, readCosts)
  await sql(write, [actor, one.accountId])
  assert.deepEqual(
    differences.map(({ check }) => check),
    ['orders'],
  )
})
