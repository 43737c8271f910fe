import { limits } from '../config/limits.ts'
import type { Db } from '../db/db.server.ts'
import { invitationIn } from '../paths.ts'
import type { Stores } from '../services.ts'
import { readInvitation } from '../teams/teams.server.ts'
import { firstKeyName } from '../values/keys/first-key.ts'
import { mayJoin } from './may-sign-up.ts'
import { spendOnce } from './once.ts'
import type { Identity } from './providers/identity.ts'
import { findKnown, findOrLetIn } from './sign-up.ts'

/** The link that somebody comes by, where it is one that still lets somebody into an account. */
async function openInvitation(db: Db, returnTo: string): Promise<string | undefined> {
  const token = invitationIn(returnTo)
  const found = token === undefined ? undefined : await readInvitation(db, token)
  return found?.state === 'open' ? token : undefined
}

/**
 * Who an identity belongs to. For somebody new an account is made, where this relay takes them in.
 * Where that is by invitation, each makes one, however many come by it and whatever they do then.
 * Whoever comes by one has come for another account: theirs begins without key and credit.
 */
export async function letIn({ db, env }: Stores, identity: Identity, returnTo: string) {
  // Looked up once: whoever is unlinked just now would else be made anew, by no rule.
  const known = await findKnown(db, identity)
  if (known) return known
  const invitation = await openInvitation(db, returnTo)
  const may = mayJoin(env, identity, invitation !== undefined)
  if (typeof may === 'string') return may
  const welcome =
    invitation === undefined ? { creditNanos: env.welcomeNanos, keyName: firstKeyName } : undefined
  const minutes = limits.teams.invitationHours * 60 * 2
  const spend = (db: Db) =>
    env.SIGN_UP === 'invitation'
      ? spendOnce(db, 'sign-up by invitation', invitation ?? '', minutes)
      : Promise.resolve(true)
  const made = await findOrLetIn(db, { ...identity, email: may.email }, welcome, spend)
  return made ?? 'sign-up-invitation'
}
