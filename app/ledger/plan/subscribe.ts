import { run, type Db } from '../../db/db.server.ts'
import { balanceAvailable, type AccountState } from '../decide.ts'
import { beginPlan, canBegin, closePeriod, keptOver, termsOf, type Terms } from './periods.ts'

/** What is subscribed to, and for whom it is what price. */
export type PlanWish = {
  planId: number
  /** What each period costs: the plan's own price unless it is given, 0 where a code has paid. */
  priceNanos?: number
  /** It ends after so many; else it is renewed until it is canceled. */
  months?: number
  /** Who wished for it, for the entries. */
  by: string
}

export type Subscribed =
  | { state: 'subscribed'; name: string; creditNanos: number; renewsAt: Date; endsAt: Date | null }
  | { state: 'no such plan' | 'has a plan' | 'over the limit' }
  | { state: 'not enough available'; neededNanos: number; availableNanos: number }

/** The terms by which a plan is begun, be it on sale or not. */
export async function readTerms(db: Db, planId: number): Promise<(Terms & PlanRow) | undefined> {
  const plan = await run(db, 'ledger/plan/read-plan', { id: planId })
  return plan && { ...plan, planId }
}
type PlanRow = { name: string; onSale: number; groupName: string | null }

/** Whether a plan is on sale to accounts of this group. */
export const isSoldTo = (plan: Pick<PlanRow, 'onSale' | 'groupName'>, group: string | null) =>
  plan.onSale === 1 && (plan.groupName === null || plan.groupName === group)

/**
 * The terms of a plan that is on sale to an account now: it may have been taken off since it was
 * shown. Terms never change, so that what is on sale is what was ordered: others are another plan.
 */
export async function readOffer(db: Db, accountId: number, planId: number) {
  const plan = await readTerms(db, planId)
  const group = await run(db, 'ledger/plan/read-group', { accountId })
  return plan && isSoldTo(plan, group?.groupName ?? null) ? plan : undefined
}

/**
 * Begins a subscription at once, within a transaction that has locked the account (`lockAccount`):
 * takes the price from the balance and gives the credit of the first month. Anything but
 * `subscribed` has written nothing, so that the rest of the transaction may stand. Who waits for
 * money in grace begins anew; who has a plan that runs keeps it. A plan that is no longer on sale
 * can still be begun, by whoever has paid for it before.
 */
export async function subscribeLocked(
  db: Db,
  account: AccountState,
  { planId, priceNanos, months, by: actor }: PlanWish,
): Promise<Subscribed> {
  const accountId = account.id
  const plan = await readTerms(db, planId)
  if (!plan) return { state: 'no such plan' }
  const terms = { ...plan, priceNanos: priceNanos ?? plan.priceNanos }
  const old = await run(db, 'ledger/plan/read-subscription', { accountId })
  if (old && !old.inGrace) return { state: 'has a plan' }
  const keptNanos = keptOver(old && termsOf(old), terms)
  const can = canBegin(account, terms, keptNanos)
  if (can === 'over the limit') return { state: can }
  if (can === 'is short')
    return {
      state: 'not enough available',
      neededNanos: terms.priceNanos,
      availableNanos: balanceAvailable(account),
    }
  // The clock is never null, which a prepared statement does not know.
  const now = (await run(db, 'ledger/now', {})).now!
  // The entry before it names it: what an order has begun is found by where its credit stands.
  const mark = { ref: `period:${accountId}:begin:${account.entrySeq}`, actor }
  await closePeriod(db, account, keptNanos, mark)
  const begun = await beginPlan(db, account, terms, { ...mark, now, months: months ?? null })
  return { state: 'subscribed', name: plan.name, creditNanos: terms.creditNanos, ...begun }
}

/** What becomes of a subscription when its period is over. */
export type PlanChanged =
  | { state: 'changed' | 'unchanged'; at: Date }
  | { state: 'ended' }
  | { state: 'no plan' | 'no such plan' | 'is given' }

/**
 * Another plan from the next period on, or the same one where it is `planId` or null; whoever had
 * canceled goes on. One that was given for some months ends first. The account is locked.
 */
export async function changePlanLocked(
  db: Db,
  account: AccountState,
  planId: number | null,
): Promise<PlanChanged> {
  const accountId = account.id
  const old = await run(db, 'ledger/plan/read-subscription', { accountId })
  if (!old || old.inGrace) return { state: 'no plan' }
  const nextPlanId = planId === old.planId && old.endsAt === null ? null : planId
  if (nextPlanId !== null && !(await readTerms(db, nextPlanId))) return { state: 'no such plan' }
  const at = old.endsAt ?? old.renewsAt
  if (nextPlanId === old.nextPlanId && old.canceledAt === null) return { state: 'unchanged', at }
  await run(db, 'ledger/plan/write-wish', { accountId, nextPlanId, canceledAt: null })
  return { state: 'changed', at }
}
