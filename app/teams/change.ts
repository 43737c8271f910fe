import {
  isRolledBack,
  rollBack,
  run,
  type Db,
  type Pool,
  type RolledBack,
} from '../db/db.server.ts'
import { lockAccount } from '../ledger/ledger.server.ts'
import { may, mayDecideOver, type Right, type Role } from '../values/teams/roles.ts'

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
  | 'no such invitation'
  | 'invitation used'
  | 'invitation revoked'
  | 'invitation expired'

/** Who changes it: somebody, or null for whoever runs this relay, who may do everything. */
export type By = { userId: number | null }

export const refuse = (why: TeamRefusal) => rollBack(why)
export const notAllowed = refuse('not allowed')

/**
 * One change of an account's people, below the account's lock: what is read of them within holds
 * until it is done, also on another replica and on another node of a cluster.
 */
export async function changeTeam<T>(
  pool: Pool,
  accountId: number,
  work: (db: Db) => Promise<T | RolledBack<TeamRefusal>>,
): Promise<T | TeamRefusal> {
  const result = await pool.transact(async (db) => {
    if (!(await lockAccount(db, accountId))) return refuse('no such account')
    // Whoever is counted below has a row.
    await run(db, 'teams/write-homes', { accountId })
    return work(db)
  })
  return isRolledBack(result) ? (result.rolledBack as TeamRefusal) : (result as T)
}

/** What somebody is in an account now, whatever they were when their page was shown. */
export async function roleOf(db: Db, accountId: number, userId: number): Promise<Role | undefined> {
  const member = await run(db, 'teams/read-member', { accountId, userId })
  return member?.leftAt === null ? member.role : undefined
}

/** Whether whoever changes it may do that in the account. */
export async function allowedTo(db: Db, accountId: number, { userId }: By, right: Right) {
  if (userId === null) return true
  const role = await roleOf(db, accountId, userId)
  return role !== undefined && may(role, right)
}

/** Whether whoever changes it may make people these, or decide over who are. */
export async function decidesOver(db: Db, accountId: number, { userId }: By, over: Role[]) {
  if (userId === null) return true
  const role = await roleOf(db, accountId, userId)
  return role !== undefined && over.every((it) => mayDecideOver(role, it))
}

/** Whether nobody else owns the account. */
export async function isLastOwner(db: Db, accountId: number, userId: number): Promise<boolean> {
  const { total } = await run(db, 'teams/count-other-owners', { accountId, userId })
  return total === 0
}
