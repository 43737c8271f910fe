import { digestOf, newSecret } from '../app/keys/secret.ts'
import type { Customer } from '../test/customer.ts'
import { openSql, runSql } from '../test/sql.ts'

const rowsAtOnce = 2_000

/** Who pays for a call. */
export type Payer = Pick<Customer, 'accountId' | 'keyId'>

const grantOf = (id: number, balanceNanos: number) => {
  const change = [0, balanceNanos]
  return [id, 1, 'grant', ...change, ...change, `bench:${id}`, 'bench']
}
const keyOf = (id: number, secret: string) => {
  return [id, digestOf(secret), 'bench', secret.slice(0, 7), secret.slice(-4)]
}

/**
 * Makes so many accounts, each with a thousand dollars, or so much, and one key, and answers the
 * keys. The grants are in the ledger, so that `verify` has nothing to say afterwards.
 */
export async function seedCallers(
  databaseUrl: string,
  wanted: number,
  balanceNanos = 1_000_000_000_000,
): Promise<string[]> {
  const { sql, end } = openSql(databaseUrl)
  const secrets: string[] = []
  try {
    for (let left = wanted; left > 0; left -= rowsAtOnce) {
      const some = Array.from({ length: Math.min(left, rowsAtOnce) }, newSecret)
      const made: unknown = await sql(
        'insert into accounts (name, balance_nanos, entry_seq) values ?',
        [some.map(() => ['bench', balanceNanos, 1])],
      )
      const { insertId } = made as { insertId: number }
      const callers = some.map((secret, i) => ({ id: insertId + i, secret }))
      await sql(
        `insert into entries (account_id, seq, kind, plan_nanos, balance_nanos, plan_after_nanos,
                              balance_after_nanos, ref, actor) values ?`,
        [callers.map(({ id }) => grantOf(id, balanceNanos))],
      )
      await sql('insert into api_keys (account_id, digest, name, prefix, last_four) values ?', [
        callers.map(({ id, secret }) => keyOf(id, secret)),
      ])
      secrets.push(...some)
    }
    return secrets
  } finally {
    await end()
  }
}

/** All of them, in the order in which they were made. */
export const payersOf = (databaseUrl: string): Promise<Payer[]> =>
  runSql(databaseUrl, 'select account_id as accountId, id as keyId from api_keys order by id')
