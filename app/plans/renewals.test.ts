import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { callOf, hold, moneyOf, settle } from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { byOwner } from '../../test/owner.ts'
import { testPlans, usd } from '../../test/ledger/plans.ts'
import { present } from '../../test/present.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { renewPlans, verify } from '../ledger/ledger.server.ts'
import { cancelPlan, changePlan } from './plans.server.ts'

const { books, neighbour, newPlan, join, subscriber, topUp, standingOf, makeDue, kindsOf } =
  await testPlans()
const { pool, sql } = books
const ledger = books.ledger()

describe('a renewal', () => {
  test('of many plans on the 31st by two relays, and by each again, is made once each', async () => {
    const planId = await newPlan()
    const customers = await Promise.all(
      Array.from({ length: 20 }, () => newCustomer(pool, { balanceNanos: 10 * usd })),
    )
    for (const customer of customers) await join(customer, planId)
    await makeDue(customers, '2026-10-31')
    const runs = [pool, neighbour, pool, neighbour].map((each) =>
      renewPlans(each, undefined, { rows: 7 }),
    )
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
    assert.deepEqual(await cancelPlan(pool, await byOwner(pool, leaver)), { state: 'ended' })
    await topUp(leaver, usd)
    assert.equal((await join(leaver, planId)).state, 'subscribed')
  })

  test('that an account has no room for is left out, costs nothing, and is looked at again with the next', async () => {
    const { customer } = await subscriber()
    const { accountId } = customer
    const better = await newPlan({ creditNanos: 5 * usd, priceNanos: usd })
    const change = { ...(await byOwner(pool, customer)), planId: better }
    assert.equal((await changePlan(pool, change)).state, 'changed')
    const { balance } = await moneyOf(books, customer)
    await topUp(customer, limits.accounts.nanosMax - usd - balance)
    await makeDue([customer])
    const skipped: number[] = []
    const renew = () => renewPlans(pool, undefined, { onSkipped: (id) => skipped.push(id) })
    assert.deepEqual([await renew(), await renew()], [0, 0])
    assert.deepEqual(skipped, [accountId])
    assert.equal((await kindsOf(customer)).at(-1), 'expire -1 0')
    const standing = present(await standingOf(customer))
    assert.ok(standing.renewsAt.getTime() > Date.now())
    assert.equal((await moneyOf(books, customer)).plan, 0)
    await expectCleanBooks(pool)
    const call = callOf(customer)
    await hold(ledger, call, 4 * usd)
    await settle(ledger, call, 4 * usd)
    await makeDue([customer])
    assert.equal(await renew(), 1)
    // What was wished for is not forgotten meanwhile.
    assert.deepEqual((await kindsOf(customer)).slice(-2), ['fee 0 -1', 'plan 5 0'])
  })

  test('goes on with another plan where one was chosen, and with none where it was canceled', async () => {
    const { customer } = await subscriber()
    const better = await newPlan({ creditNanos: 3 * usd, priceNanos: 2 * usd })
    const change = { ...(await byOwner(pool, customer)), planId: better }
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
      const owner = await byOwner(pool, customer)
      await makeDue([customer])
      const [, change] = await Promise.all([
        renewPlans(neighbour),
        changePlan(pool, { ...owner, planId: better }),
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
