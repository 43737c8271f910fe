import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import { copyLimit } from '../rates/rates.server.ts'
import { membersOf, writeLock, type Groups } from './factors.ts'

/**
 * Makes an account, without people and without money, that stands with whoever runs this relay as
 * another one does: suspended where that is, in its group, paying what it pays, held by its limits.
 * The caller has locked the groups and then the other account, in this order (`lockGroups`), so that
 * a group that is changed at the same moment is changed for both. `no room` where the group or the
 * table of limits is full.
 */
export async function insertAccountLike(
  db: Db,
  { name, fromId }: { name: string; fromId: number },
  groups: Groups,
): Promise<number | 'no room'> {
  const group = (await run(db, 'accounts/read-factor', { id: fromId }))?.groupName ?? null
  if (group !== null) {
    const { length } = await membersOf(db, group)
    if (length >= limits.accounts.groupMembersMax) return 'no room'
    await writeLock(db, group, groups)
  }
  const id = await run(db, 'accounts/insert-like', { name, fromId })
  return (await copyLimit(db, fromId, id)) ? id : 'no room'
}
