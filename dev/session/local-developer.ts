import { findOrSignUp, localDeveloper, newSignInToken } from '../../app/auth/auth.server.ts'
import { readCliEnv } from '../../app/config/env.ts'
import { createPool } from '../../app/db/db.server.ts'
import { createKey, listKeys } from '../../app/keys/keys.server.ts'
import { credit } from '../../app/ledger/ledger.server.ts'

/** Play money, so that the first call of a fresh clone can be paid. */
const welcomeNanos = 10_000_000_000

// Makes the local developer with a key and some credit, once; says on stdout what it made.
const { DATABASE_URL, SESSION_SECRET } = readCliEnv()
const pool = createPool(DATABASE_URL, { size: 1 })
const { accountId, userId } = await findOrSignUp(pool, localDeveloper)
const { state } = await credit(pool, {
  accountId,
  kind: 'grant',
  planNanos: 0,
  balanceNanos: welcomeNanos,
  ref: `local-developer:${accountId}`,
  actor: 'npm start',
  note: 'Play money for the local developer',
})
// A history may have been made up for them before the first start, with keys that nobody was shown.
const hasKeys = state !== 'credited' && (await listKeys(pool, accountId, 1)).length > 0
const key = hasKeys ? undefined : await createKey(pool, accountId, { name: 'First key' })
const signInToken = SESSION_SECRET && newSignInToken({ SESSION_SECRET }, userId)
process.stdout.write(
  `${JSON.stringify({ firstStart: Boolean(key), apiKey: key?.secret, accountId, signInToken })}\n`,
)
await pool.close()
