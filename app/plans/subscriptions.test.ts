import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, describe, test } from 'node:test'

import { askOf, callOf, hold, moneyOf, reserve, settle, testBooks } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { present } from '../../test/present.ts'
import { silence } from '../../test/time/silence.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { createPool } from '../db/db.server.ts'
import {
  beat,
  credit,
  lockAccount,
  renewPlans,
  setPlan,
  subscribeLocked,
  sweep,
  verify,
  type PlanWish,
} from '../ledger/ledger.server.ts'
import {
  addPlan,
  cancelPlan,
  changePlan,
  changeTerms,
  findPlan,
  subscribe,
  withdrawPlan,
  type PlanTerms,
} from './plans.server.ts'

const usd = 1_000_000_000
const books = await testBooks()
const { pool, sql } = books
/** The relay beside this one. */
const neighbour = createPool(books.url)
after(async () => {
  await neighbour.close()
  await books.close()
})
afterEach(() => expectCleanBooks(pool))
const ledger = books.ledger()
await beat(pool, ledger.relayId)

const usual: PlanTerms = {
  creditNanos: usd,
  priceNanos: usd / 2,
  models: null,
  groupName: null,
  rolloverNanos: 0,
  graceDays: 3,
}
async function newPlan(terms: Partial<PlanTerms> = {}): Promise<number> {
  const made = await addPlan(pool, randomUUID(), { ...usual, ...terms }, 'test')
  assert.ok(made.state === 'made')
  // Few are on sale at once, and each test has its own.
  return made.id
}
const userId = 1
const join = ({ accountId }: Customer, planId: number) =>
  subscribe(pool, { accountId, planId, userId })

async function subscriber(terms: Partial<PlanTerms> = {}, balanceNanos = 10 * usd) {
  const planId = await newPlan(terms)
  const customer = await newCustomer(pool, { balanceNanos })
  assert.equal((await join(customer, planId)).state, 'subscribed')
  return { customer, planId }
}
const locked = (wish: PlanWish, { accountId }: Customer) =>
  pool.transact(async (db) => subscribeLocked(db, present(await lockAccount(db, accountId)), wish))
const topUp = ({ accountId }: Customer, balanceNanos: number) =>
  credit(pool, {
    accountId,
    kind: 'topup',
    planNanos: 0,
    balanceNanos,
    ref: randomUUID(),
    actor: 'test',
    note: null,
  })

type Standing = { renewsAt: Date; planId: number | null; inGrace: number; endsAt: Date | null }
const standingOf = async ({ accountId }: Customer) => {
  const text = `select renews_at as renewsAt, plan_id as planId, in_grace as inGrace,
                       ends_at as endsAt from subscriptions where account_id = ?`
  return (await sql<Standing>(text, [accountId]))[0]
}
/** Has the period of each end at midnight of this day, as if it had begun a month before. */
async function makeDue(customers: Customer[], day = '2026-01-31') {
  const ids = customers.map(({ accountId }) => accountId)
  await sql('update subscriptions set renews_at = ?, anchor_day = ? where account_id in (?)', [
    day,
    Number(day.slice(8)),
    ids,
  ])
}
const kindsOf = async ({ accountId }: Customer) => {
  const text = `select kind, plan_nanos / 1e9 as plan, balance_nanos / 1e9 as balance from entries
                 where account_id = ? order by seq`
  type Entry = { kind: string; plan: number; balance: number }
  const rows = await sql<Entry>(text, [accountId])
  return rows.slice(1).map(({ kind, plan, balance }) => `${kind} ${plan} ${balance}`)
}
const splitOf = async (callId: Buffer) => {
  const text = 'select plan_nanos as plan, balance_nanos as balance from calls where id = ?'
  const [row] = await sql<{ plan: number; balance: number }>(text, [callId])
  return [present(row).plan / usd, present(row).balance / usd]
}

