import { run, Refused, type Pool } from '../db/db.server.ts'

export type Identity = {
  provider: string
  providerUserId: string
  name: string
  email: string | null
}
export type SignedUp = { userId: number; accountId: number; name: string; isNew: boolean }

/**
 * Finds the person of an identity, or makes user and account in one transaction: once, however many
 * callbacks race, because the identity's primary key lets a single one through.
 */
export async function findOrSignUp(pool: Pool, identity: Identity): Promise<SignedUp> {
  const { provider, providerUserId, email } = identity
  const name = identity.name.slice(0, 200)
  const find = () => run(pool, 'auth/find-by-identity', { provider, providerUserId })
  const known = await find()
  if (known) return { ...known, isNew: false }
  const made = await pool.transact(async (db) => {
    const accountId = await run(db, 'auth/insert-account', { name })
    const userId = await run(db, 'auth/insert-user', { accountId, name, email })
    const claimed = await run(db, 'auth/insert-identity', { provider, providerUserId, userId })
    return claimed === 1
      ? { userId, accountId, name, isNew: true }
      : new Refused('another was first')
  })
  if (!(made instanceof Refused)) return made
  const other = await find()
  if (!other) throw new Error('an identity is neither there nor free')
  return { ...other, isNew: false }
}

/** The one person of a relay that runs on his own machine. */
export const localDeveloper: Identity = {
  provider: 'local',
  providerUserId: 'developer',
  name: 'Local developer',
  email: null,
}
