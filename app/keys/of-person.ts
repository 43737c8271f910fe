import { run, type Db } from '../db/db.server.ts'

/**
 * Revokes all keys that somebody has in an account, whose lock the caller holds: no call of theirs
 * starts any more. Answers which they were; announcing those ends their streams.
 */
export async function revokeKeysOf(db: Db, accountId: number, userId: number): Promise<number[]> {
  const keys = await run(db, 'keys/list-of-person', { accountId, userId })
  if (keys.length) await run(db, 'keys/revoke-of-person', { accountId, userId })
  return keys.map(({ id }) => id)
}
