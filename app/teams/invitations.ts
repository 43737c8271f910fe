import { hash, randomBytes } from 'node:crypto'
import { readRole } from '../account-log/account-log.server.ts'
import { limits } from '../config/limits.ts'
import { run, type Db, type Pool, type Row } from '../db/db.server.ts'
import { formatUsd } from '../values/money.ts'
import type { InvitationState } from '../values/teams/invitation-states.ts'
import type { Role } from '../values/teams/roles.ts'
import { changeTeam, decidesOver, notAllowed, refuse, type TeamRefusal } from './change.ts'
import { fullFor } from './members.ts'

const { invitationDaysKept, invitationHours, peopleMax } = limits.teams

const form = /^[\w-]{22}$/
/** Of 128 random bits a plain hash is enough to know them by. */
const digestOf = (token: string): Buffer => hash('sha256', token, 'buffer')

type Made = { id: number; token: string }

/** What somebody is invited as, and by whom. */
type NewInvitation = {
  accountId: number
  by: { userId: number }
  role: Role
  capNanos: number | null
  /** Whom the link is for, to tell it from others; it lets in whoever brings it. */
  forWhom: string | null
}

/**
 * Makes a link into an account. Its token is in this answer and nowhere else: the database keeps
 * its digest. It lets one person in, within a week, while who made it stays what they are.
 */
export async function makeInvitation(
  pool: Pool,
  { accountId, by, role, capNanos, forWhom }: NewInvitation,
): Promise<Made | TeamRefusal> {
  const token = randomBytes(16).toString('base64url')
  const author = { accountId, userId: by.userId }
  return changeTeam(pool, author, 'invitation make', async (change) => {
    const { db } = change
    if (!decidesOver(change, [role])) return notAllowed
    const { people, invited } = await run(db, 'teams/count-people', { accountId })
    // Counts are never null, which a prepared statement does not know.
    if (people! + invited! >= peopleMax) return refuse('too many people')
    await run(db, 'teams/delete-old-invitations', {
      accountId,
      days: invitationDaysKept,
      rows: 100,
    })
    const row = { accountId, role, capNanos, forWhom, madeBy: by.userId, hours: invitationHours }
    const id = await run(db, 'teams/insert-invitation', { ...row, digest: digestOf(token) })
    const detail = { role, for: forWhom, cap_usd: capNanos === null ? null : formatUsd(capNanos) }
    await change.note(`invitation ${id}`, detail)
    return { id, token }
  })
}

export type Invitation = Row<'teams/find-invitation'>

/** What a link says, also when it lets nobody in any more; undefined where there is none. */
export async function readInvitation(db: Db, token: string): Promise<Invitation | undefined> {
  if (!form.test(token)) return undefined
  return run(db, 'teams/find-invitation', { digest: digestOf(token) })
}

/** The invitations of an account, the newest first, and what became of them. */
export const listInvitations = (db: Db, accountId: number) =>
  run(db, 'teams/list-invitations', { accountId, rows: peopleMax })

/** Ends a link that nobody has used. */
export async function revokeInvitation(
  pool: Pool,
  { accountId, id, by }: { accountId: number; id: number; by: { userId: number } },
): Promise<'revoked' | TeamRefusal> {
  const author = { accountId, userId: by.userId }
  return changeTeam(pool, author, 'invitation revoke', async (change) => {
    const { db } = change
    const invitation = await run(db, 'teams/read-invitation', { accountId, id })
    if (!invitation) return refuse('no such invitation')
    if (!decidesOver(change, [invitation.role])) return notAllowed
    if ((await run(db, 'teams/revoke-invitation', { accountId, id })) !== 1)
      return refuse('no such invitation')
    await change.note(`invitation ${id}`, { role: invitation.role, for: invitation.forWhom })
    return 'revoked' as const
  })
}

const whyClosed = {
  open: 'invitation used',
  used: 'invitation used',
  revoked: 'invitation revoked',
  expired: 'invitation expired',
} satisfies Record<InvitationState, TeamRefusal>

/**
 * Lets somebody into the account that a link is for, as what it says: once, however many bring it.
 * Who is in it already stays what they are there, and the link is not used up.
 */
export async function acceptInvitation(
  pool: Pool,
  { token, userId }: { token: string; userId: number },
): Promise<{ accountId: number } | TeamRefusal> {
  const found = await readInvitation(pool, token)
  if (!found) return 'no such invitation'
  const { accountId } = found
  const digest = digestOf(token)
  return changeTeam(pool, { accountId, userId }, 'member join', async ({ db, note }) => {
    if (await readRole(db, { accountId, userId })) return refuse('already a member')
    const full = await fullFor(db, accountId, userId)
    if (full) return refuse(full)
    if ((await run(db, 'teams/use-invitation', { digest, userId })) !== 1) {
      const now = await run(db, 'teams/find-invitation', { digest })
      return refuse(now ? whyClosed[now.state] : 'no such invitation')
    }
    const { id, role, capNanos } = found
    await run(db, 'teams/put-member', { accountId, userId, role, capNanos })
    await note(`user ${userId}`, { role, invitation: id })
    return { accountId }
  })
}
