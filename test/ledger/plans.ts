import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach } from 'node:test'

import { createPool } from '../../app/db/db.server.ts'
import {
  credit,
  lockAccount,
  subscribeLocked,
  type PlanWish,
} from '../../app/ledger/ledger.server.ts'
import { addPlan, subscribe, type PlanTerms } from '../../app/plans/plans.server.ts'
import { testBooks } from '../books.ts'
import { expectCleanBooks } from '../clean-books.ts'
import { newCustomer, type Customer } from '../customer.ts'
import { byOwner } from '../owner.ts'
import { present } from '../present.ts'

export const usd = 1_000_000_000

const usual: PlanTerms = {
  creditNanos: usd,
  priceNanos: usd / 2,
  models: null,
  groupName: null,
  rolloverNanos: 0,
  graceDays: 3,
}
type Standing = { renewsAt: Date; planId: number | null; inGrace: number; endsAt: Date | null }

/** Books with plans on sale and people who have them, clean after each test; and a second relay's pool. */
export async function testPlans() {
  const books = await testBooks()
  const { pool, sql } = books
  const neighbour = createPool(books.url)
  after(async () => {
    await neighbour.close()
    await books.close()
  })
  afterEach(() => expectCleanBooks(pool))

  async function newPlan(terms: Partial<PlanTerms> = {}): Promise<number> {
    const made = await addPlan(pool, randomUUID(), { ...usual, ...terms }, 'test')
    assert.ok(made.state === 'made')
    return made.id
  }
  const join = async (customer: Customer, planId: number) =>
    subscribe(pool, { ...(await byOwner(pool, customer)), planId })
  return {
    books,
    neighbour,
    newPlan,
    join,
    async subscriber(terms: Partial<PlanTerms> = {}, balanceNanos = 10 * usd) {
      const planId = await newPlan(terms)
      const customer = await newCustomer(pool, { balanceNanos })
      assert.equal((await join(customer, planId)).state, 'subscribed')
      return { customer, planId }
    },
    /** As a code or an order does it, within a transaction of its own. */
    locked: (wish: PlanWish, { accountId }: Customer) =>
      pool.transact(async (db) =>
        subscribeLocked(db, present(await lockAccount(db, accountId)), wish),
      ),
    topUp({ accountId }: Customer, balanceNanos: number) {
      const ref = randomUUID()
      const paid = { accountId, kind: 'topup', planNanos: 0, balanceNanos, ref } as const
      return credit(pool, { ...paid, actor: 'test', note: null })
    },
    async standingOf({ accountId }: Customer) {
      const text = `select renews_at as renewsAt, plan_id as planId, in_grace as inGrace,
                           ends_at as endsAt from subscriptions where account_id = ?`
      return (await sql<Standing>(text, [accountId]))[0]
    },
    /** Has the period of each end at midnight of this day, as if it had begun a month before. */
    async makeDue(customers: Customer[], day = '2026-01-31') {
      const ids = customers.map(({ accountId }) => accountId)
      await sql('update subscriptions set renews_at = ?, anchor_day = ? where account_id in (?)', [
        day,
        Number(day.slice(8)),
        ids,
      ])
    },
    /** What was booked, in dollars, but for what the customer came with. */
    async kindsOf({ accountId }: Customer) {
      const text = `select kind, plan_nanos / 1e9 as plan, balance_nanos / 1e9 as balance
                      from entries where account_id = ? order by seq`
      type Entry = { kind: string; plan: number; balance: number }
      const rows = await sql<Entry>(text, [accountId])
      return rows.slice(1).map(({ kind, plan, balance }) => `${kind} ${plan} ${balance}`)
    },
  }
}
