import mysql from 'mysql2/promise'
import { digestOf, newSecret } from '../app/keys/secret.ts'

const balanceNanos = 1_000_000_000_000
const rowsAtOnce = 2_000

/**
 * Makes so many accounts, each with a thousand dollars and one key, and answers the keys. The
 * grants are in the ledger, so that `verify` has nothing to say afterwards.
 */
export async function seedCallers(databaseUrl: string, wanted: number): Promise<string[]> {
  const connection = await mysql.createConnection({ uri: databaseUrl })
  const secrets: string[] = []
  try {
    for (let left = wanted; left > 0; left -= rowsAtOnce) {
      const some = Array.from({ length: Math.min(left, rowsAtOnce) }, newSecret)
      const accounts = some.map(() => ['bench', balanceNanos, 1])
      const [{ insertId }] = await connection.query<mysql.ResultSetHeader>(
        'insert into accounts (name, balance_nanos, entry_seq) values ?',
        [accounts],
      )
      const ids = some.map((_, i) => insertId + i)
      await connection.query(
        `insert into entries (account_id, seq, kind, plan_nanos, balance_nanos, plan_after_nanos,
                              balance_after_nanos, ref, actor) values ?`,
        [
          ids.map((id) => [
            id,
            1,
            'grant',
            0,
            balanceNanos,
            0,
            balanceNanos,
            `bench:${id}`,
            'bench',
          ]),
        ],
      )
      await connection.query(
        'insert into api_keys (account_id, digest, name, prefix, last_four) values ?',
        [
          ids.map((id, i) => [
            id,
            digestOf(some[i]!),
            'bench',
            some[i]!.slice(0, 7),
            some[i]!.slice(-4),
          ]),
        ],
      )
      secrets.push(...some)
    }
    return secrets
  } finally {
    await connection.end()
  }
}