describe('plan first, then balance', () => {
  test('a call of 1.60 with 1.00 left of the plan: 1.00 and 0.60; without a balance 402', async () => {
    const { customer } = await subscriber()
    const call = callOf(customer)
    await hold(ledger, call, 1.6 * usd)
    await settle(ledger, call, 1.6 * usd)
    assert.deepEqual(await splitOf(call.callId), [1, 0.6])
    const poor = (await subscriber({}, usd / 2)).customer
    const answer = await reserve(ledger, callOf(poor), 1.6 * usd)
    assert.ok(!answer.granted && answer.code === 'insufficient_balance')
    assert.deepEqual([answer.availableNanos, answer.heldNanos], [usd, 0])
  })

  test('what another call gave back of the plan is taken before the balance, at the end too', async () => {
    const { customer } = await subscriber()
    const [first, second] = [callOf(customer), callOf(customer)]
    await hold(ledger, first, usd)
    await hold(ledger, second, 1.6 * usd)
    await settle(ledger, first, 0.1 * usd)
    await settle(ledger, second, 1.6 * usd)
    assert.deepEqual(await splitOf(second.callId), [0.9, 0.7])
  })

  test('a call that comes late is charged likewise, of whatever the plan has by then', async () => {
    const { customer, planId } = await subscriber()
    const dead = books.ledger()
    await beat(pool, dead.relayId)
    const [late, later] = [callOf(customer), callOf(customer)]
    await hold(dead, late, 1.6 * usd)
    await hold(dead, later, 0.3 * usd)
    await silence(sql, dead.relayId)
    assert.equal(await sweep(pool, ledger), 2)
    assert.equal((await settle(dead, late, 1.6 * usd)).state, 'late')
    assert.deepEqual(await splitOf(late.callId), [1, 0.6])
    // Its plan has ended meanwhile.
    await cancelPlan(pool, { accountId: customer.accountId, userId })
    await makeDue([customer])
    await renewPlans(pool)
    assert.equal(await standingOf(customer), undefined)
    await settle(dead, later, 0.3 * usd)
    assert.deepEqual(await splitOf(later.callId), [0, 0.3])
    assert.equal((await join(customer, planId)).state, 'subscribed')
  })

  test('models that the plan does not pay for are the balance’s: held, charged, late, refused', async () => {
    const { customer } = await subscriber({ models: ['gpt-test', 'vendor/*'] }, 2 * usd)
    const elsewhere = () => callOf(customer, { model: 'elsewhere' })
    const refusal = await reserve(ledger, elsewhere(), 1.6 * usd)
    assert.ok(!refusal.granted && refusal.code === 'insufficient_balance')
    assert.deepEqual([refusal.availableNanos, refusal.otherPlanNanos], [1.5 * usd, usd])
    const other = elsewhere()
    const grant = await hold(ledger, other, usd)
    assert.deepEqual([grant.planNanos, grant.balanceNanos], [0, usd])
    const covered = callOf(customer, { model: 'vendor/any' })
    await hold(ledger, covered, 0.4 * usd)
    await settle(ledger, covered, 0.4 * usd)
    await settle(ledger, other, 0.2 * usd)
    assert.deepEqual(await splitOf(covered.callId), [0.4, 0])
    assert.deepEqual(await splitOf(other.callId), [0, 0.2])
    const lost = elsewhere()
    await hold(ledger, lost, 0.3 * usd)
    await ledger.lose({ facts: lost })
    await settle(ledger, lost, 0.3 * usd)
    assert.deepEqual(await splitOf(lost.callId), [0, 0.3])
    const free = { facts: callOf(customer), ask: askOf(1.5 * usd), lastTry: true }
    assert.ok((await ledger.reserve(free)).granted, 'both pools pay for a model of the plan')
    await settle(ledger, free.facts, 0)
  })
})

