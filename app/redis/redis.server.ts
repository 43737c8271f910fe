import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../telemetry/log.ts'
import { serverOptions } from './connection-options.ts'
import { keyspace, nameIn } from './keyspace.ts'
import { isReply, Presence, withCode } from './presence.ts'
import { openServers, type Servers } from './servers.ts'
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
  /** What a script of Lua answers; undefined when Redis did not. Its keys are in one slot. */
  script(lua: string, keys: readonly string[], args: readonly string[]): Promise<unknown>
  /** Whether Redis has confirmed every subscription on the connection that there is. */
  hears(): boolean
  /** A number that changes with every break in what is heard; undefined where not all of it is. */
  hearing(): number | undefined
  /** Whether Redis answers, within half a second, and at the start within one. */
  ping(): Promise<boolean>
  close(): void
}

/**
 * `url` is an address that `redisUrl` takes; `namespace` keeps installations apart that share it.
 * Never throws for a Redis that is away; callers see `false`, and the log says so once.
 */
export function createRedis(
  url: string,
  namespace: string,
  log: Pick<Log, 'info' | 'warn' | 'failed'>,
): RedisClient {
  // Absence is a normal state here; the periodic looks into the database cover for it.
  const presence = new Presence(log)
  const servers = openServers(url)
  const { events, anywhere } = servers
  const { ok, answerOf } = bounded(servers, presence, log)
  const named = (key: string) => nameIn(namespace, key, servers.isCluster)
  events.on('error', (error) => presence.miss('client', error))
  events.on('close', () => presence.miss('client'))
  events.on('ready', () => void ping())
  const ping = () => ok(() => anywhere((server) => server.ping()))
  const publish = (channel: string, message: string) =>
    anywhere((server) => server.publish(named(channel), message))
  const echo = keyspace.echoChannel(randomUUID())
  let subscriber: ReturnType<typeof createSubscriber> | undefined
  const openSubscriber = () =>
    createSubscriber(servers.openConnection(), {
      echo: {
        channel: named(echo),
        send: async () => (await answerOf('publish', () => publish(echo, ''))) !== undefined,
        missed: () => servers.leave(),
      },
      presence,
      log,
    })
  return {
    publish: (channel, message) => ok(() => publish(channel, message)),
    ...keeping(servers, named, answerOf),
    subscribe(channel, onMessage) {
      subscriber ??= openSubscriber()
      subscriber.subscribe(named(channel), onMessage)
    },
    hears: () => subscriber?.hearsAll() ?? true,
    hearing: () => (subscriber?.hearsAll() ? subscriber.breaks() : undefined),
    ping,
    close() {
      presence.isClosed = true
      servers.close()
      subscriber?.close()
    },
  }
}

type Bounded = ReturnType<typeof bounded>

/** Commands that come to an end, and what that says of the servers. */
function bounded(servers: Servers, presence: Presence, log: Pick<Log, 'failed'>) {
  let hasTried = false
  /** The first try to connect has come to something: what fails before says nothing about Redis. */
  const firstTry = new Promise<void>((resolve) => {
    for (const event of ['ready', 'close']) servers.events.once(event, () => resolve())
  }).then(() => (hasTried = true))
  // A server that is there and does not answer closes no connection: only a command finds out.
  async function hasBegun(): Promise<boolean> {
    const { commandTimeout: msMax } = serverOptions
    return hasTried || Promise.race([firstTry, sleep(msMax, false, { ref: false })])
  }
  function miss(connection: string, error: unknown) {
    presence.miss(connection, error)
    servers.leave()
  }
  async function ok(command: () => Promise<unknown>): Promise<boolean> {
    if (!(await hasBegun())) return false
    try {
      await command()
      presence.find('client')
      return true
    } catch (error) {
      if (isReply(error)) presence.miss('client', error)
      else miss('client', error)
      return false
    }
  }
  const refused = new Set<string>()
  /**
   * A user with few rights may be refused it: that is said once, and is no Redis that is away.
   * `part` is what is away where there is no answer.
   */
  async function answerOf<T>(
    name: string,
    command: () => Promise<T>,
    part = 'client',
  ): Promise<T | undefined> {
    if (!(await hasBegun())) return undefined
    try {
      const answer = await command()
      presence.find(part)
      return answer
    } catch (error) {
      if (!isReply(error)) miss(part, error)
      else if (!refused.has(name)) log.failed('redis_refused', withCode(error), { command: name })
      if (isReply(error)) refused.add(name)
      return undefined
    }
  }
  return { ok, answerOf }
}

type Keeping = Pick<RedisClient, 'put' | 'values' | 'setMember' | 'members' | 'script'>

/** What is kept there for a while, in the driver's words. */
function keeping(
  { keyed, isCluster }: Servers,
  named: (key: string) => string,
  answerOf: Bounded['answerOf'],
): Keeping {
  // Of a Cluster the nodes that have these keys may be away, and the others take what is published.
  const part = isCluster ? 'keys' : 'client'
  return {
    async put(key, value, keptMs) {
      const put = () => keyed.set(named(key), value, 'PX', keptMs)
      return (await answerOf('set', put, part)) === 'OK'
    },
    values: (keys) =>
      keys.length === 0
        ? Promise.resolve([])
        : answerOf('mget', () => keyed.mget(keys.map((key) => named(key))), part),
    async setMember(key, member, isIn) {
      const done = isIn
        ? await answerOf('sadd', () => keyed.sadd(named(key), member), part)
        : await answerOf('srem', () => keyed.srem(named(key), member), part)
      return done !== undefined
    },
    members: (key) => answerOf('smembers', () => keyed.smembers(named(key)), part),
    script: (lua, keys, args) =>
      answerOf('evalsha', () => runScript(keyed, lua, keys.map(named), args), part),
  }
}

const digests = new Map<string, string>()
function digestOf(script: string): string {
  const known = digests.get(script)
  if (known !== undefined) return known
  const digest = createHash('sha1').update(script).digest('hex')
  digests.set(script, digest)
  return digest
}

/** By the script's digest, as long as Redis knows it. */
async function runScript(
  keyed: Servers['keyed'],
  lua: string,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  try {
    return await keyed.evalsha(digestOf(lua), keys.length, ...keys, ...args)
  } catch (error) {
    if (!isReply(error) || !error.message.startsWith('NOSCRIPT')) throw error
    return await keyed.eval(lua, keys.length, ...keys, ...args)
  }
}
