import { Redis } from 'ioredis'
import { limits } from '../config/limits.ts'
import type { Log } from '../telemetry/log.ts'
import { connectionOptions } from './connection-options.ts'
import { isReply, withCode, type Presence } from './presence.ts'

const name = 'subscriber'

/**
 * A connection that hears what it was told to, again after each time that Redis was away. The
 * driver's own way loses channels: it lets a SUBSCRIBE out before its ready check, whose INFO a
 * subscribed connection may not ask, and forgets the channels of a connection that was not ready
 * yet. So they are said here, at each connection, and looked after (docs/decisions/0023).
 */
export function createSubscriber(url: string, presence: Presence, log: Pick<Log, 'failed'>) {
  const listeners = new Map<string, (message: string) => void>()
  const heard = new Set<string>()
  const connection = new Redis(url, { ...connectionOptions, autoResubscribe: false })
  const hearsAll = () => heard.size === listeners.size
  let breaks = 0

  async function say(channel: string) {
    try {
      await connection.subscribe(channel)
      heard.add(channel)
      if (hearsAll()) presence.find(name)
    } catch (error) {
      if (presence.isClosed) return
      // It is said again at the next connection, or at the next look.
      const short = channel.slice(channel.lastIndexOf(':') + 1)
      log.failed('redis_subscribe_failed', withCode(error), { channel: short })
      if (isReply(error)) presence.find(name)
    }
  }
  const sayAll = () => Promise.all([...listeners.keys()].map(say))

  connection.on('message', (channel, message) => listeners.get(channel)?.(message))
  connection.on('error', (error) => presence.miss(name, error))
  connection.on('close', () => {
    breaks++
    heard.clear()
    presence.miss(name)
  })
  connection.on('ready', () => {
    heard.clear()
    void sayAll()
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
    if (!(await answers())) return connection.disconnect(true)
    const unheard = [...listeners.keys()].filter((channel) => !heard.has(channel))
    await Promise.all(unheard.map(say))
  }
  let isLooking = false
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void look().finally(() => (isLooking = false))
  }, limits.watch.subscribedEveryMs)

  return {
    hearsAll,
    breaks: () => breaks,
    subscribe(channel: string, onMessage: (message: string) => void) {
      listeners.set(channel, onMessage)
      if (connection.status === 'ready') void say(channel)
    },
    close() {
      clearInterval(timer)
      connection.disconnect()
    },
  }
}
