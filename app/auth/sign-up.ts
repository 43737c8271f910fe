import { randomUUID } from 'node:crypto'
import { changeLocked } from '../account-log/account-log.server.ts'
import { run, isRolledBack, rollBack, type Db, type Pool } from '../db/db.server.ts'
import { insertKey } from '../keys/keys.server.ts'
import { lockAccount, writeEntry } from '../ledger/ledger.server.ts'
import { writeHome } from '../teams/teams.server.ts'
import type { Identity } from './providers/identity.ts'

type Known = { userId: number; accountId: number; name: string }
/** What comes with a new account. */
type Welcome = { creditNanos: number; keyName: string }
type SignedUp = Known & {
  isNew: boolean
  /** The secret of the first key: here and nowhere else. */
  firstKey?: string
}

/** Whose identity this is. */
export const findByIdentity = (
  db: Db,
  { provider, providerUserId }: Identity,
): Promise<Known | undefined> => run(db, 'auth/find-by-identity', { provider, providerUserId })

/** Somebody whom we know; for nobody else anything is made here. */
export async function findKnown(db: Db, identity: Identity): Promise<SignedUp | undefined> {
  const known = await findByIdentity(db, identity)
  if (!known) return undefined
  await writeHome(db, known.accountId, known.userId)
  return { ...known, isNew: false }
}

/** Whom an account was made for, where it was by a sign-in. */
export const findUserOf = (db: Db, accountId: number) =>
  run(db, 'auth/find-user-of-account', { accountId })

/** Makes the account's first key, and writes the credit it begins with. */
async function welcomeTo(db: Db, { accountId, userId }: Known, { creditNanos, keyName }: Welcome) {
  // The transaction that this is part of has made it.
  const account = (await lockAccount(db, accountId))!
  if (creditNanos > 0)
    await writeEntry(db, account, {
      accountId,
      kind: 'grant',
      planNanos: 0,
      balanceNanos: creditNanos,
      ref: `welcome:${accountId}`,
      actor: 'sign-up',
      note: 'Welcome credit',
    })
  const change = await changeLocked(db, account, { accountId, userId }, 'key create')
  if (change === 'not allowed') throw new Error('a new account is not its owner’s')
  return (await insertKey(change, { name: keyName })).secret
}

/**
 * Finds the person of an identity, or makes user and account, and with them the welcome, in one
 * transaction: once, however many callbacks race, because the identity's primary key lets a single
 * one through and makes the others wait for it.
 */
export async function findOrSignUp(
  pool: Pool,
  identity: Identity,
  welcome?: Welcome,
): Promise<SignedUp> {
  const signedUp = await findOrLetIn(pool, identity, welcome, () => Promise.resolve(true))
  if (!signedUp) throw new Error('an identity is neither there nor free')
  return signedUp
}

/**
 * The same where somebody new is let in by what works once: `spend` uses it up in the transaction that
 * makes the account, or says that it was used before; then there is nobody, and nothing was made.
 */
export async function findOrLetIn(
  pool: Pool,
  identity: Identity,
  welcome: Welcome | undefined,
  spend: (db: Db) => Promise<boolean>,
): Promise<SignedUp | undefined> {
  const known = await findKnown(pool, identity)
  if (known) return known
  const { provider, providerUserId, name, email } = identity
  const made = await pool.transact(async (db) => {
    const accountId = await run(db, 'auth/insert-account', { name })
    const userId = await run(db, 'auth/insert-user', { accountId, name, email })
    const claimed = await run(db, 'auth/insert-identity', { provider, providerUserId, userId })
    if (claimed !== 1) return rollBack('another was first')
    if (!(await spend(db))) return rollBack('it was used before')
    await writeHome(db, accountId, userId)
    const made = { userId, accountId, name }
    const firstKey = welcome && (await welcomeTo(db, made, welcome))
    return { ...made, isNew: true as const, firstKey }
  })
  if (!isRolledBack(made)) return made
  const other = await findByIdentity(pool, identity)
  return other && { ...other, isNew: false }
}

/** Somebody whom a history is made up for, beside the developer: each time somebody new. */
export const madeUpPerson = (): Identity => ({
  provider: 'local',
  providerUserId: `made-up-${randomUUID()}`,
  name: 'Made-up calls',
  email: null,
})

/** The one person of a relay that runs on their own machine. */
export const localDeveloper: Identity = {
  provider: 'local',
  providerUserId: 'developer',
  name: 'Local developer',
  email: null,
}
