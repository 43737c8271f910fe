import { changeAccount, type Change } from '../account-log/account-log.server.ts'
import { deriveKey } from '../config/derive-key.ts'
import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Db, type Pool, type Row } from '../db/db.server.ts'
import { insertKey } from './keys.ts'
import { digestOf, secretOf } from './secret.ts'

/** What a secret of a playground follows from, besides its key: nobody else can work it out. */
type Maker = { SESSION_SECRET: string; installation: string }
type Whose = { accountId: number; userId: number }
type PlaygroundKey = { id: number; secret: string; isExpired: boolean }

const { dayBudgetNanos } = limits.playground

/**
 * The how many-th secret of a key. It is worked out whenever it is needed, so that it is kept
 * nowhere: neither in the database nor in a browser (docs/decisions/0058).
 */
const nthSecret = (maker: Maker, keyId: number, secretNo: number) =>
  secretOf(deriveKey(maker, `playground key ${maker.installation} ${keyId} ${secretNo}`))

/** The key with its secret, unless that is another's: `SESSION_SECRET` was, when it was made. */
function withSecret(maker: Maker, key: Row<'keys/find-playground'>): PlaygroundKey | undefined {
  const secret = nthSecret(maker, key.id, key.secretNo)
  if (!digestOf(secret).equals(key.digest)) return undefined
  return { id: key.id, secret, isExpired: key.expired === 1 }
}

/** The models, as JSON, that somebody has narrowed the key of their playground to; null for all. */
export const playgroundModels = async (db: Db, whose: Whose): Promise<string | null> =>
  (await run(db, 'keys/find-playground', whose))?.models ?? null

/**
 * The key that somebody calls with from the playground of an account, and its secret. It is made
 * where there is none that is not revoked, so that there is never more than one; where its secret
 * does not follow from `maker`, it gets another. Undefined where the account has as many keys as it
 * may have; throws `NoLongerAllowed` where the person may have none in it.
 */
export async function playgroundKey(
  pool: Pool,
  maker: Maker,
  whose: Whose,
): Promise<PlaygroundKey | undefined> {
  const found = await run(pool, 'keys/find-playground', whose)
  return (found && withSecret(maker, found)) ?? renewed(pool, maker, whose)
}

/** The same below the account's lock, for a key that is not there, or has another secret. */
async function renewed(pool: Pool, maker: Maker, whose: Whose): Promise<PlaygroundKey | undefined> {
  const result = await changeAccount(pool, whose, 'key create', async (change) => {
    const { db, note } = change
    const found = await run(db, 'keys/find-playground', whose)
    if (found) {
      // Whoever came at the same time has given it one already.
      const own = withSecret(maker, found)
      if (own) return own
      await note(`key ${found.id}`, { hours: 0 }, 'key rotate')
      return rotate(change, maker, found)
    }
    const { total } = await run(db, 'keys/count-usable', { accountId: whose.accountId })
    // A count is never null, which a prepared statement does not know.
    if (total! >= limits.keys.perAccountMax) return rollBack('too many keys')
    const bounds = { period: 'day', periodBudgetNanos: dayBudgetNanos } as const
    const { id } = await insertKey(change, { name: 'playground', ...bounds })
    await run(db, 'keys/put-playground', { ...whose, keyId: id })
    return rotate(change, maker, { id, secretNo: 0, expired: 0 })
  })
  return isRolledBack(result) ? undefined : result
}

/** Gives a key, which has its how many-th secret now, the next one that follows from the maker's. */
async function rotate(
  { db, accountId }: Change,
  maker: Maker,
  { id, secretNo, expired }: { id: number; secretNo: number; expired: number | null },
): Promise<PlaygroundKey> {
  const secret = nthSecret(maker, id, secretNo + 1)
  const shown = { digest: digestOf(secret), prefix: secret.slice(0, 7), lastFour: secret.slice(-4) }
  await run(db, 'keys/rotate', { id, accountId, hours: 0, ...shown })
  return { id, secret, isExpired: expired === 1 }
}
