import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { present } from '../test/present.ts'
import { seedCatalog } from '../app/catalog/catalog.server.ts'
import { migrate } from '../app/db/db.server.ts'
import { childEnvironment } from '../dev/command/environment.ts'
import type { Servers } from '../dev/servers/servers.ts'
import { withPool } from '../test/pool.ts'
import { expectCleanBooks } from '../test/clean-books.ts'
import { startRelay, type RelayOptions, type Server } from './servers.ts'

export type Ground = {
  dir: string
  redisUrl: string
  mariadbPid: number
  redisPid: number
  /** The folder of another version to compare with, where one was named. */
  before: string | undefined
  /** Of a benchmark with many rows, those whose names match this, where somebody asks for some. */
  only: string | undefined
  /**
   * A new database with all tables and prices; dropped at the end. Its books are proved then,
   * unless what happens there is no bookkeeping.
   */
  newDatabase(how?: { provable: boolean }): Promise<string>
  /** The same without anything in it, for a version that makes its tables itself. */
  newEmptyDatabase(): Promise<string>
  /** The one that is kept between runs, for what takes long to fill. */
  keptDatabaseUrl: string
  startRelay(options: Omit<RelayOptions, 'dir' | 'redisUrl' | 'nodeArguments'>): Promise<Server>
  /** Stops it at the end, if nobody has before. */
  keep<T extends { stop(): Promise<void> }>(server: T): T
  /** Stops what was kept, the latest first, and drops the databases. Proves their books before. */
  end(): Promise<void>
  say(line: string): void
}

/** What a benchmark stands on, over the private servers of `servers`. */
export function makeGround(
  servers: Servers,
  dir: string,
  { nodeArguments, before, only }: Pick<Ground, 'before' | 'only'> & { nodeArguments: string[] },
): Ground {
  const undo: (() => Promise<void>)[] = []
  const databases: { name: string; url: string; provable: boolean }[] = []
  const mariadb = present(servers.mariadb)
  const say = (line: string) => console.log(line)
  const keep: Ground['keep'] = (server) => {
    let stopped: Promise<void> | undefined
    const stop = server.stop.bind(server)
    server.stop = () => (stopped ??= stop())
    undo.push(() => server.stop())
    return server
  }
  const addDatabase = async (provable: boolean) => {
    const name = `bench_${randomBytes(4).toString('hex')}`
    await mariadb.createDatabase(name)
    const url = mariadb.localUrl(name)
    databases.push({ name, url, provable })
    return url
  }
  return {
    dir,
    say,
    before,
    only,
    keep,
    redisUrl: present(servers.redisUrl),
    keptDatabaseUrl: present(servers.localDatabaseUrl),
    mariadbPid: mariadb.pid,
    redisPid: present(servers.redis).pid,
    async newDatabase({ provable } = { provable: true }) {
      const url = await addDatabase(provable)
      await migrate(url)
      await withPool(url, seedCatalog)
      return url
    },
    newEmptyDatabase: () => addDatabase(false),
    startRelay: async (options) =>
      keep(
        await startRelay({ dir, redisUrl: present(servers.redisUrl), nodeArguments, ...options }),
      ),
    async end() {
      for (const each of undo.splice(0).reverse()) await each()
      for (const { name, url, provable } of databases.splice(0)) {
        if (provable) await proveBooks(url)
        await mariadb.dropDatabase(name)
      }
    },
  }
}

/** A benchmark of wrong books is worth nothing. */
async function proveBooks(databaseUrl: string): Promise<void> {
  await withPool(databaseUrl, expectCleanBooks)
}

/** Makes an account with so many past calls, through the command that an operator would use. */
export function seedHistory(databaseUrl: string, calls: number): number {
  const command = ['--import', 'tsx', 'app/cli/main.ts', 'seed-calls', String(calls), '--json']
  const { stdout, status } = spawnSync(process.execPath, command, {
    env: childEnvironment({ DATABASE_URL: databaseUrl }),
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`seed-calls ended with ${status}`)
  return (JSON.parse(stdout) as { account_id: number }).account_id
}
