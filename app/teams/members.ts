import { readRole, type Change } from '../account-log/account-log.server.ts'
import { insertNoBetter, lockGroups, type Groups } from '../accounts/accounts.server.ts'
import { logAdmin } from '../admin/admin.server.ts'
import { limits } from '../config/limits.ts'
import { run, type Db, type Pool } from '../db/db.server.ts'
import { revokeKeysOf } from '../keys/keys.server.ts'
import { formatFactor } from '../values/factors.ts'
import { formatUsd } from '../values/money.ts'
import { may, type Role } from '../values/teams/roles.ts'
import { changeTeam, decidesOver, isLastOwner, notAllowed, refuse } from './change.ts'
import type { TeamRefusal } from './change.ts'
import { writeHome } from './home.ts'

const { accountsMax, homesMax, peopleMax } = limits.teams

/** Who does it: somebody of the account, or an operator by the name their log knows them by. */
type Changer = { userId: number; actor?: undefined } | { userId: null; actor: string }
type Named = { accountId: number; userId: number; by: Changer }
type Action = 'member add' | 'member role' | 'member cap' | 'member remove'

const capText = (nanos: number | null) => (nanos === null ? null : formatUsd(nanos))

/** Into the account's log, and for an operator into theirs as well. */
async function noteBoth(
  change: Change,
  { accountId, userId, by }: Named,
  action: Action,
  detail: object,
) {
  const subject = `user ${userId}`
  await change.note(subject, detail, action)
  if (by.userId !== null) return
  const { actor } = by
  await logAdmin(change.db, {
    actor,
    action,
    subject,
    detail: { account_id: accountId, ...detail },
  })
}

const authorOf = ({ accountId, by }: Named) => ({ accountId, userId: by.userId })

/** Whether there is room for one more, in the account and in what one person may be in. */
export async function fullFor(
  db: Db,
  accountId: number,
  userId: number,
): Promise<TeamRefusal | undefined> {
  const { people } = await run(db, 'teams/count-people', { accountId })
  // Counts are never null, which a prepared statement does not know.
  if (people! >= peopleMax) return 'too many people'
  const { total } = await run(db, 'teams/count-accounts-of', { userId })
  // Nor is this one.
  return total! >= accountsMax ? 'too many accounts' : undefined
}

/** Puts somebody who is known here into an account; for an operator. */
export async function addMember(
  pool: Pool,
  asked: Named & { role: Role; capNanos: number | null },
): Promise<'added' | TeamRefusal> {
  const { accountId, userId, role, capNanos } = asked
  return changeTeam(pool, authorOf(asked), 'member add', async (change) => {
    const { db } = change
    if (!(await run(db, 'teams/find-person', { userId }))) return refuse('no such person')
    if (await readRole(db, { accountId, userId })) return refuse('already a member')
    const full = await fullFor(db, accountId, userId)
    if (full) return refuse(full)
    await run(db, 'teams/put-member', { accountId, userId, role, capNanos })
    await noteBoth(change, asked, 'member add', { role, cap_usd: capText(capNanos) })
    return 'added' as const
  })
}

type Set = { state: 'set' | 'unchanged'; revokedKeys: number[] }

/**
 * Makes somebody another thing in an account, or lets them use so much of its money in a month. The
 * last owner stays one. Who may have no keys any more has none from then on, and what somebody has
 * handed out of invitations ends with what they were.
 */
