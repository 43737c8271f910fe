import { run, type Db } from '../db/db.server.ts'
import { may } from '../values/teams/roles.ts'

/**
 * Whether somebody may still make or change keys of this person, whatever they were when they asked
 * for their page. Below the account's lock, which whoever removes them takes as well, it holds
 * until the change is done. Whoever runs this relay (null) may.
 */
export async function mayManageKeys(
  db: Db,
  { accountId, userId }: { accountId: number; userId: number | null },
  ownerId: number | null,
): Promise<boolean> {
  if (userId === null) return true
  const found = await run(db, 'keys/read-role', { accountId, userId })
  const right = ownerId === userId ? 'manage-own-keys' : 'manage-all-keys'
  return found !== undefined && may(found.role, right)
}
