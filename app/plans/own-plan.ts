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

export type Standing = Row<'plans/read-standing'>

/** What an account is subscribed to, and what it could pay with. */
export const readStanding = (db: Db, accountId: number): Promise<Standing | undefined> =>
  run(db, 'plans/read-standing', { accountId })

type Sold = { onSale: number; groupName: string | null }
const isFor = ({ onSale, groupName }: Sold, group: string | null) =>
  onSale === 1 && (groupName === null || groupName === group)

/** The plans that an account of this group may choose among. */
export const listPlansFor = async (db: Db, group: string | null): Promise<Plan[]> =>
  (await listPlans(db)).filter((plan) => isFor(plan as Sold, group))

type Change = {
  accountId: number
  /** Who does it, as `user:7`. */
  actor: string
}

/** Whether the account may choose this plan now: it may have been taken off sale since it was shown. */
async function isOffered(db: Db, accountId: number, planId: number): Promise<boolean> {
  const plan = await readTerms(db, planId)
  const group = await run(db, 'plans/read-group', { accountId })
  return plan !== undefined && isFor(plan, group?.groupName ?? null)
}

/** Subscribes to a plan on sale, which begins now and is paid from the balance. */
export async function subscribe(
  pool: Pool,
  { accountId, actor, planId }: Change & { planId: number },
): Promise<Subscribed> {
  let answer: Subscribed = { state: 'no such plan' }
  await pool.transact(async (db) => {
    answer = { state: 'no such plan' }
    const account = await lockAccount(db, accountId)
    if (!account || !(await isOffered(db, accountId, planId))) return rollBack(answer.state)
    answer = await subscribeLocked(db, account, { planId, by: actor })
    return answer.state === 'subscribed' ? answer : rollBack(answer.state)
  })
  return answer
}

async function changed(
  pool: Pool,
  { accountId }: Change,
  work: (
    db: Db,
    account: NonNullable<Awaited<ReturnType<typeof lockAccount>>>,
  ) => Promise<PlanChanged>,
): Promise<PlanChanged> {
  let answer: PlanChanged = { state: 'no plan' }
  const result = await pool.transact(async (db) => {
    const account = await lockAccount(db, accountId)
    if (!account) return rollBack('no such account')
    answer = await work(db, account)
    return answer.state === 'changed' || answer.state === 'ended' ? answer : rollBack(answer.state)
  })
  return isRolledBack(result) && result.rolledBack === 'no such account'
    ? { state: 'no plan' }
    : answer
}

/** Another plan when the running period is over; null, or the one there is, goes on with it. */
export const changePlan = (pool: Pool, change: Change & { planId: number | null }) =>
  changed(pool, change, async (db, account) => {
    const { accountId, planId } = change
    const own = await run(db, 'plans/read-standing', { accountId })
    const isOwn = planId === null || planId === own?.planId
    if (!isOwn && !(await isOffered(db, accountId, planId))) return { state: 'no such plan' }
    return changePlanLocked(db, account, planId)
  })

/** It runs to the end of its period, and no further. */
export const cancelPlan = (pool: Pool, change: Change) =>
  changed(pool, change, (db, account) => cancelPlanLocked(db, account, change.actor))
