import { eventually } from '../../dev/command/eventually.ts'
import { createRedis } from '../../app/redis/redis.server.ts'
import { createLog } from '../../app/telemetry/log.ts'

let namespaces = 0

/** What tests listen to. */
export const channels = ['revoked', 'catalog']

/** What a relay makes of the Redis at `url`, what it hears there, and all that it says of it. */
export function openRedis(url: string, namespace = `relay-${++namespaces}`) {
  const lines: string[] = []
  const log = createLog('debug', (line) => void lines.push(line))
  const redis = createRedis(url, namespace, log)
  const messages: string[] = []
  const subscribe = () =>
    channels.forEach((channel) => redis.subscribe(channel, (said) => messages.push(said)))
  const events = () =>
    lines.map((line) => {
      const { event, code } = JSON.parse(line) as { event: string; code?: string }
      return code === undefined ? event : `${event} ${code}`
    })
  return { redis, namespace, messages, subscribe, events }
}
export type OpenedRedis = ReturnType<typeof openRedis>

export const toHear = ({ redis }: OpenedRedis) =>
  eventually('to hear everything', () => redis.hears())

let news = 0

/**
 * News that one tells come to the other; what is told may be lost, so that it is told again, and
 * `look` called each time.
 */
export async function expectNews(
  from: OpenedRedis,
  to: OpenedRedis,
  look = () => {},
): Promise<void> {
  const message = `news ${++news}`
  await eventually(`to hear ${message}`, async () => {
    look()
    await from.redis.publish('revoked', message)
    return to.messages.includes(message)
  })
}
