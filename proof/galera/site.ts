import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createPool, migrate } from '../../app/db/db.server.ts'
import { readSettings } from '../../dev/command/environment.ts'
import { startFakeProviders } from '../../dev/fakes/providers/fake-providers.server.ts'
import {
  startDemoUpstream,
  type DemoUpstream,
} from '../../dev/fakes/upstream/demo-upstream.server.ts'
import type { Galera } from '../../dev/servers/galera.ts'
import { startRedis } from '../../dev/servers/redis.ts'
import type { Books } from '../../test/books.ts'
import { openClusterSql } from '../../test/failures/own-cluster.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { Opened } from '../../test/failures/opened.ts'
import { isRefused, startLoad, type Reply } from '../../test/failures/steady-load.ts'
import { present } from '../../test/present.ts'
import { judge } from '../judge.ts'
import type { Heard } from '../load.ts'
import type { Run } from '../proof.ts'
import { startRelays, type Relays } from '../relays.ts'
import { go, type Doing } from '../timeline.ts'

/** Where relays are tried: a cluster that others have used before, and a folder for the rest. */
export type Ground = { cluster: Galera; dir: string; folder: string }

/** Two relays on new books of a cluster, and customers whose keys every node knows. */
export type ClusterSite = {
  cluster: Galera
  relays: Relays
  /** Read by the node that no relay writes to, with all that was committed on the others. */
  books: Books
  upstream: DemoUpstream
  /** Secrets of the one that half of a mixed load belongs to, and of the others. */
  hot: string
  hundred: string[]
  /** A condition that is true of calls of these customers. */
  which: string
  /** The command line's answer. */
  cli(...args: string[]): ReturnType<Relays['cli']>
}

type SiteSettings = {
  name: string
  /** What the relays are told, given the addresses of the nodes; by default a node each. */
  databaseUrls?: (nodes: string[]) => readonly [string, string]
}

const others = 100
/** To each relay. */
const connections = 16

/** Sets the site, lends it to `work`, and clears it away. */
export async function onCluster<T>(
  { cluster, dir, folder }: Ground,
  { name, databaseUrls = ([first = '', second = '']) => [first, second] }: SiteSettings,
  work: (site: ClusterSite) => Promise<T>,
): Promise<T> {
  const opened = new Opened()
  const place = join(dir, name)
  mkdirSync(place, { mode: 0o755 })
  try {
    await cluster.untilWhole()
    await cluster.createDatabase(name)
    const [first, second, third] = cluster.nodes.map((node) => node.url(name))
    const books = await openClusterBooks(opened, present(third))
    const redis = await startRedis({ dir: join(place, 'redis') })
    opened.closeWith(() => redis.stop())
    const upstream = await startDemoUpstream({ pace: 'fast' })
    opened.closeWith(() => upstream.close())
    const providers = await startFakeProviders()
    opened.closeWith(() => providers.close())
    const money = { balanceNanos: 1_000_000_000_000 }
    const hot = await newCustomer(books.pool, money)
    const rest: Customer[] = []
    // One after the other: all at once would wait for a place in the pool for too long.
    for (let i = 0; i < others; i++) rest.push(await newCustomer(books.pool, money))
    const accounts = [hot, ...rest]
    const relays = await startRelays(
      {
        ground: { dir: place, opened, redis, upstream, providers },
        databaseUrls: databaseUrls([present(first), present(second), present(third)]),
        appUrl: 'https://localhost',
      },
      folder,
    )
    return await work({
      cluster,
      relays,
      books,
      upstream,
      hot: hot.secret,
      hundred: rest.map(({ secret }) => secret),
      which: `calls.account_id in (${accounts.map(({ accountId }) => accountId).join()})`,
      cli: (...args) => relays.cli(folder, ...args),
    })
  } finally {
    await opened.close()
    keepLogs(place, name)
    rmSync(place, { recursive: true, force: true })
  }
}

async function openClusterBooks(opened: Opened, url: string): Promise<Books> {
  await migrate(url)
  const pool = createPool(url)
  opened.closeWith(() => pool.close())
  return { url, pool, sql: openClusterSql(opened, url), close: () => Promise.resolve() }
}

/** What the relays have said stays where the private servers of `npm start` have their logs too. */
function keepLogs(place: string, name: string) {
  const kept = join(readSettings().dataDir, 'galera', name)
  rmSync(kept, { recursive: true, force: true })
  const isKept = (path: string) => path === place || path.endsWith('.log')
  cpSync(place, kept, { recursive: true, filter: isKept })
}

export type Load = {
  seed: number
  seconds: number
  /** Whose calls: one customer's, everybody else's, or as many of the one as of the others. */
  whose: 'one' | 'hundred' | 'both'
  doings?: Doing[]
}

type ClusterRun = Run & {
  /** How long the longest call took, and how many each relay has refused. */
  longestMs: number
  refused: number[]
}

/** Loads both relays while `doings` are done, and judges what came of it. */
export async function underLoad(site: ClusterSite, load: Load): Promise<ClusterRun> {
  const { relays, hot, hundred, books, upstream, which } = site
  const { seed, seconds, whose, doings = [] } = load
  const secrets = {
    one: [hot],
    hundred,
    both: hundred.flatMap((secret) => [secret, hot]),
  }[whose]
  const urls = relays.all.map(({ port }) => `http://127.0.0.1:${port}/v1`)
  const calling = startLoad({ urls, secrets, model: 'gpt-4o-mini', connections, seed })
  const episodes = await go(doings, seconds * 1_000)
  const replies = await calling.end()
  const judgement = await judge({ books, upstream }, replies.map(heardOf), episodes, which)
  const verified = await site.cli('verify')
  return {
    episodes,
    judgement,
    slowCall: undefined,
    seconds,
    verified,
    longestMs: replies.reduce((most, { at, startedAt }) => Math.max(most, at - startedAt), 0),
    refused: urls.map((_, at) => replies.filter((it) => it.relay === at && isRefused(it)).length),
  }
}

export const heardOf = ({ at, ...reply }: Reply): Heard => ({
  ...reply,
  way: 'HTTP/1.1',
  endedAt: at,
})
