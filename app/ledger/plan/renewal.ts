import { isRolledBack, rollBack, run, type Db, type Pool } from '../../db/db.server.ts'
import { dayMs } from '../../values/days.ts'
import type { AccountState } from '../decide.ts'
import { lockAccount } from '../entries.ts'
import { writeNotice } from '../notices/notices.ts'
import {
  beginPlan,
  canBegin,
  closePeriod,
  endPlan,
  keptOver,
  nextRenewal,
  openPeriod,
  termsOf,
  writeSubscription,
  type Subscription,
  type Terms,
} from './periods.ts'
import { readTerms } from './subscribe.ts'

/** What became of a subscription whose time was up: another month, none for want of money, or its end. */
type Renewed = 'renewed' | 'in grace' | 'ended'

const actor = 'renewal'

/** The terms of the next period; undefined where there is to be none. */
async function nextTerms(db: Db, old: Subscription, now: Date): Promise<Terms | undefined> {
  if (old.canceledAt !== null) return undefined
  const isOver = old.endsAt !== null && (old.endsAt <= old.renewsAt || old.endsAt <= now)
  if (old.nextPlanId !== null && (old.endsAt === null || isOver))
    return readTerms(db, old.nextPlanId)
  return isOver ? undefined : termsOf(old)
}

/** Has people told that a plan ends: as soon as it is known that it will, for want of money. */
async function tellEnd(
  db: Db,
  { id: accountId }: AccountState,
  { name }: Subscription,
  { ref, endsAt, why }: { ref: string; endsAt: Date; why: 'canceled' | 'unpaid' | 'over' },
) {
  const fact = { kind: 'plan.ends', plan: name ?? '', endsAt: endsAt.toISOString(), why } as const
  await writeNotice(db, { about: `plan.ends ${ref}`, accountId, fact })
}

/** Begins the next period where it can be paid for, else the days in which it still may be. */
async function renewDue(
  db: Db,
  account: AccountState,
  old: Subscription,
  now: Date,
): Promise<Renewed> {
  const { anchorDay, renewsAt } = old
  const mark = { ref: `period:${account.id}:${renewsAt.toISOString().slice(0, 10)}`, actor }
  const terms = await nextTerms(db, old, now)
  const keptNanos = terms ? keptOver(termsOf(old), terms) : 0
  const can = terms && canBegin(account, terms, keptNanos)
  if (can === 'over the limit') throw new Error('an account cannot hold the credit of its plan')
  if (!terms || (can === 'is short' && terms.graceDays === 0)) {
    await endPlan(db, account, mark)
    const why = terms ? 'unpaid' : old.canceledAt ? 'canceled' : 'over'
    await tellEnd(db, account, old, { ref: mark.ref, endsAt: renewsAt, why })
    return 'ended'
  }
  await closePeriod(db, account, keptNanos, mark)
  const endsAt = terms.planId === old.planId ? old.endsAt : null
  if (can === 'is short') {
    const graceEnd = new Date(now.getTime() + terms.graceDays * dayMs)
    const when = { anchorDay, renewsAt: graceEnd, endsAt, inGrace: 1 } as const
    await writeSubscription(db, account.id, terms, when)
    await tellEnd(db, account, old, { ref: mark.ref, endsAt: graceEnd, why: 'unpaid' })
    return 'in grace'
  }
  // Months in which nothing ran are not made up for: the credit of a month ends with it.
  let beganAt = renewsAt
  let next = nextRenewal(beganAt, anchorDay)
  while (next <= now) [beganAt, next] = [next, nextRenewal(next, anchorDay)]
  await openPeriod(db, account, terms, { ...mark, beganAt, endsAt: next })
  await writeSubscription(db, account.id, terms, { anchorDay, renewsAt: next, endsAt })
  return 'renewed'
}

/** In grace the month begins on the day on which it is paid for: nobody pays for days without. */
async function renewInGrace(
  db: Db,
  account: AccountState,
  old: Subscription,
  now: Date,
): Promise<Renewed | undefined> {
  const terms = termsOf(old)
  const by = (what: string) => ({ ref: `period:${account.id}:${what}:${account.entrySeq}`, actor })
  const can = canBegin(account, terms, terms.rolloverNanos)
  if (can === 'pays') {
    await beginPlan(db, account, terms, { ...by('paid'), now })
    return 'renewed'
  }
  if (!old.due) return undefined
  await endPlan(db, account, by('end'))
  return 'ended'
}

async function renewLocked(db: Db, accountId: number) {
  const account = await lockAccount(db, accountId)
  const old = account && (await run(db, 'ledger/plan/read-subscription', { accountId }))
  if (!account || !old) return rollBack('it has ended')
  // The clock is never null, which a prepared statement does not know.
  const now = old.now!
  if (old.inGrace) return (await renewInGrace(db, account, old, now)) ?? rollBack('not paid yet')
  return old.due ? renewDue(db, account, old, now) : rollBack('renewed by another')
}

/**
 * Renews the plans that are due, and those that waited for money and now have it; safe to run on
 * every replica at once. Answers how many periods it began, and says whose. An account that cannot
 * be renewed does not keep the others from it; its failure is thrown at the end.
 */
export async function renewPlans(
  pool: Pool,
  onRenewed: (accountId: number) => void = () => {},
  rows = 200,
): Promise<number> {
  let renewed = 0
  const failures: unknown[] = []
  const renew = async (accountId: number) => {
    try {
      const result = await pool.transact((db) => renewLocked(db, accountId))
      if (isRolledBack(result) || result !== 'renewed') return
      renewed++
      onRenewed(accountId)
    } catch (error) {
      failures.push(error)
    }
  }
  const lists = ['ledger/plan/due-subscriptions', 'ledger/plan/payable-subscriptions'] as const
  for (const list of lists)
    for (let after = 0; ;) {
      const some = await run(pool, list, { after, rows })
      for (const { accountId } of some) await renew(accountId)
      const last = some.at(-1)
      if (!last || some.length < rows) break
      after = last.accountId
    }
  if (failures.length) throw failures[0]
  return renewed
}
