import { run, type Db } from '../db/db.server.ts'

/**
 * Writes that somebody owns the account that was made for them. Older releases make people
 * without that row, and may run beside this one: until it is written its absence means the same.
 */
export const writeHome = async (db: Db, accountId: number, userId: number): Promise<void> =>
  void (await run(db, 'teams/write-home', { accountId, userId }))
