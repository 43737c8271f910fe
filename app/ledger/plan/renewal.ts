import { isRolledBack, rollBack, run, type Db, type Pool } from '../../db/db.server.ts'
import { dayMs, dayOf } from '../../values/days.ts'
import { oneByOne } from '../../values/one-by-one.ts'
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

/**
 * What became of a subscription whose time was up: another month, none for want of money, none for
 * want of room, or its end.
 */
type Renewed = 'renewed' | 'in grace' | 'skipped' | 'ended'

const actor = 'renewal'

/** Another period: its terms, and what was given or wished for that goes on beyond it. */
type Next = { terms: Terms; endsAt: Date | null; nextPlanId: number | null }

/**
 * The next period; undefined where there is to be none. What was given for some months keeps what
 * is to follow it until they are over; what follows is renewed for as long as it is paid.
 */
async function nextOf(db: Db, old: Subscription, now: Date): Promise<Next | undefined> {
  const { canceledAt, endsAt, nextPlanId } = old
  if (canceledAt !== null) return undefined
  const isOver = endsAt !== null && (endsAt <= old.renewsAt || endsAt <= now)
  if (nextPlanId !== null && (endsAt === null || isOver)) {
    const terms = await readTerms(db, nextPlanId)
    return terms && { terms, endsAt: null, nextPlanId: null }
  }
  return isOver ? undefined : { terms: termsOf(old), endsAt, nextPlanId }
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

/** The last day by which a period has begun by now: months in which nothing ran are not made up for. */
function periodAt({ renewsAt, anchorDay }: Subscription, now: Date) {
  let beganAt = renewsAt
  let until = nextRenewal(beganAt, anchorDay)
  while (until <= now) [beganAt, until] = [until, nextRenewal(until, anchorDay)]
  return { beganAt, until }
}

/** Goes on as it is with the next period, and with what is wished for then. */
async function goOn(
  db: Db,
  account: AccountState,
  terms: Terms,
  {
    nextPlanId,
    ...when
  }: Pick<Next, 'endsAt' | 'nextPlanId'> & {
    anchorDay: number
    renewsAt: Date
    leftOut?: 0 | 1
  },
) {
  await writeSubscription(db, account.id, terms, when)
  if (nextPlanId !== null)
    await run(db, 'ledger/plan/write-wish', { accountId: account.id, nextPlanId, canceledAt: null })
}

/** Begins the next period where it can be paid for, else the days in which it still may be. */
async function renewDue(
  db: Db,
  account: AccountState,
  old: Subscription,
  now: Date,
): Promise<Renewed> {
  const { anchorDay, renewsAt } = old
  const mark = { ref: `period:${account.id}:${dayOf(renewsAt.getTime())}`, actor }
  const next = await nextOf(db, old, now)
  const terms = next?.terms
  const keptNanos = terms ? keptOver(termsOf(old), terms) : 0
  const can = terms && canBegin(account, terms, keptNanos)
  if (!next || !terms || (can === 'is short' && terms.graceDays === 0)) {
    await endPlan(db, account, mark)
    const why = terms ? 'unpaid' : old.canceledAt ? 'canceled' : 'over'
    await tellEnd(db, account, old, { ref: mark.ref, endsAt: renewsAt, why })
    return 'ended'
  }
  await closePeriod(db, account, keptNanos, mark)
  const { beganAt, until } = periodAt(old, now)
  if (can === 'over the limit') {
    // Nothing is charged, and there is credit enough; whether the next one fits is looked at then.
    const { endsAt, nextPlanId } = old
    const when = { anchorDay, renewsAt: until, endsAt, nextPlanId, leftOut: 1 } as const
    await goOn(db, account, termsOf(old), when)
    return 'skipped'
  }
  const { endsAt, nextPlanId } = next
  if (can === 'is short') {
    const graceEnd = new Date(now.getTime() + terms.graceDays * dayMs)
    const when = { anchorDay, renewsAt: graceEnd, endsAt, inGrace: 1 } as const
    await writeSubscription(db, account.id, terms, when)
    await tellEnd(db, account, old, { ref: mark.ref, endsAt: graceEnd, why: 'unpaid' })
    return 'in grace'
  }
  await openPeriod(db, account, terms, { ...mark, beganAt, endsAt: until })
  await goOn(db, account, terms, { anchorDay, renewsAt: until, endsAt, nextPlanId })
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

/** Accounts whose period is over, then those that waited for money, some at a time. */
async function* listRenewable(pool: Pool, rows: number) {
  const lists = ['ledger/plan/due-subscriptions', 'ledger/plan/payable-subscriptions'] as const
  for (const list of lists)
    for (let after = 0; ;) {
      const some = await run(pool, list, { after, rows })
      yield* some
      const last = some.at(-1)
      if (!last || some.length < rows) break
      after = last.accountId
    }
}

const nobody = () => undefined

/**
 * Renews the plans that are due, and those that waited for money and now have it; safe to run on
 * every replica at once. Answers how many periods it began, and says whose, and whose account was
 * too full for one. An account that cannot be renewed does not keep the others from it; its failure
 * is thrown at the end.
 */
export async function renewPlans(
  pool: Pool,
  onRenewed: (accountId: number) => void = nobody,
  { rows = 200, onSkipped = nobody as (accountId: number) => void } = {},
): Promise<number> {
  let renewed = 0
  await oneByOne(listRenewable(pool, rows), async ({ accountId }) => {
    const result = await pool.transact((db) => renewLocked(db, accountId))
    if (result === 'skipped') onSkipped(accountId)
    if (isRolledBack(result) || result !== 'renewed') return
    renewed++
    onRenewed(accountId)
  })
  return renewed
}
