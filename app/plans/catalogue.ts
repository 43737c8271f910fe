import { logAdmin } from '../admin/admin.server.ts'
import { limits } from '../config/limits.ts'
import { doubleKey, isRolledBack, rollBack, run, type Db, type Pool } from '../db/db.server.ts'
import type { Row } from '../db/db.server.ts'

export type Plan = Row<'plans/list'>
/** What a plan costs and gives, for as long as anybody has it. */
export type PlanTerms = {
  creditNanos: number
  priceNanos: number
  /** Names of models, or how they begin with a `*` behind; null for all. */
  models: readonly string[] | null
  /** Only accounts of this group may subscribe; null for everybody. */
  groupName: string | null
  rolloverNanos: number
  graceDays: number
}
type PlanMade =
  { state: 'made'; id: number } | { state: 'exists' | 'too many' | 'unchanged' | 'no such plan' }

/** The plans on sale, the dearest last; `all` names those besides that some may still have. */
export const listPlans = (db: Db, { all = false } = {}): Promise<Plan[]> =>
  run(db, 'plans/list', { all: Number(all), rows: limits.plans.listedMax })

/** The plan that is on sale by this name, whatever the case of its letters. */
export const findPlan = (db: Db, name: string) => run(db, 'plans/find-on-sale', { name })

const rowOf = ({ models, ...terms }: PlanTerms) => ({
  ...terms,
  models: models && JSON.stringify(models),
})

/** Puts a plan on sale, under a name that no other has. */
export const addPlan = (pool: Pool, name: string, terms: PlanTerms, actor: string) =>
  orExists(async () => {
    const made = await pool.transact(async (db) => {
      if (await findPlan(db, name)) return rollBack('exists')
      if ((await listPlans(db)).length >= limits.plans.onSaleMax) return rollBack('too many')
      const id = await run(db, 'plans/insert', { name, ...rowOf(terms) })
      const detail = { id, ...terms }
      await logAdmin(db, { actor, action: 'plans add', subject: `plan ${name}`, detail })
      return { state: 'made', id } as const
    })
    return isRolledBack(made) ? { state: made.rolledBack as 'exists' | 'too many' } : made
  })

/**
 * Sells a plan on other terms from now on. Whoever has it keeps the terms that they chose it for,
 * and so does whoever has chosen it for their next month: the new ones are a plan of their own.
 */
export const changeTerms = (
  pool: Pool,
  name: string,
  changes: Partial<PlanTerms>,
  actor: string,
): Promise<PlanMade> =>
  orExists(async () => {
    const made = await pool.transact(async (db) => {
      const old = await findPlan(db, name)
      if (!old) return rollBack('no such plan')
      const { id: oldId, name: oldName, ...before } = old
      const after = { ...before, ...rowOf({ ...before, models: null, ...changes }) }
      if (changes.models === undefined) after.models = before.models
      if (JSON.stringify(after) === JSON.stringify(before)) return rollBack('unchanged')
      // Whoever was quicker has withdrawn it, and its successor has other terms than were looked at.
      if ((await run(db, 'plans/withdraw', { id: oldId })) === 0) return rollBack('no such plan')
      const id = await run(db, 'plans/insert', { name: oldName, ...after })
      const detail = { id, instead_of: oldId, ...changes }
      await logAdmin(db, { actor, action: 'plans set', subject: `plan ${oldName}`, detail })
      return { state: 'made', id } as const
    })
    if (!isRolledBack(made)) return made
    return { state: made.rolledBack as 'no such plan' | 'unchanged' }
  })

/** Sells a plan no more. Whoever has it is renewed as before. */
export async function withdrawPlan(
  pool: Pool,
  name: string,
  actor: string,
): Promise<'withdrawn' | 'no such plan'> {
  const result = await pool.transact(async (db) => {
    const plan = await findPlan(db, name)
    if (!plan || (await run(db, 'plans/withdraw', { id: plan.id })) === 0)
      return rollBack('no such plan')
    const detail = { id: plan.id }
    await logAdmin(db, { actor, action: 'plans withdraw', subject: `plan ${plan.name}`, detail })
    return 'withdrawn' as const
  })
  return isRolledBack(result) ? 'no such plan' : result
}

/** Two who put one name on sale at once: the index has decided, and one of them is told. */
async function orExists(work: () => Promise<PlanMade>): Promise<PlanMade> {
  try {
    return await work()
  } catch (error) {
    if ((error as { errno?: number }).errno === doubleKey) return { state: 'exists' }
    throw error
  }
}
