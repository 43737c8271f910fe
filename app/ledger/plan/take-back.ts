import { run, type Db } from '../../db/db.server.ts'
import { planAvailable, type AccountState } from '../decide.ts'
import { writeEntry } from '../entries.ts'
import { writeNotice } from '../notices/notices.ts'
import { endPlan, type Subscription } from './periods.ts'

type Taken = 'ended' | 'canceled' | 'over'

/** What of a price comes back for the part of its credit that nobody has used, rounded down. */
const shareOf = (priceNanos: number, unusedNanos: number, creditNanos: number) =>
  creditNanos > 0 ? Number((BigInt(priceNanos) * BigInt(unusedNanos)) / BigInt(creditNanos)) : 0

type Period = NonNullable<Awaited<ReturnType<typeof findPeriod>>>
const findPeriod = (db: Db, orderRef: string) =>
  run(db, 'ledger/plan/find-period-of-order', { orderRef })

const tellEnd = (db: Db, accountId: number, old: Subscription, ref: string) =>
  writeNotice(db, {
    about: `plan.ends ${ref}`,
    accountId,
    fact: {
      kind: 'plan.ends',
      plan: old.name ?? '',
      // The clock is never null, which a prepared statement does not know.
      endsAt: old.now!.toISOString(),
      why: 'refunded',
    },
  })

/** The period goes on no more: its credit expires, and what of its price that was comes back. */
async function endPeriod(db: Db, account: AccountState, period: Period, actor: string) {
  const { creditNanos, priceNanos } = period
  const ref = `back:${period.ref}`
  const unusedNanos = Math.min(creditNanos, Math.max(0, planAvailable(account)))
  await endPlan(db, account, { ref, actor })
  const balanceNanos = shareOf(priceNanos, unusedNanos, creditNanos)
  if (balanceNanos === 0) return
  await writeEntry(db, account, {
    accountId: account.id,
    kind: 'fee',
    planNanos: 0,
    balanceNanos,
    ref: `${ref}:fee`,
    actor,
    note: null,
  })
}

/**
 * Undoes what an order has begun, once its money is gone for good: within the month that it has
 * paid the subscription ends, and the price of what is unused of its credit is on the balance
 * again; what open calls hold counts as used. A later month was paid from the balance, and runs to
 * its end, but is not renewed. What was begun anew since is left alone. `orderRef` names the order
 * in the books. The account is locked; the caller sees to it that this is done once.
 */
export async function takePlanBackLocked(
  db: Db,
  account: AccountState,
  orderRef: string,
): Promise<Taken> {
  const accountId = account.id
  const period = await findPeriod(db, orderRef)
  const old = await run(db, 'ledger/plan/read-subscription', { accountId })
  if (!period || !old || period.isBegunAnew) return 'over'
  const isItsOwn = old.planId === period.planId && +old.renewsAt === +period.endsAt
  if (isItsOwn && !old.inGrace) await endPeriod(db, account, period, orderRef)
  else if (old.inGrace)
    await endPlan(db, account, {
      ref: `period:${accountId}:end:${account.entrySeq}`,
      actor: orderRef,
    })
  else {
    const canceledAt = old.canceledAt ?? old.now
    await run(db, 'ledger/plan/write-wish', { accountId, nextPlanId: null, canceledAt })
    return 'canceled'
  }
  await tellEnd(db, accountId, old, `back:${period.ref}`)
  return 'ended'
}
