import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { askOf, callOf, hold, moneyOf, reserve, settle } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'
import { byOwner } from '../../test/owner.ts'
import { testPlans, usd } from '../../test/ledger/plans.ts'
import { present } from '../../test/present.ts'
import { silence } from '../../test/time/silence.ts'
import { beat, renewPlans, setPlan, sweep } from '../ledger/ledger.server.ts'
import {
  cancelPlan,
  changePlan,
  changeTerms,
  findPlan,
  subscribe,
  withdrawPlan,
} from './plans.server.ts'

const plans = await testPlans()
const { books, neighbour, newPlan, join, subscriber, locked, standingOf, makeDue, kindsOf } = plans
const { pool, sql } = books
const ledger = books.ledger()
await beat(pool, ledger.relayId)
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
    await cancelPlan(pool, await byOwner(pool, customer))
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
    const wish = { ...(await byOwner(pool, customer)), planId }
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
    assert.equal((await cancelPlan(pool, await byOwner(pool, customer))).state, 'is given')
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

  test('that follows months that a code has paid for is kept in mind, and then renewed', async () => {
    const planId = await newPlan()
    const [another, same] = [await newPlan({ creditNanos: 2 * usd }), planId]
    for (const follows of [another, same]) {
      const customer = await newCustomer(pool, { balanceNanos: 10 * usd })
      const { accountId } = customer
      const renew = async (day: string, last: boolean) => {
        await makeDue([customer], day)
        if (last)
          await sql(`update subscriptions set ends_at = renews_at where account_id = ?`, [
            accountId,
          ])
        assert.equal(await renewPlans(pool), 1)
        const { planId: id, endsAt } = present(await standingOf(customer))
        return [id, endsAt === null]
      }
      await locked({ planId, priceNanos: 0, months: 2, by: 'code' }, customer)
      assert.equal(
        (await changePlan(pool, { ...(await byOwner(pool, customer)), planId: follows })).state,
        'changed',
      )
      assert.deepEqual(await renew('2026-01-31', false), [planId, false])
      assert.deepEqual(await renew('2026-02-28', true), [follows, true])
      assert.deepEqual(await renew('2026-03-31', false), [follows, true])
      assert.equal((await moneyOf(books, customer)).balance, 9 * usd)
    }
  })

  test('is replaced by what the operator gives, which pays for every model', async () => {
    const { customer } = await subscriber({ models: ['vendor/*'] })
    const { accountId } = customer
    assert.equal((await setPlan(pool, accountId, usd, 'test')).state, 'set')
    assert.equal((await standingOf(customer))?.planId, null)
    const { planNanos } = await hold(ledger, callOf(customer), 1.5 * usd)
    assert.equal(planNanos, usd)
    assert.equal((await cancelPlan(pool, await byOwner(pool, customer))).state, 'is given')
  })
})
