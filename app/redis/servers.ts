import type { EventEmitter } from 'node:events'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { redisPlace, type RedisPlace } from '../config/redis-url.ts'
import { limits } from '../config/limits.ts'
import { connectionOptions, serverOptions } from './connection-options.ts'
import { leaving } from './leaving.ts'
import { nodeConnector } from './node-connector.ts'
import { isReply } from './presence.ts'

/** The servers behind an address, as commands see them: one at a time, or all nodes of a Cluster. */
export type Servers = {
  /** Says `ready`, `close` and `error`. */
  events: EventEmitter
  /** Takes commands that have a key. */
  keyed: Redis | Cluster
  /** One part of the keys may be away while the others are there. */
  isCluster: boolean
  /** Has a server take a command that any of them may. */
  anywhere<T>(command: (server: Redis) => Promise<T>): Promise<T>
  /** Looks for the server anew where it is connected: the one that it has does not answer, or nobody hears it. */
  leave(): void
  /** A connection of its own that comes back by itself and subscribes to nothing. */
  openConnection(): Redis
  close(): void
}

type PlaceOf<Kind extends RedisPlace['kind']> = Extract<RedisPlace, { kind: Kind }>
const tlsOf = ({ isTls }: { isTls: boolean }) => (isTls ? { tls: {} } : {})

/** One server, known by its address or by what Sentinels say of it. */
function oneServer(open: (more?: RedisOptions) => Redis): Servers {
  const client = open()
  return {
    events: client,
    keyed: client,
    isCluster: false,
    anywhere: (command) => command(client),
    leave: leaving(client),
    openConnection: () => open({ autoResubscribe: false }),
    close: () => client.disconnect(),
  }
}

/**
 * What Sentinels call the master may be one no more when one of them has slept: then whoever
 * publishes there is heard by few. A user who may not ask for the role is not told.
 */
async function leaveReplica({ anywhere, leave }: Servers) {
  // A connection that is lost meanwhile is found out by all else.
  const said: unknown = await anywhere((server) => server.role()).catch(() => [])
  // Whoever is in the way may answer anything.
  if (Array.isArray(said) && said[0] === 'slave') leave()
}

function bySentinels(place: PlaceOf<'sentinel'>): Servers {
  const { addresses: sentinels, username, password, db, isTls } = place
  const { sentinelUsername, sentinelPassword } = place
  const options: RedisOptions = {
    ...connectionOptions,
    sentinels,
    name: place.master,
    db,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(sentinelUsername !== undefined && { sentinelUsername }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    sentinelCommandTimeout: connectionOptions.commandTimeout,
    ...(isTls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
  }
  const servers = oneServer((more) => new Redis({ ...options, ...more }))
  servers.events.on('ready', () => void leaveReplica(servers))
  return servers
}

/**
 * Each node takes what is published to all. The driver's own subscriber is not used: it has the
 * faults that ours is there for (docs/decisions/0023).
 */
function ofCluster({ addresses, username, password, ...place }: PlaceOf<'cluster'>): Servers {
  const user = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...tlsOf(place),
  }
  const cluster = new Cluster(addresses, {
    enableOfflineQueue: false,
    enableReadyCheck: false,
    clusterRetryStrategy: connectionOptions.retryStrategy,
    // With what it waits between them, a command is over in half a second, as elsewhere.
    maxRedirections: 4,
    slotsRefreshTimeout: serverOptions.commandTimeout,
    slotsRefreshInterval: limits.watch.subscribedEveryMs,
    // A certificate is of a name: names stay what they are until they are connected to.
    dnsLookup: (address, done) => done(null, address),
    // A node that does not answer is left; such a connection never comes back as the same object.
    redisOptions: { ...serverOptions, ...user, socketTimeout: serverOptions.commandTimeout },
  })
  const known = () => {
    const nodes = cluster.nodes().map(({ options: { host = '', port = 0 } }) => ({ host, port }))
    return nodes.length > 0 ? nodes : addresses
  }
  return {
    events: cluster,
    keyed: cluster,
    isCluster: true,
    async anywhere(command) {
      const nodes = cluster.nodes('master')
      const first = nodes[Math.floor(Math.random() * nodes.length)]
      if (!first) throw new Error('no node of the Cluster is known')
      const second = nodes.find((node) => node !== first)
      return command(first).catch((error: unknown) => {
        if (isReply(error) || !second) throw error
        return command(second)
      })
    },
    leave: () => undefined,
    openConnection: () =>
      new Redis({
        ...connectionOptions,
        ...user,
        autoResubscribe: false,
        Connector: nodeConnector(known, place.isTls),
      }),
    close: () => cluster.disconnect(),
  }
}

/** Connects to what an address names. @throws on one that `redisUrl` refuses. */
export function openServers(url: string): Servers {
  const place = redisPlace(url)
  if ('fault' in place) throw new Error(`the address of Redis ${place.fault}`)
  switch (place.kind) {
    case 'single':
      return oneServer((more) => new Redis(place.url, { ...connectionOptions, ...more }))
    case 'sentinel':
      return bySentinels(place)
    case 'cluster':
      return ofCluster(place)
  }
}
