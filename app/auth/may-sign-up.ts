import type { Env } from '../config/env.ts'
import { domainOf } from '../config/sign-up.ts'
import type { Identity } from './providers/identity.ts'

/** Why somebody new gets no account. */
export type NotLetIn = 'sign-up-closed' | 'sign-up-invitation' | 'sign-up-domain'

/** Somebody new, with the address to keep of theirs, which the provider has verified. */
type LetIn = { email: string }

/** What is behind the last @, which no address has two of here. */
const domainIn = (email: string) => domainOf(email.slice(email.lastIndexOf('@') + 1))

/**
 * Whether a person whom nobody here knows may have an account, by what their provider has
 * verified and by what they come with. Whoever has one already is not asked.
 */
export function mayJoin(
  { SIGN_UP, SIGN_UP_DOMAINS = [] }: Pick<Env, 'SIGN_UP' | 'SIGN_UP_DOMAINS'>,
  { email, emails = email === null ? [] : [email] }: Identity,
  isInvited: boolean,
): LetIn | NotLetIn | 'no-verified-email' {
  if (SIGN_UP === 'closed') return 'sign-up-closed'
  if (SIGN_UP === 'invitation' && !isInvited) return 'sign-up-invitation'
  if (email === null) return 'no-verified-email'
  if (SIGN_UP !== 'domain') return { email }
  const own = emails.find((it) => SIGN_UP_DOMAINS.includes(domainIn(it)))
  return own === undefined ? 'sign-up-domain' : { email: own }
}
