import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Redis as Client } from 'ioredis'
import { eventually } from '../command/eventually.ts'
import { keptSecret } from './private-files.ts'
import { freePort } from './processes.ts'
import { startRedis, startSentinel, type Redis } from './redis.ts'

/** Several private servers of Redis that stand in for each other. */
export type RedisGroup = {
  /** redis+sentinel://… or redis+cluster://…, with every address and password that it needs. */
  url: string
  /** The servers that hold keys, as they were started. */
  servers: Redis[]
  /** The one among them that takes what is written now, of a cluster for `key`. */
  primary(key?: string): Promise<Redis>
  stop(): Promise<void>
}

const masterName = 'relay'

async function asked<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url, { commandTimeout: 2_000 })
  client.on('error', () => undefined)
  return work(client).finally(() => client.disconnect())
}

/** `name:value` lines, as INFO has them. */
const fieldIn = (text: string, name: string) => new RegExp(`^${name}:(.*)\r$`, 'm').exec(text)?.[1]

const stopAll = async (servers: Redis[]): Promise<void> => {
  await Promise.all(servers.map((server) => server.stop()))
}

/**
 * Starts what `starts` says, one after the other. If one fails, none stays.
 * @throws what the first failure was.
 */
async function startAll(starts: ((servers: Redis[]) => Promise<Redis>)[]): Promise<Redis[]> {
  const servers: Redis[] = []
  try {
    for (const start of starts) servers.push(await start(servers))
    return servers
  } catch (error) {
    await stopAll(servers)
    throw error
  }
}

/** A primary, a replica, and three Sentinels that ask for a password too and are in a hurry. */
export async function startSentinelGroup({ dir }: { dir: string }): Promise<RedisGroup> {
  mkdirSync(dir, { recursive: true })
  const password = keptSecret(join(dir, 'password'))
  const quick = [
    `masterauth ${password}`,
    'repl-diskless-sync-delay 0',
    'repl-ping-replica-period 1',
  ]
  const servers = await startAll([
    () => startRedis({ dir: join(dir, 'first'), password, lines: quick }),
    ([first]) =>
      startRedis({
        dir: join(dir, 'second'),
        password,
        lines: [...quick, `replicaof 127.0.0.1 ${first?.port}`],
      }),
  ])
  const lines = [
    `sentinel monitor ${masterName} 127.0.0.1 ${servers[0]?.port} 2`,
    `sentinel auth-pass ${masterName} ${password}`,
    `sentinel down-after-milliseconds ${masterName} 500`,
    `sentinel failover-timeout ${masterName} 2000`,
  ]
  const sentinels = await startAll(
    [1, 2, 3].map(
      (at) => () => startSentinel({ dir: join(dir, `sentinel-${at}`), password, lines }),
    ),
  ).catch(async (error: unknown) => {
    await stopAll(servers)
    throw error
  })
  const stop = () => stopAll([...sentinels, ...servers])
  try {
    await Promise.all(sentinels.map(hurry))
    await Promise.all(sentinels.map(knowsAll))
  } catch (error) {
    await stop()
    throw error
  }
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')
  return {
    url: `redis+sentinel://:${password}@${hosts}/${masterName}/0?sentinelPassword=${password}`,
    servers,
    primary: () => primaryBy(sentinels, servers),
    stop,
  }
}

/** Says hello and asks more often than a Sentinel does by itself. */
const hurry = ({ url }: Redis) =>
  asked(url, (client) =>
    client.call('SENTINEL', 'DEBUG', 'publish-period', '200', 'info-period', '500'),
  )

const knowsAll = ({ url }: Redis) =>
  eventually('a Sentinel that knows the replica and the others', () =>
    asked(url, async (client) => {
      const said = (await client.call('SENTINEL', 'MASTER', masterName)) as string[]
      const valueOf = (name: string) => said[said.indexOf(name) + 1]
      return valueOf('num-slaves') === '1' && valueOf('num-other-sentinels') === '2'
    }),
  )

