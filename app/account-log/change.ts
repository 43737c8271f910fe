import { rollBack, run, type Db, type Pool, type RolledBack } from '../db/db.server.ts'
import { lockAccount, type AccountState } from '../ledger/ledger.server.ts'
import { rightFor, type AccountAction } from '../values/teams/account-actions.ts'
import { may, type Role } from '../values/teams/roles.ts'
import { logAccount } from './log.ts'

/** Who changes an account; null is whoever runs this relay, who may do everything. */
export type Author = { accountId: number; userId: number | null }

/** A change under way, below its account's lock: all of this stays so until it is done. */
export type Change = Author & {
  db: Db
  account: AccountState
  /** What the author is in the account; null for whoever runs this relay or is not in it. */
  role: Role | null
  /** Writes a row of the account's log: what was done to what, and never a secret. */
  note(subject: string, detail?: object | null, action?: AccountAction): Promise<void>
}

/**
 * Somebody may not do in an account what they might when they opened its page. Thrown, so that no
 * form can take it for something else; nothing was changed, and pages say so.
 */
export class NoLongerAllowed extends Error {
  constructor() {
    super(
      'You may not do this in this account any more: your role in it has changed, or you have left ' +
        'it. Nothing was changed.',
    )
  }
}

const notAllowed = rollBack('not allowed any more')

/** What somebody is in an account now; undefined for who is not in it. */
export const readRole = async (
  db: Db,
  of: { accountId: number; userId: number },
): Promise<Role | undefined> => (await run(db, 'account-log/read-role', of))?.role

/** The same within a transaction that has locked the account already. */
export async function changeLocked(
  db: Db,
  account: AccountState,
  { accountId, userId }: Author,
  action: AccountAction,
): Promise<Change | 'not allowed'> {
  const role = userId === null ? null : ((await readRole(db, { accountId, userId })) ?? null)
  const right = rightFor[action]
  const isAllowed = userId === null || right === null || (role !== null && may(role, right))
  if (!isAllowed) return 'not allowed'
  return {
    accountId,
    userId,
    db,
    account,
    role,
    note: (subject, detail = null, noted = action) =>
      logAccount(db, { accountId, userId, action: noted, subject, detail }),
  }
}

/**
 * One change of an account, in one transaction: its row is locked, which whoever takes away a role
 * locks as well; then it is looked at whether the author may do this now, whatever they were when
 * their page was shown; and what is done is noted with it. Throws `NoLongerAllowed`. What `work`
 * rolls back is answered as it is. `first` may lock what is locked before accounts.
 */
export async function changeAccount<T>(
  pool: Pool,
  author: Author,
  action: AccountAction,
  work: (change: Change) => Promise<T>,
  first?: (db: Db) => Promise<unknown>,
): Promise<T | RolledBack<'no such account'>> {
  const result = await pool.transact(async (db) => {
    await first?.(db)
    const account = await lockAccount(db, author.accountId)
    if (!account) return rollBack('no such account')
    const change = await changeLocked(db, account, author, action)
    return change === 'not allowed' ? notAllowed : work(change)
  })
  if (result === notAllowed) throw new NoLongerAllowed()
  return result as T | RolledBack<'no such account'>
}
