import { run, type Db } from '../../db/db.server.ts'
import type { AccountState } from '../decide.ts'
import { endPlan } from './periods.ts'
import type { PlanChanged } from './subscribe.ts'

/**
 * A subscription runs to the end of its period, and no further; one that waits for money ends now.
 * What was given, for some months or by the operator, goes on as it was given: only what was to
 * follow it is taken back. The account is locked.
 */
export async function cancelPlanLocked(
  db: Db,
  account: AccountState,
  actor: string,
): Promise<PlanChanged> {
  const accountId = account.id
  const old = await run(db, 'ledger/plan/read-subscription', { accountId })
  if (!old) return { state: 'no plan' }
  if (old.inGrace) {
    await endPlan(db, account, { ref: `period:${accountId}:end:${account.entrySeq}`, actor })
    return { state: 'ended' }
  }
  const isGiven = old.planId === null || old.endsAt !== null
  if (isGiven && old.nextPlanId === null) return { state: 'is given' }
  if (old.canceledAt !== null) return { state: 'unchanged', at: old.renewsAt }
  const canceledAt = isGiven ? null : old.now
  await run(db, 'ledger/plan/write-wish', { accountId, nextPlanId: null, canceledAt })
  return { state: 'changed', at: old.endsAt ?? old.renewsAt }
}
