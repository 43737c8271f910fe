import { createHash } from 'node:crypto'
import { changeAccount, type Change } from '../account-log/account-log.server.ts'
import {
  inTime,
  run,
  isRolledBack,
  rollBack,
  type Db,
  type Pool,
  type Row,
} from '../db/db.server.ts'
import { limits } from '../config/limits.ts'
import type { Period } from '../values/keys/periods.ts'
import type { KeyStatus } from '../values/key-statuses.ts'
import { digestOf, newSecret } from './secret.ts'

export type ApiKey = Row<'keys/list'>
export type NewKey = {
  name: string
  expiresAt?: Date | null
  budgetNanos?: number | null
  /** A budget that begins anew so often; both or neither. */
  period?: Period | null
  periodBudgetNanos?: number | null
  /** The only models it may use; null for all. */
  models?: string[] | null
  /** The only networks it may be used from; null for all. */
  addresses?: string[] | null
  /** A body of the Responses API at the path of chat completions is taken for what it is. */
  responsesAtChat?: boolean
}
type Created = { id: number; secret: string }

/**
 * Writes a new key of whoever makes the change, or the account's own; for changes that have seen to
 * it that the account may have one more.
 */
export async function insertKey(
  { db, accountId, userId, note }: Change,
  key: NewKey,
): Promise<Created> {
  const secret = newSecret()
  const id = await run(db, 'keys/insert', {
    accountId,
    digest: digestOf(secret),
    name: key.name,
    prefix: secret.slice(0, 7),
    lastFour: secret.slice(-4),
    expiresAt: key.expiresAt ?? null,
    budgetNanos: key.budgetNanos ?? null,
    period: key.period ?? null,
    periodBudgetNanos: key.periodBudgetNanos ?? null,
    models: key.models ? JSON.stringify(key.models) : null,
    addresses: key.addresses ? JSON.stringify(key.addresses) : null,
    responsesAtChat: Number(key.responsesAtChat ?? false),
    userId,
  })
  await note(`key ${id}`, key)
  return { id, secret }
}

/**
 * Makes a key of a person, or the account’s own. The secret is in the answer and nowhere else: the
 * database keeps its digest. Answers undefined where the account is unknown or has as many keys as
 * it may have; throws `NoLongerAllowed` where the person may have none in it any more.
 */
export async function createKey(
  pool: Pool,
  accountId: number,
  key: NewKey,
  userId: number | null = null,
): Promise<Created | undefined> {
  const author = { accountId, userId }
  const result = await changeAccount(pool, author, 'key create', async (change) => {
    // The lock makes the count hold until the row is in.
    const { total } = await run(change.db, 'keys/count-usable', { accountId })
    // A count is never null, which a prepared statement does not know.
    if (total! >= limits.keys.perAccountMax) return rollBack('too many keys')
    return insertKey(change, key)
  })
  return isRolledBack(result) ? undefined : result
}

export const readKey = (pool: Db, accountId: number, id: number): Promise<ApiKey | undefined> =>
  run(pool, 'keys/read', { accountId, id })

/** Whether a key has the Responses API at the path of chat completions, as it stands now. */
export async function hasResponsesAtChat(db: Db, id: number): Promise<boolean> {
  const found = await inTime(limits.keys.findMsMax, run(db, 'keys/read-responses-at-chat', { id }))
  return found?.responsesAtChat === 1
}

/** What can be done with a key, at the moment its row was read. */
export function keyStatusOf(
  key: Pick<
    ApiKey,
    | 'revokedAt'
    | 'expired'
    | 'disabledAt'
    | 'budgetNanos'
    | 'spentNanos'
    | 'periodBudgetNanos'
    | 'periodSpentNanos'
  >,
): KeyStatus {
  if (key.revokedAt) return 'revoked'
  if (key.expired === 1) return 'expired'
  if (key.disabledAt) return 'disabled'
  const isSpent = (budget: number | null, spent: number) => budget !== null && spent >= budget
  const isUp = isSpent(key.periodBudgetNanos, key.periodSpentNanos ?? 0)
  return isUp || isSpent(key.budgetNanos, key.spentNanos) ? 'spent' : 'active'
}

/** What can be changed of a key, as it is now: a form brings it back to say what it was made from. */
export function versionOf(key: ApiKey): string {
  const { name, expiresAt, budgetNanos, period, periodBudgetNanos } = key
  const { models, addresses, responsesAtChat } = key
  const money = [expiresAt, budgetNanos, period, periodBudgetNanos]
  const fields = JSON.stringify([name, ...money, models, addresses, responsesAtChat])
  return createHash('sha256').update(fields).digest('hex')
}
