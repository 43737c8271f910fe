import assert from 'node:assert/strict'
import { findOrSignUp, localDeveloper } from '../app/auth/auth.server.ts'
import type { Pool } from '../app/db/db.server.ts'
import { listKeys } from '../app/keys/keys.server.ts'

/** The account of the local developer, and the key made last of it. */
export async function readLocalDeveloper(pool: Pool) {
  const { accountId } = await findOrSignUp(pool, localDeveloper)
  const [newest] = await listKeys(pool, accountId, 1)
  assert.ok(newest, 'the local developer has a key')
  return { accountId, keyId: newest.id }
}
