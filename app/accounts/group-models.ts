import { logAdmin } from '../admin/admin.server.ts'
import { isRolledBack, rollBack, run, type Pool } from '../db/db.server.ts'
import { lockAccounts } from '../ledger/ledger.server.ts'
import { lockGroups, membersOf, writeLock } from './factors.ts'

type GroupModels = {
  name: string
  /** By their names, or by how they begin (`openai/*`); null for all. */
  models: string[] | null
  actor: string
}

/**
 * Says which models the accounts of a group may call. All of them are locked, so that whatever is
 * let in after this has resolved goes by it; the list itself stands with the group alone.
 */
export async function setGroupModels(
  pool: Pool,
  { name, models, actor }: GroupModels,
): Promise<{ members: number } | 'no such group'> {
  let members = 0
  const result = await pool.transact(async (db) => {
    const groups = await lockGroups(db)
    if (!groups.has(name)) return rollBack('no such group')
    await writeLock(db, name, groups)
    const ids = await membersOf(db, name)
    members = ids.length
    if (ids.length) await lockAccounts(db, ids)
    const text = models === null ? null : JSON.stringify(models)
    await run(db, 'accounts/set-group-models', { name, models: text })
    const detail = { models, members }
    await logAdmin(db, { actor, action: 'group models', subject: `group ${name}`, detail })
    return true
  })
  return isRolledBack(result) ? 'no such group' : { members }
}