export async function setMember(
  pool: Pool,
  asked: Named & { role: Role; capNanos: number | null },
): Promise<Set | TeamRefusal> {
  const { accountId, userId, role, capNanos } = asked
  return changeTeam(pool, authorOf(asked), 'member role', async (change) => {
    const { db } = change
    const member = await run(db, 'teams/read-member', { accountId, userId })
    if (member?.leftAt !== null) return refuse('no such member')
    if (!decidesOver(change, [member.role, role])) return notAllowed
    const isOther = member.role !== role
    if (isOther && member.role === 'owner' && (await isLastOwner(db, accountId, userId)))
      return refuse('last owner')
    const isOtherCap = member.capNanos !== capNanos
    if (!isOther && !isOtherCap) return { state: 'unchanged', revokedKeys: [] } as const
    await run(db, 'teams/set-member', { accountId, userId, role, capNanos })
    const caps = { from_usd: capText(member.capNanos), to_usd: capText(capNanos) }
    if (isOtherCap) await noteBoth(change, asked, 'member cap', caps)
    if (!isOther) return { state: 'set', revokedKeys: [] } as const
    await noteBoth(change, asked, 'member role', { from: member.role, to: role })
    await run(db, 'teams/revoke-invitations-of', { accountId, userId })
    const isKeyless = !may(role, 'manage-own-keys')
    const revokedKeys = isKeyless ? await revokeKeysOf(db, accountId, userId) : []
    return { state: 'set', revokedKeys } as const
  })
}

type Moving = Named & { name: string; homesLeft: number; groups: Groups }

/**
 * Whose home an account was gets a new one, without money: everybody has an account of their own.
 * It stands no better than one that is made for anybody, and no better than the one they leave.
 * Each is in the operator's log. Nobody leaves many of them: who is taken out of one more gets an account
 * that is suspended until whoever runs this relay has looked at it.
 */
async function moveOut(
  db: Db,
  { accountId: fromId, userId, by, name, homesLeft, groups }: Moving,
): Promise<TeamRefusal | undefined> {
  const isSuspended = homesLeft >= homesMax
  if (isSuspended && by.userId === userId) return 'too many homes'
  const made = await insertNoBetter(db, { name, fromId, isSuspended }, groups)
  if (made === 'no room') return made
  const { id: toId, factor, group, limits: held } = made
  await run(db, 'teams/move-home', { userId, fromId, toId })
  await writeHome(db, toId, userId)
  await logAdmin(db, {
    actor: by.userId === null ? by.actor : `user:${by.userId}`,
    action: 'account create',
    subject: `account ${toId}`,
    detail: {
      name,
      user_id: userId,
      in_place_of: fromId,
      homes_left: homesLeft + 1,
      factor: formatFactor(factor),
      group,
      limits: held,
      is_suspended: isSuspended,
    },
  })
  return undefined
}

type Removed = { state: 'removed'; revokedKeys: number[] }

/**
 * Takes somebody out of an account, or lets them leave it; the last owner cannot. Their keys of it
 * are revoked in the same transaction; announcing those ends their streams.
 */
export async function removeMember(pool: Pool, asked: Named): Promise<Removed | TeamRefusal> {
  const { accountId, userId, by } = asked
  const isLeaving = by.userId === userId
  const action = isLeaving ? 'member leave' : 'member remove'
  let groups: Groups = new Map()
  const work = async (change: Change) => {
    const { db } = change
    const member = await run(db, 'teams/read-member', { accountId, userId })
    if (member?.leftAt !== null) return refuse('no such member')
    if (!isLeaving && !decidesOver(change, [member.role])) return notAllowed
    if (member.role === 'owner' && (await isLastOwner(db, accountId, userId)))
      return refuse('last owner')
    await run(db, 'teams/end-member', { accountId, userId })
    await run(db, 'teams/revoke-invitations-of', { accountId, userId })
    const revokedKeys = await revokeKeysOf(db, accountId, userId)
    if (member.isHome === 1) {
      const { name, homesLeft } = member
      const why = await moveOut(db, { ...asked, name, homesLeft, groups })
      if (why) return refuse(why)
    }
    const detail = { name: member.name, role: member.role, revoked_keys: revokedKeys }
    if (action === 'member leave') await change.note(`user ${userId}`, detail)
    else await noteBoth(change, asked, action, detail)
    return { state: 'removed', revokedKeys } as const
  }
  // Groups are locked before accounts. An account that is somebody's home may cease to be so, and
  // none becomes one; who has no row yet may be at home.
  return changeTeam(pool, authorOf(asked), action, work, async (db) => {
    const member = await run(db, 'teams/read-member', { accountId, userId })
    if (member?.isHome !== 0) groups = await lockGroups(db)
  })
}
