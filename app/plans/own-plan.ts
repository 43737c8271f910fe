import { logAccount } from '../account-log/account-log.server.ts'
import { isRolledBack, rollBack, run, type Db, type Pool, type Row } from '../db/db.server.ts'
import {
  cancelPlanLocked,
  changePlanLocked,
  lockAccount,
  readTerms,
  subscribeLocked,
  type PlanChanged,
  type Subscribed,
} from '../ledger/ledger.server.ts'
import { listPlans, type Plan } from './catalogue.ts'

type Standing = Row<'plans/read-standing'>
type Account = NonNullable<Awaited<ReturnType<typeof lockAccount>>>

/** What an account is subscribed to, and what it could pay with. */
export const readStanding = (db: Db, accountId: number): Promise<Standing | undefined> =>
  run(db, 'plans/read-standing', { accountId })

const isFor = (sold: { onSale: number; groupName: string | null }, group: string | null) =>
  sold.onSale === 1 && (sold.groupName === null || sold.groupName === group)

/** The plans that an account of this group may choose among. */
export const listPlansFor = async (db: Db, group: string | null): Promise<Plan[]> =>
  (await listPlans(db)).filter((plan) => isFor(plan, group))

/** Whose plan, and who changes it. */
type Change = { accountId: number; userId: number }
const actorOf = ({ userId }: Change) => `user:${userId}`

/** Whether the account may choose this plan now: it may have been taken off sale since it was shown. */
async function isOffered(db: Db, accountId: number, planId: number): Promise<boolean> {
  const plan = await readTerms(db, planId)
  const group = await run(db, 'plans/read-group', { accountId })
  return plan !== undefined && isFor(plan, group?.groupName ?? null)
}

/** Subscribes to a plan on sale, which begins now and is paid from the balance. */
export async function subscribe(
  pool: Pool,
  change: Change & { planId: number },
): Promise<Subscribed> {
  const { accountId, userId, planId } = change
  let answer: Subscribed = { state: 'no such plan' }
  await pool.transact(async (db) => {
    answer = { state: 'no such plan' }
    const account = await lockAccount(db, accountId)
    if (!account || !(await isOffered(db, accountId, planId))) return rollBack(answer.state)
    answer = await subscribeLocked(db, account, { planId, by: actorOf(change) })
    if (answer.state !== 'subscribed') return rollBack(answer.state)
    const act = { accountId, userId, action: 'plan subscribe', subject: `plan ${planId}` } as const
    await logAccount(db, { ...act, detail: { plan: answer.name } })
    return answer
  })
  return answer
}

async function changed(
  pool: Pool,
  change: Change,
  {
    planId,
    work,
  }: { planId?: number | null; work: (db: Db, account: Account) => Promise<PlanChanged> },
): Promise<PlanChanged> {
  const { accountId, userId } = change
  let answer: PlanChanged = { state: 'no plan' }
  const result = await pool.transact(async (db) => {
    const account = await lockAccount(db, accountId)
    if (!account) return rollBack('no such account')
    answer = await work(db, account)
    if (answer.state !== 'changed' && answer.state !== 'ended') return rollBack(answer.state)
    const action = planId === undefined ? 'plan cancel' : 'plan change'
    const subject = planId ? `plan ${planId}` : 'the plan'
    await logAccount(db, { accountId, userId, action, subject })
    return answer
  })
  const isNobody = isRolledBack(result) && result.rolledBack === 'no such account'
  return isNobody ? { state: 'no plan' } : answer
}

/** Another plan when the running period is over; null, or the one there is, goes on with it. */
export const changePlan = (pool: Pool, change: Change & { planId: number | null }) => {
  const { accountId, planId } = change
  return changed(pool, change, {
    planId,
    async work(db, account) {
      const own = await run(db, 'plans/read-standing', { accountId })
      const isOwn = planId === null || planId === own?.planId
      if (!isOwn && !(await isOffered(db, accountId, planId))) return { state: 'no such plan' }
      return changePlanLocked(db, account, planId)
    },
  })
}

/** It runs to the end of its period, and no further. */
export const cancelPlan = (pool: Pool, change: Change) =>
  changed(pool, change, {
    work: (db, account) => cancelPlanLocked(db, account, actorOf(change)),
  })