async function primaryBy(sentinels: Redis[], servers: Redis[]): Promise<Redis> {
  return eventually('a primary that Sentinels agree on', async () => {
    const named = await Promise.all(
      sentinels.map(({ url }) =>
        asked(url, (client) => client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName)),
      ),
    )
    const ports = new Set(named.map((address) => (address as string[])[1]))
    return ports.size === 1 && servers.find(({ port }) => ports.has(String(port)))
  })
}

const slots = 16_384
const shards = 3

/** Three nodes that share the keys, and for each of them a replica. */
export async function startClusterGroup({ dir }: { dir: string }): Promise<RedisGroup> {
  mkdirSync(dir, { recursive: true })
  const password = keptSecret(join(dir, 'password'))
  const startNode = (at: number) => async () =>
    startRedis({
      dir: join(dir, `node-${at}`),
      password,
      lines: [
        `masterauth ${password}`,
        'repl-diskless-sync-delay 0',
        'cluster-enabled yes',
        'cluster-node-timeout 1000',
        `cluster-port ${await freePort()}`,
      ],
    })
  const servers = await startAll(Array.from({ length: 2 * shards }, (_, at) => startNode(at)))
  const stop = () => stopAll(servers)
  try {
    await joinUp(servers)
  } catch (error) {
    await stop()
    throw error
  }
  const hosts = servers.map(({ port }) => `127.0.0.1:${port}`).join(',')
  return {
    url: `redis+cluster://:${password}@${hosts}`,
    servers,
    primary: (key = '') => ownerOf(key, servers),
    stop,
  }
}

/** Shares out the slots, has all nodes meet, and gives each of the first a replica. */
async function joinUp(servers: Redis[]): Promise<void> {
  const [first] = servers
  const ids = await Promise.all(
    servers.map(({ url }) => asked(url, (client) => client.cluster('MYID')) as Promise<string>),
  )
  await Promise.all(
    servers.map(({ url }, at) =>
      asked(url, async (client) => {
        await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(at + 1))
        if (at >= shards) return
        const [from, to] = [at, at + 1].map((it) => Math.floor((it * slots) / shards))
        await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? 0) - 1))
      }),
    ),
  )
  for (const { port, url } of servers.slice(1)) {
    const busPort = await asked(url, (client) => client.config('GET', 'cluster-port'))
    await asked(first?.url ?? '', (client) =>
      client.call('CLUSTER', 'MEET', '127.0.0.1', String(port), (busPort as string[])[1] ?? ''),
    )
  }
  const infoOf = ({ url }: Redis) =>
    asked(url, (client) => client.cluster('INFO') as Promise<string>)
  const all = (what: string, name: string, value: string) =>
    eventually(what, async () => {
      const infos = await Promise.all(servers.map(infoOf))
      return infos.every((info) => fieldIn(info, name) === value)
    })
  await all('nodes that know each other', 'cluster_known_nodes', String(servers.length))
  for (const [at, { url }] of servers.slice(shards).entries()) {
    await asked(url, (client) => client.call('CLUSTER', 'REPLICATE', ids[at] ?? ''))
  }
  await all('a cluster that is whole', 'cluster_state', 'ok')
  for (const { url } of servers.slice(shards)) {
    await eventually('a replica that follows', () =>
      asked(url, async (client) => fieldIn(await client.info(), 'master_link_status') === 'up'),
    )
  }
}

/** As the nodes that answer see it. */
async function ownerOf(key: string, servers: Redis[]): Promise<Redis> {
  return eventually('a node that has this key', async () => {
    for (const { url } of servers) {
      const port = await asked(url, async (client) => {
        const slot = (await client.cluster('KEYSLOT', key)) as number
        const ranges = await client.cluster('SLOTS')
        return ranges.find(([from, to]) => from <= slot && slot <= to)?.[2]?.[1]
      }).catch(() => undefined)
      const found = servers.find((server) => server.port === port)
      if (found) return found
    }
    return undefined
  })
}
