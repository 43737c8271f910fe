import { createHash } from 'node:crypto'
import {
  inTime,
  run,
  isRolledBack,
  rollBack,
  type Db,
  type Pool,
  type Row,
} from '../db/db.server.ts'
import { lockAccount } from '../ledger/ledger.server.ts'
import { limits } from '../config/limits.ts'
import type { KeyStatus } from '../values/key-statuses.ts'
import { digestOf, newSecret } from './secret.ts'

export type ApiKey = Row<'keys/list'>
export type NewKey = {
  name: string
  expiresAt?: Date | null
  budgetNanos?: number | null
  /** The only models it may use; null for all. */
  models?: string[] | null
  /** A body of the Responses API at the path of chat completions is taken for what it is. */
  responsesAtChat?: boolean
}
type Created = { id: number; secret: string }

/**
 * Writes a new key of a person, or the account's own; for transactions that have seen to it that the
 * account may have one more.
 */
export async function insertKey(
  db: Db,
  accountId: number,
  key: NewKey,
  userId: number | null,
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
    models: key.models ? JSON.stringify(key.models) : null,
    responsesAtChat: Number(key.responsesAtChat ?? false),
    userId,
  })
  return { id, secret }
}

/**
 * Makes a key of a person, or the account's own. The secret is in the answer and nowhere else: the database keeps its digest. Answers
 * undefined where the account is unknown or has as many keys as it may have.
 */
export async function createKey(
  pool: Pool,
  accountId: number,
  key: NewKey,
  userId: number | null = null,
): Promise<Created | undefined> {
  const result = await pool.transact(async (db) => {
    // The lock makes the count below hold until the row is in.
    if (!(await lockAccount(db, accountId))) return rollBack('no such account')
    const { total } = await run(db, 'keys/count-usable', { accountId })
    // A count is never null, which a prepared statement does not know.
    if (total! >= limits.keys.perAccountMax) return rollBack('too many keys')
    return insertKey(db, accountId, key, userId)
  })
  return isRolledBack(result) ? undefined : result
}

export const readKey = (pool: Db, accountId: number, id: number): Promise<ApiKey | undefined> =>
  run(pool, 'keys/read', { accountId, id })

/** A good key and the money behind it as they stand; undefined where it may start no call. */
export type Standing = Row<'keys/read-standing'>
export const readStanding = (db: Db, id: number): Promise<Standing | undefined> =>
  run(db, 'keys/read-standing', { id })

/** Whether a key has the Responses API at the path of chat completions, as it stands now. */
export async function hasResponsesAtChat(db: Db, id: number): Promise<boolean> {
  const found = await inTime(limits.keys.findMsMax, run(db, 'keys/read-responses-at-chat', { id }))
  return found?.responsesAtChat === 1
}

/** What can be done with a key, at the moment its row was read. */
export function keyStatusOf(
  key: Pick<ApiKey, 'revokedAt' | 'expired' | 'budgetNanos' | 'spentNanos'>,
): KeyStatus {
  if (key.revokedAt) return 'revoked'
  if (key.expired === 1) return 'expired'
  return key.budgetNanos !== null && key.spentNanos >= key.budgetNanos ? 'spent' : 'active'
}

/** What can be changed of a key, as it is now: a form brings it back to say what it was made from. */
export function versionOf(key: ApiKey): string {
  const { name, expiresAt, budgetNanos, models, responsesAtChat } = key
  const fields = JSON.stringify([name, expiresAt, budgetNanos, models, responsesAtChat])
  return createHash('sha256').update(fields).digest('hex')
}

/**
 * Changes a key; every reservation after this has resolved goes by the new fields. `stale` where
 * somebody else has changed it since `version` was read: nothing is then overwritten.
 */
export async function changeKey(
  pool: Pool,
  accountId: number,
  id: number,
  version: string,
  fields: Required<NewKey>,
): Promise<'changed' | 'stale' | 'gone'> {
  const result = await pool.transact(async (db) => {
    if (!(await lockAccount(db, accountId))) return rollBack('gone')
    const key = await run(db, 'keys/read', { accountId, id })
    if (!key || key.revokedAt) return rollBack('gone')
    if (versionOf(key) !== version) return rollBack('stale')
    const models = fields.models ? JSON.stringify(fields.models) : null
    const responsesAtChat = Number(fields.responsesAtChat)
    return run(db, 'keys/change', { accountId, id, ...fields, models, responsesAtChat })
  })
  return isRolledBack(result) ? (result.rolledBack as 'stale' | 'gone') : 'changed'
}

/**
 * Revokes a key: once this has resolved, no call of it starts anywhere, because every reservation
 * reads the key under the lock taken here. False where there is no such key, or it was revoked
 * before.
 */
export async function revokeKey(pool: Pool, accountId: number, id: number): Promise<boolean> {
  const result = await pool.transact(async (db) => {
    if (!(await lockAccount(db, accountId))) return rollBack('no such account')
    const revoked = await run(db, 'keys/revoke', { id, accountId })
    return revoked === 1 ? revoked : rollBack('no such key')
  })
  return !isRolledBack(result)
}
