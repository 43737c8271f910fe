import type { Person } from '../../auth/auth.server.ts'
import type { Db } from '../../db/db.server.ts'
import { readAccount } from '../../accounts/accounts.server.ts'
import { listInvitations, listPeople } from '../../teams/teams.server.ts'
import { may, mayDecideOver, roles } from '../../values/teams/roles.ts'

/**
 * Who is in the account, and who is invited. Who may not decide about people sees themselves alone.
 */
export async function readPeoplePage(db: Db, person: Person) {
  const { accountId, userId, role } = person
  const isManager = may(role, 'manage-people')
  const [account, people, invitations] = await Promise.all([
    readAccount(db, accountId),
    listPeople(db, accountId),
    isManager ? listInvitations(db, accountId) : [],
  ])
  return {
    accountName: account?.name ?? '',
    isManager,
    mayRename: may(role, 'manage-account'),
    /** What whoever looks may invite others as. */
    offered: roles.filter((it) => mayDecideOver(role, it)),
    people: people
      .filter((it) => isManager || it.userId === userId)
      .map(({ userId: id, usableKeys, ...it }) => ({
        ...it,
        id,
        usableKeys: usableKeys ?? 0,
        isSelf: id === userId,
      })),
    invitations: invitations.map((it) => ({
      ...it,
      mayRevoke: it.state === 'open' && mayDecideOver(role, it.role),
    })),
  }
}
