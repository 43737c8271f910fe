import { keyspace, type RedisClient } from '../redis/redis.server.ts'
import type { Log } from '../telemetry/log.ts'
import { readHolds } from './holds.ts'
import { UpstreamNews } from './news.ts'
import type { Upstreams } from './upstreams.ts'

/** Has of Redis what was opened by hand; where it is away that stays as it was. */
export async function refreshHolds(redis: RedisClient, upstreams: Upstreams): Promise<void> {
  const held = await readHolds(redis)
  if (held) upstreams.hold(held)
}

/**
 * Takes news of upstreams at once. What is not heard is found at the next look into the database,
 * and what was done by hand at the next look into Redis.
 */
export function hearUpstreams(
  redis: RedisClient,
  upstreams: Upstreams,
  { refresh, log }: { refresh(): Promise<unknown>; log: Log },
) {
  async function take(message: string) {
    const news = UpstreamNews.parse(JSON.parse(message))
    if (news.what === 'changed') {
      await refresh()
      return
    }
    const { what, upstream, key, model } = news
    await refreshHolds(redis, upstreams)
    if (what === 'close') upstreams.close({ upstream, key, model })
  }
  redis.subscribe(keyspace.upstreamsChannel, (message) => {
    take(message).catch((error: unknown) => log.failed('upstreams_refresh_failed', error))
  })
}
