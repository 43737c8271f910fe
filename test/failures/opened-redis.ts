import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mock } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import type { RedisGroup } from '../../dev/servers/redis-groups.ts'
import { limits } from '../../app/config/limits.ts'
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

/** Two relays of one installation on servers of their own; their looks are due when a test says so. */
export async function openTogether(start: (settings: { dir: string }) => Promise<RedisGroup>) {
  const folder = mkdtempSync(join(tmpdir(), 'redis group '))
  const group = await start({ dir: folder })
  mock.timers.enable({ apis: ['setInterval'] })
  const one = openRedis(group.url)
  const other = openRedis(group.url, one.namespace)
  for (const it of [one, other]) it.subscribe()
  return {
    group,
    one,
    other,
    look: () => mock.timers.tick(limits.watch.subscribedEveryMs),
    async close() {
      for (const it of [one, other]) it.redis.close()
      mock.timers.reset()
      await group.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

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
