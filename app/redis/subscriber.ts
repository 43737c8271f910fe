import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { limits } from '../config/limits.ts'
import type { Log } from '../telemetry/log.ts'
import { serverOptions } from './connection-options.ts'
import { leaving } from './leaving.ts'
import { isReply, withCode, type Presence } from './presence.ts'

const name = 'subscriber'

/** What a subscriber says to itself, by the way that all news take. */
type Echo = {
  channel: string
  /** Publishes there; false where that was not taken. */
  send(): Promise<boolean>
  /** Called where what was taken was not heard: the two are connected to what does not hang together. */
  missed(): void
}

/** Whether what is published comes to this connection. */
function createEcho(connection: Redis, { channel, send }: Echo) {
  let isSubscribed = false
  let onEcho = () => {}
  connection.on('message', (from) => {
    if (from === channel) onEcho()
  })
  connection.on('close', () => (isSubscribed = false))
  /** True where nobody can tell. */
  return async function comes(): Promise<boolean> {
    isSubscribed ||= await connection.subscribe(channel).then(
      () => true,
      // Who may listen to chosen channels only goes without.
      () => false,
    )
    const came = new Promise<boolean>((resolve) => (onEcho = () => resolve(true)))
    if (!isSubscribed || !(await send())) return true
    const silence = sleep(serverOptions.commandTimeout, false, { ref: false })
    // A connection that was lost meanwhile is seen to by all else.
    return (await Promise.race([came, silence])) || !isSubscribed
  }
}

type Subscribed = { connection: Redis; presence: Presence; log: Pick<Log, 'failed'> }

/** The channels of a connection, said at each time that it is there. */
function createChannels({ connection, presence, log }: Subscribed, reconnect: () => void) {
  const listeners = new Map<string, (message: string) => void>()
  const heard = new Set<string>()
  const hearsAll = () => heard.size === listeners.size
  async function say(channel: string) {
    try {
      await connection.subscribe(channel)
      heard.add(channel)
      if (hearsAll()) presence.find(name)
    } catch (error) {
      if (presence.isClosed) return
      // It is said again at the next connection; what is refused, at the next look.
      if (!isReply(error)) {
        presence.miss(name, error)
        return reconnect()
      }
      const short = channel.slice(channel.lastIndexOf(':') + 1)
      log.failed('redis_subscribe_failed', withCode(error), { channel: short })
      presence.find(name)
    }
  }
  const sayUnheard = () =>
    Promise.all([...listeners.keys()].filter((channel) => !heard.has(channel)).map(say))
  connection.on('message', (channel, message) => listeners.get(channel)?.(message))
  connection.on('close', () => heard.clear())
  connection.on('ready', () => {
    heard.clear()
    void sayUnheard()
  })
  return { listeners, hearsAll, say, sayUnheard }
}

/**
 * A connection that hears what it was told to, again after each time that Redis was away. The
 * driver's own way loses channels: it lets a SUBSCRIBE out before its ready check, whose INFO a
 * subscribed connection may not ask, and forgets the channels of a connection that was not ready
 * yet. So they are said here, at each connection, and looked after (docs/decisions/0023): every few
 * seconds what is published is heard here too, or it connects anew (docs/decisions/0047).
 */
export function createSubscriber(
  connection: Redis,
  { echo, ...given }: { echo: Echo; presence: Presence; log: Pick<Log, 'failed'> },
) {
  const { presence } = given
  const reconnect = leaving(connection)
  const channels = createChannels({ connection, ...given }, reconnect)
  const echoComes = createEcho(connection, echo)
  let breaks = 0
  connection.on('error', (error) => presence.miss(name, error))
  connection.on('close', () => {
    breaks++
    presence.miss(name)
  })

  /** Whether there is an answer; a no is one. */
  const answers = () =>
    connection.ping().then(
      () => true,
      (error: unknown) => {
        if (!isReply(error)) presence.miss(name, error)
        return isReply(error)
      },
    )
  /** A connection that died without a word hears nothing, and says so to nobody. */
  async function look() {
    if (connection.status !== 'ready') return
    if (!(await answers())) return reconnect()
    await channels.sayUnheard()
    if (!channels.hearsAll() || (await echoComes())) return
    presence.miss(name)
    reconnect()
    echo.missed()
  }
  let isLooking = false
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void look().finally(() => (isLooking = false))
  }, limits.watch.subscribedEveryMs)

  return {
    hearsAll: channels.hearsAll,
    breaks: () => breaks,
    subscribe(channel: string, onMessage: (message: string) => void) {
      channels.listeners.set(channel, onMessage)
      if (connection.status === 'ready') void channels.say(channel)
    },
    close() {
      clearInterval(timer)
      connection.disconnect()
    },
  }
}
