import { limits } from '../../config/limits.ts'
import { run, type Db, type Row } from '../../db/db.server.ts'
import { balanceAvailable, planAvailable, type AccountState } from '../decide.ts'
import { writeEntry } from '../entries.ts'

/** What each period of a subscription costs and gives. Without a plan the operator gives it. */
export type Terms = {
  planId: number | null
  creditNanos: number
  priceNanos: number
  /** What the credit pays for, as JSON; null for all models. */
  models: string | null
  /** So much of what is left goes on into the next period. */
  rolloverNanos: number
  graceDays: number
}
export type Subscription = Row<'ledger/plan/read-subscription'>

export const termsOf = (subscription: Subscription): Terms => ({
  ...subscription,
  creditNanos: subscription.monthlyNanos,
  // Sums of what may be absent are taken for null, and never are.
  rolloverNanos: subscription.rolloverNanos ?? 0,
  graceDays: subscription.graceDays ?? 0,
})

/** The same day of the next month, or its last day where it is shorter; at midnight UTC. */
export function nextRenewal(after: Date, anchorDay: number): Date {
  const year = after.getUTCFullYear()
  const month = after.getUTCMonth() + 1
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month, Math.min(anchorDay, lastDay)))
}

/** What a change of terms lets go on: no more than was promised, and no more than is taken over. */
export const keptOver = (old: Terms | undefined, next: Terms) =>
  Math.min(old?.rolloverNanos ?? 0, next.rolloverNanos)

type Rest = 'pays' | 'is short' | 'over the limit'

/** Whether an account can begin such a period: what calls hold of the balance pays for no plan. */
export function canBegin(account: AccountState, terms: Terms, keptNanos: number): Rest {
  const { priceNanos, creditNanos } = terms
  if (priceNanos > 0 && priceNanos > balanceAvailable(account)) return 'is short'
  const plan = account.planHeldNanos + Math.min(keptNanos, Math.max(0, planAvailable(account)))
  const after = account.balanceNanos - priceNanos + plan + creditNanos
  return after > limits.accounts.nanosMax ? 'over the limit' : 'pays'
}

/** Which period it is, and who began or ended it: no two events of an account have one ref. */
type Mark = { ref: string; actor: string }

/**
 * Ends what is left of the credit but for `keptNanos`. What open holds have of it they may still
 * spend, and nobody else: it ends when they close, unless all of it may be kept. The account is
 * locked.
 */
export async function closePeriod(
  db: Db,
  account: AccountState,
  keptNanos: number,
  { ref, actor }: Mark,
) {
  const accountId = account.id
  const leftNanos = Math.max(0, planAvailable(account))
  const heldNanos =
    keptNanos > 0
      ? ((await run(db, 'ledger/plan/sum-live-holds', { accountId })).nanos ?? 0)
      : account.planHeldNanos
  const keepsHeld = heldNanos <= keptNanos
  const goneNanos = leftNanos - Math.min(leftNanos, keptNanos - (keepsHeld ? heldNanos : 0))
  if (goneNanos > 0) {
    await writeEntry(db, account, {
      accountId,
      kind: 'expire',
      planNanos: -goneNanos,
      balanceNanos: 0,
      ref: `${ref}:expire`,
      actor,
      note: null,
    })
  }
  if (!keepsHeld) await run(db, 'ledger/plan/end-holds', { accountId })
}

/** Takes a period's price and gives its credit. The account is locked, and can. */
export async function openPeriod(
  db: Db,
  account: AccountState,
  terms: Terms,
  { ref, actor, beganAt, endsAt }: Mark & { beganAt: Date; endsAt: Date },
) {
  const accountId = account.id
  const { planId, creditNanos, priceNanos, models } = terms
  const feeRef = priceNanos > 0 ? `${ref}:fee` : null
  const common = { accountId, actor, note: null }
  if (feeRef) {
    const fee = { ...common, kind: 'fee', planNanos: 0, balanceNanos: -priceNanos } as const
    await writeEntry(db, account, { ...fee, ref: feeRef })
  }
  const credit = { ...common, kind: 'plan', planNanos: creditNanos, balanceNanos: 0 } as const
  await writeEntry(db, account, { ...credit, ref })
  const period = { ref, feeRef, accountId, planId, creditNanos, priceNanos, beganAt, endsAt }
  await run(db, 'ledger/plan/insert-period', period)
  await payFor(db, account, models)
}

/** From now on the plan credit pays for these models. */
async function payFor(db: Db, account: AccountState, models: string | null) {
  if (account.planModels === models) return
  account.planModels = models
  await run(db, 'ledger/plan/write-models', { accountId: account.id, models })
}

/** Ends a subscription, and all that is left of its credit. */
export async function endPlan(db: Db, account: AccountState, mark: Mark) {
  await closePeriod(db, account, 0, mark)
  await run(db, 'ledger/plan/delete-subscription', { accountId: account.id })
  await payFor(db, account, null)
}

/** Notes that the first period of a subscription has begun now; it is renewed on this day. */
export async function beginPlan(
  db: Db,
  account: AccountState,
  terms: Terms,
  { ref, actor, now, months = null }: Mark & { now: Date; months?: number | null },
): Promise<{ renewsAt: Date; endsAt: Date | null }> {
  const anchorDay = now.getUTCDate()
  const renewsAt = nextRenewal(now, anchorDay)
  let endsAt = months === null ? null : renewsAt
  for (let month = 1; endsAt && month < (months ?? 0); month++)
    endsAt = nextRenewal(endsAt, anchorDay)
  await openPeriod(db, account, terms, { ref, actor, beganAt: now, endsAt: renewsAt })
  await writeSubscription(db, account.id, terms, { anchorDay, renewsAt, endsAt })
  return { renewsAt, endsAt }
}

/** Whatever was wished for the next period is done with. */
export const writeSubscription = (
  db: Db,
  accountId: number,
  { planId, priceNanos, creditNanos: monthlyNanos }: Terms,
  when: {
    anchorDay: number
    renewsAt: Date
    endsAt: Date | null
    inGrace?: 0 | 1
    leftOut?: 0 | 1
  },
) =>
  run(db, 'ledger/plan/write-subscription', {
    inGrace: 0,
    leftOut: 0,
    ...when,
    accountId,
    monthlyNanos,
    planId,
    priceNanos,
  })
