import { join } from 'node:path'

import type { Announce } from '../command/announce.ts'
import { startMariadb, type Mariadb } from './mariadb.ts'
import { ensurePrograms, mariadbPrograms } from './packages.ts'
import { describeExit } from './processes.ts'
import { startRedis, type Redis } from './redis.ts'

/** The private servers of one folder, as far as they were needed. */
export type Servers = {
  /** The database `relay`, for tests still to be made; undefined when no database was needed. */
  databaseUrl: string | undefined
  /** The same database by the server's socket, for programs that run beside it. */
  localDatabaseUrl: string | undefined
  redisUrl: string | undefined
  mariadb?: Mariadb
  redis?: Redis
  /** Settles, with words for people, when one of the servers ends on its own. */
  died: Promise<string>
  /** Redis first: the relay is gone by then, and the database is what must end well. */
  stop(): Promise<void>
}

const privateDatabase = 'relay'

/** Starts both servers at once, having installed them if need be. If one fails, none stays. */
export async function startServers(settings: {
  dir: string
  needDatabase?: boolean
  needRedis?: boolean
  /** Tests make databases of their own; the relay has the rights to its own one alone. */
  isForTests?: boolean
  say?: Announce
}): Promise<Servers> {
  const { dir, needDatabase = true, needRedis = true, say = () => undefined } = settings
  const database = settings.isForTests ? undefined : privateDatabase
  await ensurePrograms(
    [...(needDatabase ? mariadbPrograms : []), ...(needRedis ? redisPrograms : [])],
    say,
  )
  const [mariadb, redis] = await Promise.allSettled([
    needDatabase ? startMariadb({ dir: join(dir, 'mariadb'), database }) : undefined,
    needRedis ? startRedis({ dir: join(dir, 'redis') }) : undefined,
  ])
  if (mariadb.status === 'rejected' || redis.status === 'rejected') {
    if (mariadb.status === 'fulfilled') await mariadb.value?.stop()
    if (redis.status === 'fulfilled') await redis.value?.stop()
    throw mariadb.status === 'rejected' ? mariadb.reason : (redis as PromiseRejectedResult).reason
  }
  const servers = { mariadb: mariadb.value, redis: redis.value }
  return {
    ...servers,
    databaseUrl: servers.mariadb?.url(privateDatabase),
    localDatabaseUrl: servers.mariadb?.localUrl(privateDatabase),
    redisUrl: servers.redis?.url,
    died: firstDeath(servers),
    async stop() {
      await servers.redis?.stop()
      await servers.mariadb?.stop()
    },
  }
}

const redisPrograms = ['redis-server'] as const

function firstDeath({ mariadb, redis }: { mariadb?: Mariadb; redis?: Redis }): Promise<string> {
  return Promise.race([
    mariadb?.died.then((exit) => `MariaDB ended on its own (${describeExit(exit)})`) ?? never,
    redis?.died.then((exit) => `Redis ended on its own (${describeExit(exit)})`) ?? never,
  ])
}

const never = new Promise<never>(() => undefined)
