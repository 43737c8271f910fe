import { limits } from '../config/limits.ts'
import { run, rollBack, type Db, type Pool } from '../db/db.server.ts'
import { lockAccount, writeEntry } from './entries.ts'
import { planAvailable, type AccountState } from './decide.ts'

/** The same day of the next month, or its last day where it is shorter; at midnight UTC. */
export function nextRenewal(after: Date, anchorDay: number): Date {
  const year = after.getUTCFullYear()
  const month = after.getUTCMonth() + 1
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month, Math.min(anchorDay, lastDay)))
}

/**
 * Ends what is left of the old credit, and gives the new. What open holds have of the old one they
 * may still spend, and nobody else: it ends when they close. The account is locked.
 */
async function startPeriod(
  db: Db,
  account: AccountState,
  monthlyNanos: number,
  ref: string,
  actor: string,
) {
  const accountId = account.id
  const leftNanos = Math.max(0, planAvailable(account))
  const common = { accountId, balanceNanos: 0, actor, note: null }
  if (leftNanos > 0) {
    await writeEntry(db, account, {
      ...common,
      kind: 'expire',
      planNanos: -leftNanos,
      ref: `${ref}:expire`,
    })
  }
  if (account.planHeldNanos > 0) await run(db, 'ledger/plan/end-holds', { accountId })
  if (monthlyNanos > 0) {
    await writeEntry(db, account, { ...common, kind: 'plan', planNanos: monthlyNanos, ref })
  }
}

type PlanSet =
  | { state: 'set' | 'unchanged'; renewsAt: Date | null }
  | { state: 'no such account' | 'over the limit' }

/**
 * Sets the monthly plan credit of an account, from now on: what is left of the old one expires and
 * a new month begins. 0 ends the plan. Setting what is already set changes nothing.
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
    if (account.balanceNanos + account.planHeldNanos + monthlyNanos > limits.accounts.nanosMax) {
      return rollBack((answer = { state: 'over the limit' }).state)
    }
    const old = await run(db, 'ledger/plan/read-subscription', { accountId })
    if ((old?.monthlyNanos ?? 0) === monthlyNanos) {
      answer = { state: 'unchanged', renewsAt: old?.renewsAt ?? null }
      return rollBack('unchanged')
    }
    const { now } = await run(db, 'ledger/now', {})
    await startPeriod(db, account, monthlyNanos, `plan:${accountId}:set:${account.entrySeq}`, actor)
    if (monthlyNanos === 0) {
      await run(db, 'ledger/plan/delete-subscription', { accountId })
      answer = { state: 'set', renewsAt: null }
      return answer
    }
    // The clock is never null, which a prepared statement does not know.
    const anchorDay = now!.getUTCDate()
    const renewsAt = nextRenewal(now!, anchorDay)
    await run(db, 'ledger/plan/write-subscription', {
      accountId,
      monthlyNanos,
      anchorDay,
      renewsAt,
    })
    answer = { state: 'set', renewsAt }
    return answer
  })
  return answer
}

async function renewLocked(db: Db, accountId: number) {
  const account = await lockAccount(db, accountId)
  const subscription = account && (await run(db, 'ledger/plan/read-subscription', { accountId }))
  if (!account || !subscription?.due) return rollBack('renewed by another')
  const { monthlyNanos, anchorDay, renewsAt, now } = subscription
  const period = renewsAt.toISOString().slice(0, 10)
  await startPeriod(db, account, monthlyNanos, `plan:${accountId}:${period}`, 'renewal')
  let next = nextRenewal(renewsAt, anchorDay)
  // Months in which nothing ran are not made up for: the credit of a month ends with it.
  // (The clock is never null, which a prepared statement does not know.)
  while (next <= now!) next = nextRenewal(next, anchorDay)
  await run(db, 'ledger/plan/write-subscription', {
    accountId,
    monthlyNanos,
    anchorDay,
    renewsAt: next,
  })
  return true
}

/**
 * Renews the plans that are due; safe to run on every replica at once. Answers how many it renewed,
 * and says whose. An account that cannot be renewed does not keep the others from it; its failure
 * is thrown at the end.
 */
export async function renewPlans(
  pool: Pool,
  onRenewed: (accountId: number) => void = () => {},
  rows = 200,
): Promise<number> {
  let renewed = 0
  const failures: unknown[] = []
  for (const { accountId } of await run(pool, 'ledger/plan/due-subscriptions', { rows })) {
    try {
      const result = await pool.transact((db) => renewLocked(db, accountId))
      if (result !== true) continue
      renewed++
      onRenewed(accountId)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length) throw failures[0]
  return renewed
}
