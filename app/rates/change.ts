import { logAdmin } from '../admin/admin.server.ts'
import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Pool } from '../db/db.server.ts'
import type { LimitScope } from '../values/rates/limit-scopes.ts'
import type { Figures } from './rule.ts'

/** What a limit is on, as the table has it: the id or the name of it, nothing for everyone. */
export type Subject = { scope: LimitScope; subject: string }

const rowOf = ({ scope, subject }: Subject) => ({ limitScope: scope, subject })

/** Whether there is such a thing; of what is removed later, a limit counts nothing. */
async function isThere(pool: Pool, { scope, subject }: Subject): Promise<boolean> {
  const id = /^\d{1,15}$/.test(subject) ? Number(subject) : 0
  const { found } = await run(pool, 'rates/find-subject', {
    limitScope: scope,
    id,
    name: subject,
  })
  return Number(found) > 0
}

/** Sets a limit in place of the one that is there. */
export async function setLimit(
  pool: Pool,
  { of, figures, actor }: { of: Subject; figures: Figures; actor: string },
): Promise<'set' | 'no such subject' | 'too many'> {
  if (!(await isThere(pool, of))) return 'no such subject'
  const result = await pool.transact(async (db) => {
    await run(db, 'rates/put', { ...rowOf(of), ...figures })
    const { limits: count } = await run(db, 'rates/count', {})
    if (Number(count) > limits.rates.rowsMax) return rollBack('too many')
    const subject = of.subject === '' ? of.scope : `${of.scope} ${of.subject}`
    await logAdmin(db, { actor, action: 'limit set', subject, detail: { ...figures } })
    return 'set' as const
  })
  return isRolledBack(result) ? 'too many' : result
}

/** Takes a limit away: what a wider scope says holds from then on. */
export async function removeLimit(
  pool: Pool,
  { of, actor }: { of: Subject; actor: string },
): Promise<'removed' | 'no such limit'> {
  const result = await pool.transact(async (db) => {
    if ((await run(db, 'rates/delete', rowOf(of))) === 0) return rollBack('no such limit')
    const subject = of.subject === '' ? of.scope : `${of.scope} ${of.subject}`
    await logAdmin(db, { actor, action: 'limit remove', subject })
    return 'removed' as const
  })
  return isRolledBack(result) ? 'no such limit' : result
}
