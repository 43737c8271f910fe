import { changeAccount } from '../account-log/account-log.server.ts'
import { isRolledBack, rollBack, run, type Db, type Pool } from '../db/db.server.ts'

/** By whose midnights the account's days begin; undefined where there is no such account. */
export const readTimeZone = async (db: Db, accountId: number): Promise<string | undefined> =>
  (await run(db, 'accounts/read-time-zone', { id: accountId }))?.timeZone

/**
 * Sets it, to one that `timeZoneOf` has answered. A budget's period that has begun ends when it would
 * have, so that nobody has a second one of it by moving; false where nothing has changed.
 */
export async function setTimeZone(
  pool: Pool,
  { accountId, zone, userId }: { accountId: number; zone: string; userId: number | null },
): Promise<boolean> {
  const author = { accountId, userId }
  const result = await changeAccount(pool, author, 'time zone set', async ({ db, note }) => {
    if ((await readTimeZone(db, accountId)) === zone) return rollBack('unchanged')
    await run(db, 'accounts/set-time-zone', { id: accountId, zone })
    await note(`account ${accountId}`, { time_zone: zone })
    return true
  })
  return !isRolledBack(result)
}
