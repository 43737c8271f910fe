import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Log } from '../telemetry/log.ts'
import { connectionOptions } from './connection-options.ts'
import { Presence } from './presence.ts'
import { createSubscriber } from './subscriber.ts'
export { keyspace } from './keyspace.ts'

export type RedisClient = {
  /** Best effort, bounded in time; false when Redis did not take it. */
  publish(channel: string, message: string): Promise<boolean>
  /** Calls back for each message, also after Redis was away. */
  subscribe(channel: string, onMessage: (message: string) => void): void
  /** Whether Redis has confirmed every subscription on the connection that there is. */
  hears(): boolean
  /** Whether Redis answers, within half a second, and at the start within one. */
  ping(): Promise<boolean>
  close(): void
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
  // Absence is a normal state here; the periodic looks into the database cover for it.
  const presence = new Presence(log)
  const client = new Redis(url, connectionOptions)
  let subscriber: ReturnType<typeof createSubscriber> | undefined
  let hasTried = false
  /** The first try to connect has come to something: what fails before says nothing about Redis. */
  const firstTry = new Promise<void>((resolve) => {
    for (const event of ['ready', 'close'] as const) client.once(event, () => resolve())
  }).then(() => (hasTried = true))
  // A server that is there and does not answer closes no connection: only a command finds out.
  async function ok(command: () => Promise<unknown>): Promise<boolean> {
    if (!hasTried) {
      const { commandTimeout: msMax } = connectionOptions
      if (!(await Promise.race([firstTry, sleep(msMax, false, { ref: false })]))) return false
    }
    try {
      await command()
      presence.find('client')
      return true
    } catch (error) {
      presence.miss('client', error)
      return false
    }
  }
  client.on('error', (error) => presence.miss('client', error))
  client.on('close', () => presence.miss('client'))
  client.on('ready', () => void ok(() => client.ping()))
  return {
    publish: (channel, message) => ok(() => client.publish(`${namespace}:${channel}`, message)),
    subscribe(channel, onMessage) {
      subscriber ??= createSubscriber(url, presence, log)
      subscriber.subscribe(`${namespace}:${channel}`, onMessage)
    },
    hears: () => subscriber?.hearsAll() ?? true,
    ping: () => ok(() => client.ping()),
    close() {
      presence.isClosed = true
      client.disconnect()
      subscriber?.close()
    },
  }
}