describe('a subscription', () => {
  test('asked for many times at once on two relays is paid for once', async () => {
    const planId = await newPlan()
    const customer = await newCustomer(pool, { balanceNanos: 10 * usd })
    const wish = { accountId: customer.accountId, planId, userId }
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) => subscribe(i % 2 ? pool : neighbour, wish)),
    )
    assert.equal(answers.filter(({ state }) => state === 'subscribed').length, 1)
    assert.equal(answers.filter(({ state }) => state === 'has a plan').length, 23)
    assert.deepEqual(await kindsOf(customer), ['fee 0 -0.5', 'plan 1 0'])
  })

  test('takes no more than is available, and nothing where the plan is not for everybody', async () => {
    const planId = await newPlan()
    const customer = await newCustomer(pool, { balanceNanos: usd })
    const call = callOf(customer)
    await hold(ledger, call, 0.6 * usd)
    assert.deepEqual(await join(customer, planId), {
      state: 'not enough available',
      neededNanos: usd / 2,
      availableNanos: 0.4 * usd,
    })
    await settle(ledger, call, 0)
    const closed = await newPlan({ groupName: 'friends' })
    assert.deepEqual(await join(customer, closed), { state: 'no such plan' })
    assert.deepEqual(await join(customer, 999_999), { state: 'no such plan' })
    assert.equal((await join(customer, planId)).state, 'subscribed')
  })

  test('keeps its terms when the plan is sold on others, which are another plan', async () => {
    const { customer, planId } = await subscriber()
    const [row] = await sql<{ name: string }>('select name from plans where id = ?', [planId])
    const name = present(row).name
    const changes = [changeTerms(pool, name, { priceNanos: usd }, 'test')]
    changes.push(changeTerms(neighbour, name, { priceNanos: usd }, 'test'))
    const states = (await Promise.all(changes)).map(({ state }) => state)
    assert.equal(states.filter((state) => state === 'made').length, 1)
    const sold = present(await findPlan(pool, name))
    assert.ok(sold.id !== planId && sold.priceNanos === usd && sold.creditNanos === usd)
    const late = await newCustomer(pool, { balanceNanos: 10 * usd })
    assert.equal((await join(late, planId)).state, 'no such plan')
    await makeDue([customer])
    assert.equal(await renewPlans(pool), 1)
    const renewed = ['fee 0 -0.5', 'expire -1 0', 'fee 0 -0.5', 'plan 1 0']
    assert.deepEqual((await kindsOf(customer)).toSorted(), [...renewed, 'plan 1 0'].toSorted())
    assert.equal(await withdrawPlan(pool, name, 'test'), 'withdrawn')
  })

  test('that a code has paid for costs nothing, and ends after its months', async () => {
    const planId = await newPlan()
    const customer = await newCustomer(pool)
    const wish = { planId, priceNanos: 0, months: 2, by: 'code' }
    const begun = await locked(wish, customer)
    assert.ok('state' in begun && begun.state === 'subscribed' && begun.endsAt)
    assert.ok(begun.endsAt > begun.renewsAt)
    const again = await locked(wish, customer)
    assert.deepEqual(again, { state: 'has a plan' })
    const { accountId } = customer
    assert.equal((await cancelPlan(pool, { accountId, userId })).state, 'is given')
    await makeDue([customer])
    assert.equal(await renewPlans(pool), 1)
    assert.equal((await moneyOf(books, customer)).plan, usd)
    await sql('update subscriptions set renews_at = ?, ends_at = ? where account_id = ?', [
      '2026-02-28',
      '2026-02-28',
      accountId,
    ])
    assert.equal(await renewPlans(pool), 0)
    assert.equal(await standingOf(customer), undefined)
    assert.equal((await moneyOf(books, customer)).plan, 0)
  })

  test('is replaced by what the operator gives, which pays for every model', async () => {
    const { customer } = await subscriber({ models: ['vendor/*'] })
    const { accountId } = customer
    assert.equal((await setPlan(pool, accountId, usd, 'test')).state, 'set')
    assert.equal((await standingOf(customer))?.planId, null)
    const { planNanos } = await hold(ledger, callOf(customer), 1.5 * usd)
    assert.equal(planNanos, usd)
    assert.equal((await cancelPlan(pool, { accountId, userId })).state, 'is given')
  })
})

