import type { Env } from '../config/env.ts'
import { isRolledBack, rollBack, run, type Pool } from '../db/db.server.ts'
import type { IdentityProvider } from '../values/provider-names.ts'
import type { Identity } from './providers/identity.ts'
import { signInWays } from './providers/providers.ts'
import { endOtherSessions, type Person } from './session.ts'

type Named = Pick<Identity, 'provider' | 'providerUserId'>

/** Whether somebody could sign in by this one, as this relay is set up. */
export const isUsable = (env: Env, provider: IdentityProvider): boolean =>
  provider === 'local' ? signInWays(env).local : env.providers[provider] !== undefined

/**
 * Takes a way to sign in from its owner, while another one is left that works here: `last` where
 * none is, `gone` where it is not theirs. However many are taken at once, one stays. Whoever is
 * signed in elsewhere is signed out, because nobody knows by which way they came; once more
 * afterwards, for one who came by this way a moment ago.
 */
export async function unlinkIdentity(
  pool: Pool,
  env: Env,
  person: Person,
  { provider, providerUserId }: Named,
): Promise<'unlinked' | 'last' | 'gone'> {
  const { userId } = person
  const done = await pool.transact(async (db) => {
    await run(db, 'auth/lock-for-unlink', { userId })
    const linked = await run(db, 'auth/list-identities', { userId })
    const isIt = (it: Named) => it.provider === provider && it.providerUserId === providerUserId
    if (!linked.some(isIt)) return rollBack('gone')
    if (!linked.some((it) => !isIt(it) && isUsable(env, it.provider))) return rollBack('last')
    await run(db, 'auth/delete-identity', { provider, providerUserId, userId })
    await endOtherSessions(db, person)
    return 'unlinked' as const
  })
  if (isRolledBack(done)) return done.rolledBack === 'gone' ? 'gone' : 'last'
  await endOtherSessions(pool, person)
  return done
}
