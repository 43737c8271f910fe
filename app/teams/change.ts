import { changeAccount, type Author, type Change } from '../account-log/account-log.server.ts'
import {
  isRolledBack,
  rollBack,
  run,
  type Db,
  type Pool,
  type RolledBack,
} from '../db/db.server.ts'
import type { AccountAction } from '../values/teams/account-actions.ts'
import { mayDecideOver, type Role } from '../values/teams/roles.ts'

/** Why nothing of an account's people was changed. */
export type TeamRefusal =
  | 'no such account'
  | 'no such person'
  | 'no such member'
  | 'already a member'
  | 'not allowed'
  | 'last owner'
  | 'too many people'
  | 'too many accounts'
  | 'too many homes'
  | 'no room'
  | 'no such invitation'
  | 'invitation used'
  | 'invitation revoked'
  | 'invitation expired'

export const refuse = (why: TeamRefusal) => rollBack(why)
export const notAllowed = refuse('not allowed')

/**
 * One change of an account's people, below the account's lock: what is read of them within holds
 * until it is done, also on another replica and on another node of a cluster. Throws
 * `NoLongerAllowed` where the author may not decide about people any more.
 */
export async function changeTeam<T>(
  pool: Pool,
  author: Author,
  action: AccountAction,
  work: (change: Change) => Promise<T | RolledBack<TeamRefusal>>,
  first?: (db: Db) => Promise<unknown>,
): Promise<T | TeamRefusal> {
  const within = async (change: Change) => {
    // Whoever is counted below has a row.
    await run(change.db, 'teams/write-homes', { accountId: author.accountId })
    return work(change)
  }
  const result = await changeAccount(pool, author, action, within, first)
  return isRolledBack(result) ? (result.rolledBack as TeamRefusal) : (result as T)
}

/** Whether whoever changes it may make people these, or decide over who are. */
export const decidesOver = ({ userId, role }: Change, over: Role[]): boolean =>
  userId === null || (role !== null && over.every((it) => mayDecideOver(role, it)))

/** Whether nobody else owns the account. */
export async function isLastOwner(db: Db, accountId: number, userId: number): Promise<boolean> {
  const { total } = await run(db, 'teams/count-other-owners', { accountId, userId })
  return total === 0
}
