import { run, type Pool } from '../app/db/db.server.ts'

/** Whoever owns an account that a test has made: they are made where nobody does yet. */
export async function ownerOf(pool: Pool, accountId: number): Promise<number> {
  const known = await run(pool, 'auth/find-user-of-account', { accountId })
  if (known) return known.userId
  return run(pool, 'auth/insert-user', { accountId, name: 'an owner', email: null })
}

/** A change of an account by its owner. */
export const byOwner = async (pool: Pool, { accountId }: { accountId: number }) => ({
  accountId,
  userId: await ownerOf(pool, accountId),
})
