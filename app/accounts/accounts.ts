import { limits } from '../config/limits.ts'
import { logAdmin } from '../admin/admin.server.ts'
import { run, rollBack, type Db, type Pool, type Row } from '../db/db.server.ts'
import type { AccountStatus } from '../values/account-statuses.ts'
import { lockAccount } from '../ledger/ledger.server.ts'

export type AccountRow = Row<'accounts/list'>
type AccountUser = Row<'accounts/list-users'>
export type Account = Row<'accounts/read'> & { users: AccountUser[] }

/** Accounts with ids above `after`, lowest first. */
export const listAccounts = (
  db: Db,
  page: { after: number; rows: number },
): Promise<AccountRow[]> => run(db, 'accounts/list', page)

/** One account with its plan and its people. */
export async function readAccount(db: Db, id: number): Promise<Account | undefined> {
  const account = await run(db, 'accounts/read', { id })
  if (!account) return undefined
  return {
    ...account,
    users: await run(db, 'accounts/list-users', { accountId: id, rows: limits.accounts.usersMax }),
  }
}

/** The ids of the accounts, up to ten, whose people have this e-mail address. */
export async function findAccountsByEmail(db: Db, email: string): Promise<number[]> {
  const found = await run(db, 'accounts/find-by-email', { email, rows: 10 })
  return found.map(({ accountId }) => accountId)
}

/** Whose key this is. */
export const findAccountByKey = async (db: Db, keyId: number): Promise<number | undefined> =>
  (await run(db, 'accounts/find-by-key', { keyId }))?.accountId

/** Makes an account without people and without money; answers its id. */
export async function createAccount(pool: Pool, name: string, actor: string): Promise<number> {
  const id = await pool.transact(async (db) => {
    const made = await run(db, 'accounts/insert', { name })
    const subject = `account ${made}`
    await logAdmin(db, { actor, action: 'account create', subject, detail: { name } })
    return made
  })
  return id as number
}

/**
 * Suspends or activates an account, under its lock: once this has resolved, no call of a suspended
 * account starts anywhere. Calls under way are ended by announcing its keys as revoked.
 */
export async function setAccountStatus(
  pool: Pool,
  change: { accountId: number; status: AccountStatus; actor: string },
): Promise<'set' | 'unchanged' | 'no such account'> {
  const { accountId, status, actor } = change
  const action = status === 'active' ? 'account activate' : 'account suspend'
  const result = await pool.transact(async (db) => {
    const account = await lockAccount(db, accountId)
    if (!account) return rollBack('no such account')
    if (account.status === status) return rollBack('unchanged')
    await run(db, 'accounts/set-status', { id: accountId, status })
    await logAdmin(db, { actor, action, subject: `account ${accountId}` })
    return 'set' as const
  })
  if (result === 'set') return result
  return result.rolledBack === 'unchanged' ? 'unchanged' : 'no such account'
}
