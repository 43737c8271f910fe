import { randomBytes } from 'node:crypto'
import type { Sql } from './sql.ts'

/** Gives an account so many keys at once, `deploy 0` and on, of which all but the last few are revoked. */
export async function giveKeys(sql: Sql, accountId: number, count: number, usable = 0) {
  const rows = Array.from({ length: count }, (_, i) => [
    accountId,
    randomBytes(32),
    `deploy ${i}`,
    'sk-AAAA',
    'ZZZZ',
    i < count - usable ? new Date() : null,
  ])
  await sql(
    'insert into api_keys (account_id, digest, name, prefix, last_four, revoked_at) values ?',
    [rows],
  )
}
