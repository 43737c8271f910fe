import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createAccount } from '../app/accounts/accounts.server.ts'
import type { Pool } from '../app/db/db.server.ts'
import { createKey, type NewKey } from '../app/keys/keys.server.ts'
import { credit } from '../app/ledger/ledger.server.ts'

/** Whose money a test moves: an account, and a key of it with its secret. */
export type Customer = { accountId: number; keyId: number; secret: string }

/** What a new customer has; the rest is about the key. */
export type Purse = { planNanos?: number; balanceNanos?: number } & Partial<NewKey>

/** A new customer with money, if any, and one key. */
export async function newCustomer(
  pool: Pool,
  { planNanos = 0, balanceNanos = 0, ...key }: Purse = {},
): Promise<Customer> {
  const accountId = await createAccount(pool, 'a customer', 'test')
  if (planNanos || balanceNanos) {
    const given = { accountId, planNanos, balanceNanos, ref: randomUUID() }
    await credit(pool, { kind: 'grant', actor: 'test', note: null, ...given })
  }
  return newKey(pool, accountId, key)
}

/** The same customer with another key. */
export async function newKey(
  pool: Pool,
  accountId: number,
  key: Partial<NewKey> = {},
): Promise<Customer> {
  const made = await createKey(pool, accountId, { name: 'a key', ...key })
  assert.ok(made, 'an account may have one more key')
  return { accountId, keyId: made.id, secret: made.secret }
}
