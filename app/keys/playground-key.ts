import { changeAccount, type Change } from '../account-log/account-log.server.ts'
import { deriveKey } from '../config/derive-key.ts'
import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Pool, type Row } from '../db/db.server.ts'
import { insertKey } from './keys.ts'
import { digestOf, secretOf } from './secret.ts'

/** What a secret of a playground follows from, besides its key: nobody else can work it out. */
type Maker = { SESSION_SECRET: string; installation: string }

const { dayBudgetNanos } = limits.playground

/**
 * The how many-th secret of a key. It is worked out whenever it is needed, so that it is kept
 * nowhere: neither in the database nor in a browser (docs/decisions/0058).
 */
const nthSecret = (maker: Maker, keyId: number, secretNo: number) =>
  secretOf(deriveKey(maker, `playground key ${maker.installation} ${keyId} ${secretNo}`))

/** The secret of a key, unless somebody has given it another. */
function ownSecret(maker: Maker, key: Row<'keys/find-playground'>): string | undefined {
  const secret = nthSecret(maker, key.id, key.secretNo)
  return digestOf(secret).equals(key.digest) ? secret : undefined
}

/**
 * The secret of the key that somebody calls with from the playground of an account. The key is made
 * where there is none that is not revoked, so that there is never more than one; where it has a
 * secret that somebody has given it by hand, it gets another. Undefined where the account has as
 * many keys as it may have; throws `NoLongerAllowed` where the person may have none in it.
 */
export async function playgroundSecret(
  pool: Pool,
  maker: Maker,
  author: { accountId: number; userId: number },
): Promise<string | undefined> {
  const found = await run(pool, 'keys/find-playground', author)
  return (found && ownSecret(maker, found)) ?? renewed(pool, maker, author)
}

/** The same below the account's lock, for a key that is not there, or has another secret. */
async function renewed(
  pool: Pool,
  maker: Maker,
  author: { accountId: number; userId: number },
): Promise<string | undefined> {
  const result = await changeAccount(pool, author, 'key create', async (change) => {
    const { db, note } = change
    const found = await run(db, 'keys/find-playground', author)
    if (found) {
      // Whoever came at the same time has given it one already.
      const own = ownSecret(maker, found)
      if (own !== undefined) return own
      await note(`key ${found.id}`, { hours: 0 }, 'key rotate')
      return rotate(change, maker, found)
    }
    const { total } = await run(db, 'keys/count-usable', { accountId: author.accountId })
    // A count is never null, which a prepared statement does not know.
    if (total! >= limits.keys.perAccountMax) return rollBack('too many keys')
    const bounds = { period: 'day', periodBudgetNanos: dayBudgetNanos } as const
    const { id } = await insertKey(change, { name: 'playground', ...bounds })
    await run(db, 'keys/put-playground', { ...author, keyId: id })
    return rotate(change, maker, { id, secretNo: 0 })
  })
  return isRolledBack(result) ? undefined : result
}

/** Gives a key, which has its how many-th secret now, the next one that follows from the maker's. */
async function rotate(
  { db, accountId }: Change,
  maker: Maker,
  { id, secretNo }: { id: number; secretNo: number },
): Promise<string> {
  const secret = nthSecret(maker, id, secretNo + 1)
  const shown = { digest: digestOf(secret), prefix: secret.slice(0, 7), lastFour: secret.slice(-4) }
  await run(db, 'keys/rotate', { id, accountId, hours: 0, ...shown })
  return secret
}
