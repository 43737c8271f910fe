import { z } from 'zod'
import { keyspace, type RedisClient } from '../redis/redis.server.ts'
import type { UpstreamNews } from './news.ts'

/** What an operator has opened by hand: all of an upstream, one key of it, one model, or both. */
const Hold = z.object({
  upstream: z.string(),
  key: z.string().nullable(),
  model: z.string().nullable(),
})
export type Hold = z.output<typeof Hold>

/** What cannot be read is nobody's, and holds nothing. */
function holdIn(text: string): Hold[] {
  try {
    const read = Hold.safeParse(JSON.parse(text))
    return read.success ? [read.data] : []
  } catch {
    return []
  }
}

/** All that is opened by hand; undefined when Redis did not answer. */
export const readHolds = async (redis: RedisClient): Promise<Hold[] | undefined> =>
  (await redis.members(keyspace.upstreamsHeld))?.flatMap(holdIn)

/**
 * Opens by hand, or closes, on every relay: at once where they hear it, else when they look next.
 * To close takes back all that was opened within what is named. False when Redis did not take it.
 */
export async function holdUpstream(
  redis: RedisClient,
  { upstream, key, model }: Hold,
  what: 'open' | 'close',
): Promise<boolean> {
  const hold = { upstream, key, model }
  const gone = what === 'close' ? await readHolds(redis) : [hold]
  if (!gone) return false
  for (const it of gone) {
    if (!isWithin(it, hold)) continue
    const isDone = await redis.setMember(
      keyspace.upstreamsHeld,
      JSON.stringify(it),
      what === 'open',
    )
    if (!isDone) return false
  }
  const news: UpstreamNews = { what, ...hold }
  return redis.publish(keyspace.upstreamsChannel, JSON.stringify(news))
}

/** Whether all of `it` is in `whole`. */
const isWithin = (it: Hold, whole: Hold) =>
  it.upstream === whole.upstream &&
  (whole.key === null || whole.key === it.key) &&
  (whole.model === null || whole.model === it.model)
