import { Redis } from 'ioredis'
export { keyspace } from './keyspace.ts'

export type RedisClient = {
  /** Best effort, bounded in time; false when Redis did not take it. */
  publish(channel: string, message: string): Promise<boolean>
  /** Calls back for each message, also after Redis was away. */
  subscribe(channel: string, onMessage: (message: string) => void): void
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

/**
 * `url` is a redis:// address; `namespace` keeps installations apart that share it. Never throws for a
 * Redis that is away; callers see `false`.
 */
export function createRedis(url: string, namespace: string): RedisClient {
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
  client.on('error', () => undefined)
  subscriber.on('error', () => undefined)
  subscriber.on('message', (channel, message) => listeners.get(channel)?.(message))
  const ok = (promise: Promise<unknown>) =>
    promise.then(
      () => true,
      () => false,
    )
  return {
    publish: (channel, message) => ok(client.publish(`${namespace}:${channel}`, message)),
    subscribe(channel, onMessage) {
      const name = `${namespace}:${channel}`
      listeners.set(name, onMessage)
      subscriber.subscribe(name).catch(() => undefined)
    },
    ping: () => ok(client.ping()),
    close() {
      client.disconnect()
      subscriber.disconnect()
    },
  }
}
