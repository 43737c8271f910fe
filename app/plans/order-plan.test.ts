import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { callOf, hold, moneyOf, reserve, settle } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { handsOn } from '../../test/payments/hands.ts'
import { startTills } from '../../test/payments/tills.ts'
import { present } from '../../test/present.ts'
import { limits } from '../config/limits.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { readOverview } from '../billing/billing.server.ts'
import { readStanding, type Caller } from '../keys/keys.server.ts'
import { credit, renewPlans, setPlan, verify } from '../ledger/ledger.server.ts'
import { askProvider, readOrder, refundOrder } from '../payments/payments.server.ts'
import { parseOrderId } from '../values/payments/order-id.ts'
import type { PaymentProviderName } from '../values/payments/payment-providers.ts'
import { addPlan, changeTerms, orderPlan, withdrawPlan, type PlanTerms } from './plans.server.ts'

const tills = await startTills(2)
after(tills.close)
const { books, fakes, payments } = tills
const { pool, sql } = books
afterEach(() => expectCleanBooks(pool))
const { postStripe, notifyEpay, expire } = handsOn(tills)

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

test('a plan that was paid for in time, without room for its credit, begins when there is room', async () => {
  const { planId, name } = await newPlan()
  const one = await ordered(await newCustomer(pool), planId)
  const give = (balanceNanos: number) =>
    credit(pool, {
      accountId: one.accountId,
      kind: 'adjust',
      planNanos: 0,
      balanceNanos,
      actor: 'test',
      note: null,
      ref: `${name} ${balanceNanos}`,
    })
  await give(limits.accounts.nanosMax)
  await fakes.stripe.pay(one.number)
  assert.deepEqual(await outcomeOf(one), ['unclear', null])
  await withdrawPlan(pool, name, 'test')
  await give(-limits.accounts.nanosMax)
  const order = present(await readOrder(pool, present(parseOrderId(one.number))))
  await askProvider(payments, order, true)
  assert.deepEqual(await outcomeOf(one), ['paid', 'subscribed'])
  assert.deepEqual(await has(one), [8, 0])
})

test('a plan that is paid for after its order has ended begins only while it is sold like that', async () => {
  const [still, gone, dearer, others] = [
    await newPlan(),
    await newPlan(),
    await newPlan(),
    await newPlan(),
  ]
  const orders = []
  for (const { planId } of [still, gone, dearer, others])
    orders.push(await ordered(await newCustomer(pool), planId, 'epay'))
  await withdrawPlan(pool, gone.name, 'test')
  await changeTerms(pool, dearer.name, { priceNanos: 9 * usd }, 'test')
  await sql(`update plans set group_name = 'others' where id = ?`, [others.planId])
  const ends = []
  for (const it of orders) {
    await expire(it)
    fakes.epay.tradeOf(it.number).status = 1
    await askProvider(payments, present(await readOrder(pool, present(parseOrderId(it.number)))))
    ends.push([...(await outcomeOf(it)), ...(await has(it))])
  }
  const credited = ['paid', 'sold no more', 0, 5]
  assert.deepEqual(ends, [['paid', 'subscribed', 8, 0], credited, credited, credited])
})