describe('a renewal', () => {
  test('of many plans on the 31st by two relays, and by each again, is made once each', async () => {
    const planId = await newPlan()
    const customers = await Promise.all(
      Array.from({ length: 20 }, () => newCustomer(pool, { balanceNanos: 10 * usd })),
    )
    await Promise.all(customers.map((customer) => join(customer, planId)))
    await makeDue(customers, '2026-10-31')
    const runs = [pool, neighbour, pool, neighbour].map((each) => renewPlans(each, undefined, 7))
    const renewed = (await Promise.all(runs)).reduce((sum, count) => sum + count, 0)
    assert.equal(renewed, 20)
    const twice = ['fee 0 -0.5', 'plan 1 0', 'expire -1 0', 'fee 0 -0.5', 'plan 1 0']
    for (const customer of customers) {
      assert.deepEqual(await kindsOf(customer), twice)
      const next = present(await standingOf(customer)).renewsAt.toISOString()
      assert.match(next, /-(30|31|28|29)T00:00:00.000Z$/)
    }
  })

  test('that cannot be paid waits: no credit meanwhile, and a whole month from when it is', async () => {
    const { customer } = await subscriber({}, 0.8 * usd)
    await makeDue([customer])
    assert.equal(await renewPlans(pool), 0)
    const waiting = present(await standingOf(customer))
    assert.equal(waiting.inGrace, 1)
    assert.equal((await moneyOf(books, customer)).plan, 0)
    assert.equal(await renewPlans(pool), 0)
    await topUp(customer, usd)
    const runs = await Promise.all([renewPlans(pool), renewPlans(neighbour)])
    assert.deepEqual(runs.toSorted(), [0, 1])
    assert.equal(present(await standingOf(customer)).inGrace, 0)
    const kinds = await kindsOf(customer)
    assert.deepEqual(kinds.slice(2), ['expire -1 0', 'topup 0 1', 'fee 0 -0.5', 'plan 1 0'])
    const days = (present(await standingOf(customer)).renewsAt.getTime() - Date.now()) / 86_400_000
    assert.ok(days > 26 && days <= 31, 'the new month began today')
  })

  test('that is never paid is the end when its days are over; without such days at once', async () => {
    const { customer } = await subscriber({}, 0.8 * usd)
    const { customer: hasty } = await subscriber({ graceDays: 0 }, 0.8 * usd)
    await makeDue([customer, hasty])
    await renewPlans(pool)
    assert.equal(await standingOf(hasty), undefined)
    await makeDue([customer])
    await renewPlans(pool)
    assert.equal(await standingOf(customer), undefined)
    const { customer: leaver, planId } = await subscriber({}, 0.8 * usd)
    await makeDue([leaver])
    await renewPlans(pool)
    const { accountId } = leaver
    assert.deepEqual(await cancelPlan(pool, { accountId, userId }), { state: 'ended' })
    await topUp(leaver, usd)
    assert.equal((await join(leaver, planId)).state, 'subscribed')
  })

  test('goes on with another plan where one was chosen, and with none where it was canceled', async () => {
    const { customer } = await subscriber()
    const { accountId } = customer
    const better = await newPlan({ creditNanos: 3 * usd, priceNanos: 2 * usd })
    const change = { accountId, userId, planId: better }
    assert.equal((await changePlan(pool, change)).state, 'changed')
    assert.equal((await changePlan(pool, change)).state, 'unchanged')
    assert.equal((await moneyOf(books, customer)).plan, usd)
    await makeDue([customer])
    await renewPlans(pool)
    assert.deepEqual((await kindsOf(customer)).slice(-2), ['fee 0 -2', 'plan 3 0'])
    assert.equal((await cancelPlan(pool, change)).state, 'changed')
    assert.equal((await changePlan(pool, { ...change, planId: null })).state, 'changed')
    assert.equal((await cancelPlan(pool, change)).state, 'changed')
    await makeDue([customer], '2026-03-31')
    assert.equal(await renewPlans(pool), 0)
    assert.equal(await standingOf(customer), undefined)
    assert.equal((await kindsOf(customer)).at(-1), 'expire -3 0')
  })

  test('within the second of a change is one of the two, and never both', async () => {
    const better = await newPlan({ creditNanos: 3 * usd, priceNanos: 2 * usd })
    for (let round = 0; round < 6; round++) {
      const { customer } = await subscriber()
      const { accountId } = customer
      await makeDue([customer])
      const [, change] = await Promise.all([
        renewPlans(neighbour),
        changePlan(pool, { accountId, userId, planId: better }),
        renewPlans(pool),
      ])
      assert.equal(change.state, 'changed')
      const kinds = (await kindsOf(customer)).slice(3)
      const { planId } = present(await standingOf(customer))
      const was = planId === better ? ['fee 0 -2', 'plan 3 0'] : ['fee 0 -0.5', 'plan 1 0']
      assert.deepEqual(kinds, was)
    }
  })

  test('keeps what rolls over, up to its cap, also what calls hold over the end', async () => {
    const { customer } = await subscriber({ rolloverNanos: 0.7 * usd })
    const call = callOf(customer)
    await hold(ledger, call, 0.2 * usd)
    await makeDue([customer], '2026-01-31')
    await renewPlans(pool)
    assert.equal((await moneyOf(books, customer)).plan, 1.7 * usd)
    await settle(ledger, call, 0)
    assert.equal((await moneyOf(books, customer)).plan, 1.7 * usd)
    const large = callOf(customer)
    await hold(ledger, large, 0.9 * usd)
    await makeDue([customer], '2026-02-28')
    await renewPlans(pool)
    await settle(ledger, large, 0)
    // More than may roll over was held: what it gave back has ended, what was free has stayed.
    assert.equal((await moneyOf(books, customer)).plan, 1.7 * usd)
  })
})

test('verify finds a fee without a period, a period without its credit, and credit for others', async () => {
  const { customer } = await subscriber({ models: ['vendor/*'] })
  const { accountId } = customer
  const checksAfter = async (text: string, undo: string) => {
    await sql(text, [accountId])
    const { differences } = await verify(pool, readCosts)
    await sql(undo, [accountId])
    return [...new Set(differences.map(({ check }) => check))]
  }
  const period = 'update plan_periods set'
  const of = 'where account_id = ?'
  const ref = `concat('x', ref)`
  assert.deepEqual(
    await checksAfter(`${period} ref = ${ref} ${of}`, `${period} ref = substring(ref, 2) ${of}`),
    ['plan periods', 'plan entries'],
  )
  assert.deepEqual(
    await checksAfter(
      `${period} fee_ref = concat('x', fee_ref) ${of}`,
      `${period} fee_ref = substring(fee_ref, 2) ${of}`,
    ),
    ['plan periods', 'plan entries'],
  )
  assert.deepEqual(
    await checksAfter(
      `${period} price_nanos = price_nanos + 1 ${of}`,
      `${period} price_nanos = price_nanos - 1 ${of}`,
    ),
    ['plan periods'],
  )
  assert.deepEqual(
    await checksAfter(
      `update accounts set plan_models = null where id = ?`,
      `update accounts set plan_models = '["vendor/*"]' where id = ?`,
    ),
    ['subscriptions'],
  )
})
