import { changeAccount, type Author } from '../account-log/account-log.server.ts'
import { rollBack, run, type Db, type Pool, type Row } from '../db/db.server.ts'
import {
  cancelPlanLocked,
  changePlanLocked,
  isSoldTo,
  readOffer,
  subscribeLocked,
  type AccountState,
  type PlanChanged,
  type Subscribed,
} from '../ledger/ledger.server.ts'
import { listPlans, type Plan } from './catalogue.ts'

type Standing = Row<'plans/read-standing'>

/** What an account is subscribed to, and what it could pay with. */
export const readStanding = (db: Db, accountId: number): Promise<Standing | undefined> =>
  run(db, 'plans/read-standing', { accountId })

/** The plans that an account of this group may choose among. */
export const listPlansFor = async (db: Db, group: string | null): Promise<Plan[]> =>
  (await listPlans(db)).filter((plan) => isSoldTo(plan, group))

type Of = Author & { userId: number }
const actorOf = ({ userId }: Of) => `user:${userId}`

type Suspended = { state: 'suspended' }

/** Subscribes to a plan on sale, which begins now and is paid from the balance. */
export async function subscribe(
  pool: Pool,
  asked: Of & { planId: number },
): Promise<Subscribed | Suspended> {
  const { accountId, planId } = asked
  let answer: Subscribed | Suspended = { state: 'no such plan' }
  await changeAccount(pool, asked, 'plan subscribe', async ({ db, account, note }) => {
    answer = { state: 'no such plan' }
    if (!(await readOffer(db, accountId, planId))) return rollBack(answer.state)
    if (account.status === 'suspended') return rollBack((answer = { state: 'suspended' }).state)
    answer = await subscribeLocked(db, account, { planId, by: actorOf(asked) })
    if (answer.state !== 'subscribed') return rollBack(answer.state)
    await note(`plan ${planId}`, { plan: answer.name })
    return answer
  })
  return answer
}

async function changed(
  pool: Pool,
  asked: Of,
  {
    planId,
    work,
  }: { planId?: number | null; work: (db: Db, account: AccountState) => Promise<PlanChanged> },
): Promise<PlanChanged> {
  let answer: PlanChanged = { state: 'no plan' }
  const action = planId === undefined ? 'plan cancel' : 'plan change'
  await changeAccount(pool, asked, action, async ({ db, account, note }) => {
    answer = await work(db, account)
    if (answer.state !== 'changed' && answer.state !== 'ended') return rollBack(answer.state)
    await note(planId ? `plan ${planId}` : 'the plan')
    return answer
  })
  return answer
}

/** Another plan when the running period is over; null, or the one there is, goes on with it. */
export const changePlan = (pool: Pool, asked: Of & { planId: number | null }) => {
  const { accountId, planId } = asked
  return changed(pool, asked, {
    planId,
    async work(db, account) {
      const own = await run(db, 'plans/read-standing', { accountId })
      const isOwn = planId === null || planId === own?.planId
      if (!isOwn && !(await readOffer(db, accountId, planId))) return { state: 'no such plan' }
      return changePlanLocked(db, account, planId)
    },
  })
}

/** It runs to the end of its period, and no further. */
export const cancelPlan = (pool: Pool, asked: Of) =>
  changed(pool, asked, {
    work: (db, account) => cancelPlanLocked(db, account, actorOf(asked)),
  })