test('a plan whose payment is taken back pays for no call until nothing is owed', async () => {
  const { planId } = await newPlan()
  const { stripe } = fakes
  const ledger = books.ledger()
  const one = await ordered(await newCustomer(pool), planId)
  await stripe.pay(one.number)
  const { disputed, won } = { disputed: 'charge.dispute.created', won: 'charge.dispute.closed' }
  const seen = async () => {
    const answer = await reserve(ledger, callOf(one), 1)
    const caller = { keyId: one.keyId, accountId: one.accountId, secretNo: 0 }
    const standing = await readStanding(pool, caller satisfies Caller, '127.0.0.1')
    const { availableNanos } = await readOverview(pool, one.accountId, new Date())
    if (!answer.granted && answer.code !== 'count_first')
      assert.equal(answer.availableNanos, availableNanos)
    assert.equal(standing?.availableNanos, availableNanos)
    return ['code' in answer ? answer.code : 'let in', availableNanos / usd]
  }
  assert.equal((await seen())[0], 'let in')
  await stripe.dispute(one.number, 500, { type: disputed, id: 'dp_back' })
  assert.deepEqual(await has(one), [8, -5])
  assert.deepEqual(await seen(), ['insufficient_balance', -5])
  await stripe.dispute(one.number, 500, { type: won, status: 'won', id: 'dp_back' })
  assert.equal((await seen())[0], 'let in')
  const order = present(await readOrder(pool, present(parseOrderId(one.number))))
  // The plan ends with its payment, and what is unused of its price comes back.
  await refundOrder(payments, order, { amountMinor: null, actor: 'test' })
  assert.equal((await seen())[0], 'insufficient_balance')
  const paid = { accountId: one.accountId, planNanos: 0, balanceNanos: 5 * usd, ref: one.number }
  await credit(pool, { kind: 'grant', actor: 'test', note: null, ...paid })
  assert.equal((await seen())[0], 'let in')
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

test('whose balance is below zero pays that with the price, and the plan begins', async () => {
  const { planId } = await newPlan()
  const customer = await newCustomer(pool)
  const first = await ordered(customer, planId)
  await fakes.stripe.pay(first.number)
  await setPlan(pool, customer.accountId, 0, 'test')
  await fakes.stripe.dispute(first.number, 500, { id: 'dp_of_debtor' })
  assert.deepEqual(await has(customer), [0, -5])
  const second = await ordered(customer, planId)
  assert.equal(fakes.stripe.sessionOf(second.number).amount_total, 1_000)
  await fakes.stripe.pay(second.number)
  assert.deepEqual(await outcomeOf(second), ['paid', 'subscribed'])
  assert.deepEqual(await has(customer), [8, 0])
})

const lost = { type: 'charge.dispute.closed', status: 'lost' }
const kindsOf = async ({ accountId }: Customer) => {
  const text = `select kind, (plan_nanos + balance_nanos) / 1e9 as dollars
                  from entries where account_id = ? order by seq`
  const entries = await sql<{ kind: string; dollars: string }>(text, [accountId])
  return entries.map(({ kind, dollars }) => `${kind} ${Number(dollars)}`)
}
const spend = async (customer: Customer, nanos: number) => {
  const ledger = books.ledger()
  const call = callOf(customer)
  await hold(ledger, call, nanos)
  await settle(ledger, call, nanos)
}

test('a payment that went back for good ends its plan, and what is unused of its price comes back, once', async () => {
  const { planId } = await newPlan()
  const begin = async () => {
    const one = await ordered(await newCustomer(pool), planId)
    await fakes.stripe.pay(one.number)
    return one
  }
  const [refunded, disputed] = [await begin(), await begin()]
  await spend(refunded, 2 * usd)
  // A part leaves the plan as it is; the rest ends it.
  await fakes.stripe.refundElsewhere(refunded.number, 200, { id: 're_part' })
  assert.deepEqual(await has(refunded), [6, -2])
  const rest = () => fakes.stripe.refundElsewhere(refunded.number, 300, { id: 're_rest' })
  await Promise.all([rest(), rest(), rest()])
  // Three quarters of the credit were unused: 3.75 of 5.
  assert.deepEqual(await has(refunded), [0, -1.25])
  assert.deepEqual(await outcomeOf(refunded), ['refunded', 'ended'])
  const kinds = ['topup 5', 'fee -5', 'plan 8', 'charge -2', 'refund -2', 'refund -3']
  assert.deepEqual(await kindsOf(refunded), [...kinds, 'expire -6', 'fee 3.75'])
  // While a dispute is open the plan stands; it may be won.
  await fakes.stripe.dispute(disputed.number, 500, { id: 'dp_plan' })
  assert.deepEqual(await has(disputed), [8, -5])
  const close = () => fakes.stripe.dispute(disputed.number, 500, { ...lost, id: 'dp_plan' })
  await Promise.all([close(), close()])
  assert.deepEqual(await has(disputed), [0, 0])
  // A bank that thinks again gives the credit, and the plan may be begun anew.
  await fakes.stripe.dispute(disputed.number, 500, { ...lost, status: 'won', id: 'dp_plan' })
  assert.deepEqual(await has(disputed), [0, 5])
  assert.deepEqual(await outcomeOf(disputed), ['paid', 'ended'])
  for (const it of [refunded, disputed])
    assert.deepEqual(
      await sql('select 1 from subscriptions where account_id = ?', [it.accountId]),
      [],
    )
})

test('a later month that the balance has paid runs to its end, and what was begun anew is left alone', async () => {
  const { planId } = await newPlan()
  const begin = async () => {
    const one = await ordered(await newCustomer(pool, { balanceNanos: 20 * usd }), planId)
    await fakes.stripe.pay(one.number)
    return one
  }
  const [later, anew] = [await begin(), await begin()]
  const due = `update subscriptions set renews_at = '2026-01-31', anchor_day = 31 where account_id = ?`
  await sql(due, [later.accountId])
  await renewPlans(pool)
  await setPlan(pool, anew.accountId, 0, 'test')
  const again = await ordered(anew, planId)
  await fakes.stripe.pay(again.number)
  for (const it of [later, anew])
    await fakes.stripe.refundElsewhere(it.number, 500, { id: `re_${it.number}` })
  const text = `select canceled_at is not null as isCanceled from subscriptions where account_id = ?`
  const canceled = async ({ accountId }: Customer) =>
    (await sql<{ isCanceled: number }>(text, [accountId])).map((it) => it.isCanceled)
  assert.deepEqual([await canceled(later), await canceled(anew)], [[1], [0]])
  // Each order says what became of its plan, and not that it has ended where it goes on.
  assert.deepEqual(await outcomeOf(later), ['refunded', 'canceled'])
  assert.deepEqual(await outcomeOf(anew), ['refunded', 'over'])
  assert.deepEqual(await has(later), [8, 10])
  assert.deepEqual(await has(anew), [8, 15])
})

test('a plan is taken back with its order whatever the account had before, in the same moment too', async () => {
  const { planId } = await newPlan()
  const customer = await newCustomer(pool)
  await setPlan(pool, customer.accountId, usd, 'test')
  await setPlan(pool, customer.accountId, 0, 'test')
  const one = await ordered(customer, planId)
  await fakes.stripe.pay(one.number)
  const { accountId } = customer
  await sql(`update plan_periods set began_at = '2026-01-31 12:00:00' where account_id = ?`, [
    accountId,
  ])
  await fakes.stripe.refundElsewhere(one.number, 500, { id: 're_same_moment' })
  assert.deepEqual(await outcomeOf(one), ['refunded', 'ended'])
  assert.deepEqual(await has(one), [0, 0])
})

test('verify finds a fee that came back otherwise than its credit has expired', async () => {
  const { planId } = await newPlan()
  const one = await ordered(await newCustomer(pool), planId)
  await fakes.stripe.pay(one.number)
  await fakes.stripe.refundElsewhere(one.number, 500, { id: 're_verified' })
  const write = (was: string, ref: string) =>
    sql(`update entries set ref = replace(ref, ?, ?) where account_id = ? and kind = 'fee'`, [
      was,
      ref,
      one.accountId,
    ])
  await write('back:', 'gone:')
  const { differences } = await verify(pool, readCosts)
  await write('gone:', 'back:')
  assert.deepEqual(
    [...new Set(differences.map(({ check }) => check))],
    ['plan periods', 'plan entries'],
  )
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
