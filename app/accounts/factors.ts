import { logAdmin } from '../admin/admin.server.ts'
import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Db, type Pool, type Row } from '../db/db.server.ts'
import { lockAccount, lockAccounts } from '../ledger/ledger.server.ts'
import { formatFactor, plainFactor } from '../values/factors.ts'
import type { AdminAction } from '../values/admin-actions.ts'

/**
 * What accounts pay, in basis points of the price: their own factor, else their group's, else the
 * price itself. It is written into the account's row, where a reservation reads it below the row's
 * lock; so a change holds for every later reservation, and for none that was made before.
 *
 * Groups are locked first, then accounts in the order of their ids, as everybody locks those: so no
 * two of these wait for each other, and neither does the ledger, which locks no groups.
 */

type Paying = { own: number | null; group: string | null }
export type Groups = ReadonlyMap<string, number>

/** Why a change was refused; nothing has changed then. */
export type FactorRefusal =
  'no such account' | 'no such group' | 'group has members' | 'too many members' | 'too many groups'
type FactorSet =
  { state: 'set' | 'unchanged'; factor: number } | { state: 'refused'; why: FactorRefusal }

export const lockGroups = async (db: Db): Promise<Groups> =>
  new Map((await run(db, 'accounts/lock-groups', {})).map(({ name, factor }) => [name, factor]))

/**
 * Makes the lock of a group one for a whole cluster (docs/decisions/0042): who changes it, or removes
 * it, at another node meanwhile sees other members, and one of the two is rolled back. Two writes,
 * because one that changes nothing is none.
 */
export async function writeLock(db: Db, name: string, groups: Groups) {
  const factor = groups.get(name) ?? plainFactor
  for (const each of [factor + 1, factor])
    await run(db, 'accounts/set-group-factor', { name, factor: each })
}

const factorOf = ({ own, group }: Paying, groups: Groups) =>
  own ?? (group === null ? undefined : groups.get(group)) ?? plainFactor

/** The ids of a group's members, in order; as many as one transaction may lock, and one more. */
export async function membersOf(db: Db, name: string): Promise<number[]> {
  const rows = limits.accounts.groupMembersMax + 1
  return (await run(db, 'accounts/list-members', { name, rows })).map(({ id }) => id)
}

type Change = {
  accountId: number
  actor: string
  action: AdminAction
  detail: Record<string, unknown>
  /** What becomes of what it pays by, or why that cannot be. */
  to(now: Paying, groups: Groups, db: Db): Promise<Paying | FactorRefusal>
}

async function changePaying(pool: Pool, change: Change): Promise<FactorSet> {
  const { accountId, actor, action, detail, to } = change
  let factor = plainFactor
  const result = await pool.transact(async (db) => {
    const groups = await lockGroups(db)
    if (!(await lockAccount(db, accountId))) return rollBack('no such account')
    // It is locked, and so it is there.
    const now = (await run(db, 'accounts/read-factor', { id: accountId }))!
    const before = { own: now.ownFactor, group: now.groupName }
    const after = await to(before, groups, db)
    if (typeof after === 'string') return rollBack(after)
    factor = factorOf(after, groups)
    const { own: ownFactor, group: groupName } = after
    const isSame = ownFactor === before.own && groupName === before.group && factor === now.factor
    if (isSame) return rollBack('unchanged')
    await run(db, 'accounts/write-factor', { id: accountId, factor, ownFactor, groupName })
    await logAdmin(db, { actor, action, subject: `account ${accountId}`, detail })
    return { state: 'set' as const }
  })
  if (!isRolledBack(result) || result.rolledBack === 'unchanged')
    return { state: isRolledBack(result) ? 'unchanged' : 'set', factor }
  return { state: 'refused', why: result.rolledBack as FactorRefusal }
}

/** Gives an account a factor of its own, which goes before its group's; null takes it back. */
export const setAccountFactor = (
  pool: Pool,
  { accountId, factor, actor }: { accountId: number; factor: number | null; actor: string },
): Promise<FactorSet> =>
  changePaying(pool, {
    accountId,
    actor,
    action: 'account factor',
    detail: { factor: factor === null ? null : formatFactor(factor) },
    to: ({ group }) => Promise.resolve({ own: factor, group }),
  })

/** Puts an account into a group, in place of the one it was in; null takes it out. */
export const setAccountGroup = (
  pool: Pool,
  { accountId, group, actor }: { accountId: number; group: string | null; actor: string },
): Promise<FactorSet> =>
  changePaying(pool, {
    accountId,
    actor,
    action: 'account group',
    detail: { group },
    async to(now, groups, db) {
      if (group === null || group === now.group) return { ...now, group }
      if (!groups.has(group)) return 'no such group'
      const { length } = await membersOf(db, group)
      if (length >= limits.accounts.groupMembersMax) return 'too many members'
      await writeLock(db, group, groups)
      return { ...now, group }
    },
  })

type GroupSet =
  { state: 'set' | 'unchanged'; members: number } | { state: 'refused'; why: FactorRefusal }

/**
 * Makes a group, or changes what its members pay: all of them in one transaction, so that there is
 * no moment at which some pay the old and some the new.
 */
export async function setGroup(
  pool: Pool,
  { name, factor, actor }: { name: string; factor: number; actor: string },
): Promise<GroupSet> {
  let members = 0
  const result = await pool.transact(async (db) => {
    const groups = await lockGroups(db)
    const ids = await membersOf(db, name)
    members = ids.length
    if (groups.get(name) === factor) return rollBack('unchanged')
    if (!groups.has(name) && groups.size >= limits.accounts.groupsMax)
      return rollBack('too many groups')
    if (groups.has(name)) await run(db, 'accounts/set-group-factor', { name, factor })
    else await run(db, 'accounts/insert-group', { name, factor })
    if (ids.length) {
      await lockAccounts(db, ids)
      await run(db, 'accounts/write-members-factor', { ids, factor })
    }
    const detail = { factor: formatFactor(factor), members }
    await logAdmin(db, { actor, action: 'group set', subject: `group ${name}`, detail })
    return { state: 'set' as const }
  })
  if (!isRolledBack(result)) return { state: 'set', members }
  if (result.rolledBack === 'unchanged') return { state: 'unchanged', members }
  return { state: 'refused', why: 'too many groups' }
}

/** Removes a group that nobody is in. */
export async function removeGroup(
  pool: Pool,
  { name, actor }: { name: string; actor: string },
): Promise<'removed' | 'no such group' | 'group has members'> {
  const result = await pool.transact(async (db) => {
    if (!(await lockGroups(db)).has(name)) return rollBack('no such group')
    if ((await membersOf(db, name)).length > 0) return rollBack('group has members')
    await run(db, 'accounts/delete-group', { name })
    await logAdmin(db, { actor, action: 'group remove', subject: `group ${name}` })
    return 'removed' as const
  })
  return isRolledBack(result) ? result.rolledBack : result
}

type AccountGroup = Row<'accounts/list-groups'>

/** The groups there are, by name, with how many accounts are in each. */
export const listGroups = (db: Db): Promise<AccountGroup[]> => run(db, 'accounts/list-groups', {})
