import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Log } from '../telemetry/log.ts'
import { connectionOptions } from './connection-options.ts'
import { isReply, Presence, withCode } from './presence.ts'
import { createSubscriber } from './subscriber.ts'
export { keyspace } from './keyspace.ts'

export type RedisClient = {
  /** Best effort, bounded in time; false when Redis did not take it. */
  publish(channel: string, message: string): Promise<boolean>
  /** Calls back for each message, also after Redis was away. */
  subscribe(channel: string, onMessage: (message: string) => void): void
  /** Keeps a value for so long; false when Redis did not take it. */
  put(key: string, value: string, keptMs: number): Promise<boolean>
  /** The values of these keys, null where there is none; undefined when Redis did not answer. */
  values(keys: readonly string[]): Promise<(string | null)[] | undefined>
  /** Adds to a set, or takes out of it; false when Redis did not do it. */
  setMember(key: string, member: string, isIn: boolean): Promise<boolean>
  /** All that is in a set; undefined when Redis did not answer. */
  members(key: string): Promise<string[] | undefined>
  /** Whether Redis has confirmed every subscription on the connection that there is. */
  hears(): boolean
  /** A number that changes with every break in what is heard; undefined where not all of it is. */
  hearing(): number | undefined
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
  async function hasBegun(): Promise<boolean> {
    const { commandTimeout: msMax } = connectionOptions
    return hasTried || Promise.race([firstTry, sleep(msMax, false, { ref: false })])
  }
  async function ok(command: () => Promise<unknown>): Promise<boolean> {
    if (!(await hasBegun())) return false
    try {
      await command()
      presence.find('client')
      return true
    } catch (error) {
      presence.miss('client', error)
      return false
    }
  }
  const refused = new Set<string>()
  /** A user with few rights may be refused it: that is said once, and is no Redis that is away. */
  async function answerOf<T>(name: string, command: () => Promise<T>): Promise<T | undefined> {
    if (!(await hasBegun())) return undefined
    try {
      const answer = await command()
      presence.find('client')
      return answer
    } catch (error) {
      if (!isReply(error)) presence.miss('client', error)
      else if (!refused.has(name)) log.failed('redis_refused', withCode(error), { command: name })
      if (isReply(error)) refused.add(name)
      return undefined
    }
  }
  const named = (key: string) => `${namespace}:${key}`
  client.on('error', (error) => presence.miss('client', error))
  client.on('close', () => presence.miss('client'))
  client.on('ready', () => void ok(() => client.ping()))
  return {
    publish: (channel, message) => ok(() => client.publish(named(channel), message)),
    ...keeping(client, named, answerOf),
    subscribe(channel, onMessage) {
      subscriber ??= createSubscriber(url, presence, log)
      subscriber.subscribe(named(channel), onMessage)
    },
    hears: () => subscriber?.hearsAll() ?? true,
    hearing: () => (subscriber?.hearsAll() ? subscriber.breaks() : undefined),
    ping: () => ok(() => client.ping()),
    close() {
      presence.isClosed = true
      client.disconnect()
      subscriber?.close()
    },
  }
}

type Keeping = Pick<RedisClient, 'put' | 'values' | 'setMember' | 'members'>

/** What is kept there for a while, in the driver's words. */
const keeping = (
  client: Redis,
  named: (key: string) => string,
  answerOf: <T>(name: string, command: () => Promise<T>) => Promise<T | undefined>,
): Keeping => ({
  async put(key, value, keptMs) {
    const taken = await answerOf('set', () => client.set(named(key), value, 'PX', keptMs))
    return taken === 'OK'
  },
  values: (keys) =>
    keys.length === 0
      ? Promise.resolve([])
      : answerOf('mget', () => client.mget(keys.map((key) => named(key)))),
  async setMember(key, member, isIn) {
    const done = isIn
      ? await answerOf('sadd', () => client.sadd(named(key), member))
      : await answerOf('srem', () => client.srem(named(key), member))
    return done !== undefined
  },
  members: (key) => answerOf('smembers', () => client.smembers(named(key))),
})
