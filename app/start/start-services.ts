import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { deleteExpiredSessions } from '../auth/auth.server.ts'
import { createCatalog, seedCatalog } from '../catalog/catalog.server.ts'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { checkDatabase, createPool, installationName, migrate } from '../db/db.server.ts'
import { createAuthenticator, InFlight, watchRevocations } from '../keys/keys.server.ts'
import {
  beat,
  createLedger,
  type LedgerOptions,
  renewPlans,
  retire,
  Steadiness,
  sweep,
} from '../ledger/ledger.server.ts'
import type { Log } from '../telemetry/log.ts'
import { createRedis } from '../redis/redis.server.ts'
import type { Services } from '../services.ts'
import { createUpstream } from '../upstreams/upstreams.server.ts'
import { ensurePartitions } from '../usage/usage.server.ts'

/** Partitions are made months ahead, so any day will do. */
const partitionsEveryMs = 24 * 60 * 60 * 1_000

/** Repeats work at its own pace, never twice at once; a failure waits for the next turn. */
function repeat(log: Log, name: string, everyMs: number, work: () => Promise<unknown>): () => void {
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    work()
      .catch((error: unknown) => log.failed('background_failed', error, { name }))
      .finally(() => (busy = false))
  }, everyMs)
  return () => clearInterval(timer)
}

/**
 * Makes all state of one relay process: migrates and checks the database, seeds the catalogue,
 * starts the heartbeat and the background work. `stop` settles what is left and closes everything.
 */
export async function startServices(
  env: Env,
  log: Log,
  ledgerLimits: LedgerOptions['limits'] = limits.ledger,
) {
  const ran = await migrate(env.DATABASE_URL)
  if (ran.length) log.info('migrated', { count: ran.length, last: ran.at(-1) })
  const makePartitions = () => ensurePartitions(env.DATABASE_URL, { now: new Date() })
  // They are months ahead: a start does not fail for them.
  await makePartitions().catch((error: unknown) =>
    log.failed('background_failed', error, { name: 'partitions' }),
  )
  const db = createPool(env.DATABASE_URL, {
    onError: (error) => log.failed('pool_connection_failed', error),
  })
  await checkDatabase(db, env.ALLOW_UNSAFE_DATABASE)
  await seedCatalog(db)
  const redis = createRedis(env.REDIS_URL, await installationName(db), log)
  const relayId = randomBytes(16)
  await beat(db, relayId)
  const ledger = createLedger(env.DATABASE_URL, {
    relayId,
    limits: ledgerLimits,
    failed: log.failed,
  })
  const inFlight = new InFlight()
  const catalog = await createCatalog({ db, redis, log }, limits.watch.catalogEveryMs)
  const upstream = createUpstream({
    name: env.UPSTREAM_IS_DEMO ? 'demo' : 'openai',
    baseUrl: env.OPENAI_BASE_URL,
    apiKey: env.OPENAI_API_KEY,
    isDemo: env.UPSTREAM_IS_DEMO,
  })
  let draining = false
  const { watch } = limits
  // Two heartbeats of every other relay, so that an outage of the database is over for all of them.
  const steadiness = new Steadiness(2 * watch.heartbeatEveryMs)
  const heartbeat = async () => {
    steadiness.note(
      await beat(db, relayId).then(
        () => true,
        (error: unknown) => {
          log.failed('heartbeat_failed', error)
          return false
        },
      ),
    )
  }
  const stops = [
    watchRevocations({ db, redis, log }, inFlight, watch.revokedEveryMs),
    repeat(log, 'heartbeat', watch.heartbeatEveryMs, heartbeat),
    repeat(
      log,
      'sweep',
      watch.sweepEveryMs,
      async () => steadiness.maySweep() && sweep(db, ledger),
    ),
    repeat(log, 'given_up', watch.givenUpEveryMs, () => ledger.tryGivenUp()),
    repeat(log, 'sessions', watch.sessionsEveryMs, () => deleteExpiredSessions(db)),
    repeat(log, 'renew', watch.renewEveryMs, () => renewPlans(db)),
    repeat(log, 'partitions', partitionsEveryMs, makePartitions),
  ]
  const services: Services = {
    env,
    log,
    db,
    redis,
    ledger,
    catalog,
    upstream,
    inFlight,
    authenticate: createAuthenticator(db, limits.keys.cachedMax),
    draining: () => draining,
  }
  return {
    services,
    drain: () => (draining = true),
    async stop() {
      for (const stop of stops) stop()
      catalog.close()
      // With the database away what waits here would wait for ever; its holds are swept later.
      await Promise.race([
        ledger.tryGivenUp().then(() => ledger.idle()),
        sleep(limits.shutdown.settleMsMax, undefined, { ref: false }),
      ])
      await retire(db, relayId).catch((error: unknown) => log.failed('retire_failed', error))
      await Promise.all([ledger.close(), db.close(), upstream.close()])
      redis.close()
    },
  }
}
