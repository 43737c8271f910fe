import { findOrSignUp, localDeveloper, newSignInToken } from '../../app/auth/auth.server.ts'
import type { readCliEnv } from '../../app/config/env.ts'
import { createPool, installationName, type Pool } from '../../app/db/db.server.ts'
import { createKey, listKeys } from '../../app/keys/keys.server.ts'
import { credit } from '../../app/ledger/ledger.server.ts'
import { createRedis, keyspace } from '../../app/redis/redis.server.ts'
import { createLog } from '../../app/telemetry/log.ts'
import { sealerOf } from '../../app/upstreams/upstreams.server.ts'
import { putDemoUpstreams } from './demo-rows.ts'
import type { RunningDemo } from './demo-upstreams.ts'

/** Play money, so that the first call of a fresh clone can be paid. */
const welcomeNanos = 10_000_000_000

/** Makes the local developer with a key and some credit, once; answers what it made. */
export async function makeLocalDeveloper(env: ReturnType<typeof readCliEnv>, demos: RunningDemo[]) {
  const pool = createPool(env.DATABASE_URL, { size: 1 })
  try {
    return await makeWith(pool, env, demos)
  } finally {
    await pool.close()
  }
}

async function makeWith(pool: Pool, env: ReturnType<typeof readCliEnv>, demos: RunningDemo[]) {
  const { REDIS_URL, SESSION_SECRET } = env
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
  const key = hasKeys ? undefined : await createKey(pool, accountId, { name: 'First key' }, userId)
  if ((await putDemoUpstreams(pool, demos, sealerOf(env))) && REDIS_URL !== undefined)
    await announce(pool, REDIS_URL)
  const signInToken = SESSION_SECRET && newSignInToken({ SESSION_SECRET }, userId)
  return { firstStart: Boolean(key), apiKey: key?.secret, accountId, signInToken }
}

/** Where nobody hears it, relays read it within seconds all the same. */
async function announce(pool: Pool, redisUrl: string) {
  const redis = createRedis(redisUrl, await installationName(pool), createLog('silent'))
  try {
    await redis.ping()
    await redis.publish(keyspace.upstreamsChannel, JSON.stringify({ what: 'changed' }))
    await redis.publish(keyspace.catalogChannel, 'changed')
  } finally {
    redis.close()
  }
}
