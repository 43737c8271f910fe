import { rollBack, run, type Pool } from '../../db/db.server.ts'
import { lockAccount } from '../entries.ts'
import { beginPlan, canBegin, closePeriod, endPlan, type Terms } from './periods.ts'

type PlanSet =
  | { state: 'set' | 'unchanged'; renewsAt: Date | null }
  | { state: 'no such account' | 'over the limit' }

/** What the operator gives: it costs nothing, pays for every model, and ends with its month. */
const given = (creditNanos: number): Terms => ({
  planId: null,
  creditNanos,
  priceNanos: 0,
  models: null,
  rolloverNanos: 0,
  graceDays: 0,
})

/**
 * Sets the monthly plan credit of an account, from now on, in place of whatever it is subscribed
 * to: what is left of the old one expires and a new month begins. 0 ends the plan. Setting what
 * is already set changes nothing.
 */
export async function setPlan(
  pool: Pool,
  accountId: number,
  monthlyNanos: number,
  actor: string,
): Promise<PlanSet> {
  let answer: PlanSet = { state: 'no such account' }
  await pool.transact(async (db) => {
    const account = await lockAccount(db, accountId)
    if (!account) return rollBack((answer = { state: 'no such account' }).state)
    const terms = given(monthlyNanos)
    if (canBegin(account, terms, 0) === 'over the limit')
      return rollBack((answer = { state: 'over the limit' }).state)
    const old = await run(db, 'ledger/plan/read-subscription', { accountId })
    const isBought = old !== undefined && old.planId !== null
    if (!isBought && (old?.monthlyNanos ?? 0) === monthlyNanos) {
      answer = { state: 'unchanged', renewsAt: old?.renewsAt ?? null }
      return rollBack('unchanged')
    }
    // The clock is never null, which a prepared statement does not know.
    const now = (await run(db, 'ledger/now', {})).now!
    const mark = { ref: `period:${accountId}:set:${account.entrySeq}`, actor }
    if (monthlyNanos === 0) {
      await endPlan(db, account, mark)
      answer = { state: 'set', renewsAt: null }
      return answer
    }
    await closePeriod(db, account, 0, mark)
    const { renewsAt } = await beginPlan(db, account, terms, { ...mark, now })
    answer = { state: 'set', renewsAt }
    return answer
  })
  return answer
}
