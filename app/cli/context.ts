import { setTimeout as sleep } from 'node:timers/promises'
import { userInfo } from 'node:os'
import { limits } from '../config/limits.ts'
import { announceRevocation } from '../keys/keys.server.ts'
import { announceMoney } from '../ledger/ledger.server.ts'
import { createPool, hostsOf, installationName, type Hosts, type Pool } from '../db/db.server.ts'
import { createLog } from '../telemetry/log.ts'
import { createRedis, keyspace, type RedisClient } from '../redis/redis.server.ts'
import type { PaymentSettings } from '../config/payments.ts'
import type { Proxies } from '../config/proxies.ts'
import { createProviders, type Payments } from '../payments/payments.server.ts'
import {
  holdUpstream,
  readStates,
  sealerOf,
  shownEnvironment,
  type Sealer,
  type UpstreamNews,
} from '../upstreams/upstreams.server.ts'

type CliEnv = {
  DATABASE_URL: string
  REDIS_URL?: string
  RELAY_MODE: 'local' | 'server'
  SESSION_SECRET?: string
  APP_URL?: string
  GITHUB_CLIENT_ID?: string
  GOOGLE_CLIENT_ID?: string
  OIDC_CLIENT_ID?: string
  upstreamSecrets: readonly Buffer[]
  rotatedSecrets: readonly Buffer[]
  proxies: Proxies | undefined
  payments: PaymentSettings
} & Parameters<typeof shownEnvironment>[0]

/** Where a verb takes from what may not stand among its arguments. */
type Sources = {
  /** A variable of the environment; undefined where it is not set, or blank. */
  variable(name: string): string | undefined
  /** All that comes on standard input. */
  input(): Promise<string>
}

/** What a verb works with. */
export type Context = {
  pool: Pool
  /** Where the database is, for what needs connections of its own. */
  hosts: Hosts
  /** The relay of one person on this machine, whose account is the one that is meant. */
  isLocal: boolean
  /** Where that relay is and what its sign-ins are made with, while it runs without a provider. */
  site: { APP_URL: string; SESSION_SECRET: string } | undefined
  /** Who does it, for the logs: `cli:` and the name of the system's user. */
  actor: string
  /** Tells every relay that streams of these keys end; false when Redis did not take it. */
  announceRevocations(keyIds: number[]): Promise<boolean>
  /** Tells every relay that an account, or any, has more money or pays less; false as above. */
  announceMoney(accountId: number | 'all'): Promise<boolean>
  /** Tells every relay to read the limits on calls; false when Redis did not take it. */
  announceLimits(): Promise<boolean>
  /** Tells every relay to read the catalogue; false when Redis did not take it. */
  announceCatalog(): Promise<boolean>
  /** Tells every relay that upstreams have changed; false when Redis did not take it. */
  announceUpstreams(): Promise<boolean>
  /** Opens or closes breakers by hand, on every relay; false when Redis did not take it. */
  holdUpstream(hold: Parameters<typeof holdUpstream>[1], what: 'open' | 'close'): Promise<boolean>
  /** What relays have said of their upstreams of late; undefined when Redis was not reached. */
  upstreamStates(relayIds: readonly string[]): ReturnType<typeof readStates>
  sources: Sources
  /** Seals and opens keys of upstreams; undefined where no secret is set. */
  sealer: Sealer | undefined
  /** The same, without the machine's own secret beside one that was set. */
  rotatingSealer: Sealer | undefined
  /** What upstreams are reached through. */
  proxies: Proxies | undefined
  /** How people pay, by this command's environment. */
  payments(): Promise<Payments>
  /** The upstreams of this command's environment; those of relays are most likely the same. */
  environment: ReturnType<typeof shownEnvironment>
  close(): Promise<void>
}

function actorOf(): string {
  try {
    return `cli:${userInfo().username}`.slice(0, 100)
  } catch {
    // A container may run under a number that has no name.
    return `cli:uid-${process.getuid?.() ?? 'unknown'}`
  }
}

async function isReady(redis: RedisClient): Promise<boolean> {
  const end = performance.now() + limits.cli.redisMsMax
  while (performance.now() < end) {
    if (await redis.ping()) return true
    await sleep(20)
  }
  return false
}

const changed: UpstreamNews = { what: 'changed' }

/** Opens what a verb works with; nothing is connected before it is used. */
export function createContext(env: CliEnv, sources: Sources): Context {
  const { APP_URL, SESSION_SECRET } = env
  const hasProvider =
    (env.GITHUB_CLIENT_ID ?? env.GOOGLE_CLIENT_ID ?? env.OIDC_CLIENT_ID) !== undefined
  const hosts = hostsOf(env.DATABASE_URL, { allowUnsafe: true })
  const pool = createPool(hosts, { size: 2 })
  const tell = async (publish: (redis: RedisClient) => Promise<boolean>): Promise<boolean> =>
    (await withRedis(publish)) === true
  /** Undefined where Redis is not there. */
  async function withRedis<T>(work: (redis: RedisClient) => Promise<T>): Promise<T | undefined> {
    if (!env.REDIS_URL) return undefined
    // The change itself is committed by now: nothing that fails here may make it look undone.
    const namespace = await installationName(pool).catch(() => undefined)
    if (!namespace) return undefined
    // A verb says itself what Redis did not take.
    const redis = createRedis(env.REDIS_URL, namespace, createLog('silent'))
    try {
      return (await isReady(redis)) ? await work(redis) : undefined
    } finally {
      redis.close()
    }
  }
  return {
    pool,
    hosts,
    isLocal: env.RELAY_MODE === 'local',
    site: APP_URL && SESSION_SECRET && !hasProvider ? { APP_URL, SESSION_SECRET } : undefined,
    actor: actorOf(),
    announceRevocations: (keyIds) =>
      tell(async (redis) => {
        const taken = await Promise.all(keyIds.map((id) => announceRevocation(redis, id)))
        return taken.every(Boolean)
      }),
    announceMoney: (accountId) => tell((redis) => announceMoney(redis, accountId)),
    announceLimits: () => tell((redis) => redis.publish(keyspace.limitsChannel, 'changed')),
    announceCatalog: () => tell((redis) => redis.publish(keyspace.catalogChannel, 'changed')),
    announceUpstreams: () =>
      tell((redis) => redis.publish(keyspace.upstreamsChannel, JSON.stringify(changed))),
    holdUpstream: (hold, what) => tell((redis) => holdUpstream(redis, hold, what)),
    upstreamStates: (relayIds) => withRedis((redis) => readStates(redis, relayIds)),
    sources,
    sealer: sealerOf(env),
    rotatingSealer: sealerOf({ upstreamSecrets: env.rotatedSecrets }),
    proxies: env.proxies,
    payments: async () => ({
      db: pool,
      providers: await createProviders({ ...env, APP_URL: APP_URL ?? '' }),
      amounts: env.payments.amounts,
    }),
    environment: shownEnvironment(env),
    close: () => pool.close(),
  }
}
