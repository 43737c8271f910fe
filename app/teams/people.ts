import { changeAccount, type Author } from '../account-log/account-log.server.ts'
import { limits } from '../config/limits.ts'
import { run, type Db, type Pool, type Row } from '../db/db.server.ts'

const { accountsMax, peopleMax } = limits.teams

type Person = Row<'teams/list-people'>
type Member = Row<'teams/read-member'>

/** Who is in an account, in the order in which they came. */
export const listPeople = (db: Db, accountId: number): Promise<Person[]> =>
  run(db, 'teams/list-people', { accountId, rows: peopleMax })

/** Somebody who is in an account; undefined also where they have left it. */
export async function readMember(
  db: Db,
  accountId: number,
  userId: number,
): Promise<Member | undefined> {
  const member = await run(db, 'teams/read-member', { accountId, userId })
  return member?.leftAt === null ? member : undefined
}

/** What somebody may spend of an account in a month, and what of it is used; undefined without a cap. */
export const readCap = (db: Db, accountId: number, userId: number) =>
  run(db, 'teams/read-cap', { accountId, userId })

/** The accounts that somebody may work in. */
export const listAccountsOf = (
  db: Db,
  person: { userId: number; homeAccountId: number },
): Promise<{ id: number; name: string }[]> => {
  const { userId, homeAccountId } = person
  return run(db, 'teams/list-accounts-of', { userId, homeAccountId, rows: accountsMax })
}

/** Gives an account another name. */
export const renameAccount = (pool: Pool, author: Author, name: string): Promise<unknown> =>
  changeAccount(pool, author, 'account rename', async ({ db, accountId, note }) => {
    await run(db, 'teams/rename-account', { accountId, name })
    await note(`account ${accountId}`, { name })
  })
