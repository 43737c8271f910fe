import { run, type Db } from '../db/db.server.ts'
import { may, type Role } from '../values/teams/roles.ts'

/** What somebody is in an account now; undefined for who is not in it. */
export const readRole = async (
  db: Db,
  of: { accountId: number; userId: number },
): Promise<Role | undefined> => (await run(db, 'keys/read-role', of))?.role

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
  const role = await readRole(db, { accountId, userId })
  const right = ownerId === userId ? 'manage-own-keys' : 'manage-all-keys'
  return role !== undefined && may(role, right)
}
