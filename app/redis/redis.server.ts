import { Redis } from 'ioredis'
import { failureFields, type Log } from '../telemetry/log.ts'
export { keyspace } from './keyspace.ts'

export type RedisClient = {
  /** Best effort, bounded in time; false when Redis did not take it. */
  publish(channel: string, message: string): Promise<boolean>
  /** Calls back for each message, also after Redis was away. */
  subscribe(channel: string, onMessage: (message: string) => void): void
  /** Whether Redis answers, within half a second. */
  ping(): Promise<boolean>
  close(): void
}

// ioredis would wait for ever by default (measured: 25 s and counting on a dead server).
const bounded = {
  connectTimeout: 1_000,
  commandTimeout: 500,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  retryStrategy: (times: number) => Math.min(times * 100, 2_000),
  keepAlive: 10_000,
}

/** Says once that Redis is away, whichever of its connections finds out, and once that it is back. */
class Presence {
  private readonly missed = new Set<string>()
  /** Set once we close it ourselves. */
  isClosed = false

  constructor(private readonly log: Pick<Log, 'info' | 'warn'>) {}

  miss(connection: string, error?: unknown) {
    if (this.isClosed) return
    if (this.missed.size === 0) this.log.warn('redis_away', error ? failureFields(error) : {})
    this.missed.add(connection)
  }

  find(connection: string) {
    if (this.missed.delete(connection) && this.missed.size === 0) this.log.info('redis_back')
  }
}

/**
 * `url` is a redis:// address; `namespace` keeps installations apart that share it. Never throws for a
 * Redis that is away; callers see `false`, and the log says so once.
 */
export function createRedis(
  url: string,
  namespace: string,
  log: Pick<Log, 'info' | 'warn' | 'failed'>,
): RedisClient {
  const client = new Redis(url, bounded)
  // A subscriber's own commands must survive a reconnection, so it may queue.
  const subscriber = new Redis(url, {
    ...bounded,
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
  })
  const listeners = new Map<string, (message: string) => void>()
  // Absence is a normal state here; the periodic looks into the database cover for it.
  const presence = new Presence(log)
  for (const [name, connection] of Object.entries({ client, subscriber })) {
    connection.on('error', (error) => presence.miss(name, error))
    connection.on('close', () => presence.miss(name))
    connection.on('ready', () => presence.find(name))
  }
  subscriber.on('message', (channel, message) => listeners.get(channel)?.(message))
  // A server that is there and does not answer closes no connection: only a command finds out.
  const ok = (promise: Promise<unknown>) =>
    promise.then(
      () => {
        presence.find('client')
        return true
      },
      (error: unknown) => {
        presence.miss('client', error)
        return false
      },
    )
  return {
    publish: (channel, message) => ok(client.publish(`${namespace}:${channel}`, message)),
    subscribe(channel, onMessage) {
      const name = `${namespace}:${channel}`
      listeners.set(name, onMessage)
      // One that waited for a Redis that is away ends with its connection, which we close ourselves.
      subscriber.subscribe(name).catch((error: unknown) => {
        if (!presence.isClosed) log.failed('redis_subscribe_failed', error, { channel })
      })
    },
    ping: () => ok(client.ping()),
    close() {
      presence.isClosed = true
      client.disconnect()
      subscriber.disconnect()
    },
  }
}
