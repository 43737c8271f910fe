import { z } from 'zod'
import { limits } from '../config/limits.ts'
import { keyspace, type RedisClient } from '../redis/redis.server.ts'
import type { Hold } from './holds.ts'
import type { UpstreamPlace } from './choice/place.ts'

/** A breaker that does not let all calls through; `held` is one that was opened by hand. */
const BreakerReport = z.object({
  upstream: z.string(),
  key: z.string().nullable(),
  model: z.string().nullable(),
  state: z.enum(['open', 'trying', 'limited', 'held']),
  /** So long from then; null where nobody knows. */
  forMs: z.number().nullable(),
})
export type BreakerReport = z.output<typeof BreakerReport>
const Reports = z.array(BreakerReport)

/** All that does not let every call through, what was opened by hand first. */
export function statesOf(
  upstreams: Iterable<UpstreamPlace>,
  held: readonly Hold[],
  now: number,
): BreakerReport[] {
  const reports: BreakerReport[] = held.map((it) => ({ ...it, state: 'held', forMs: null }))
  for (const { name: upstream, keys } of upstreams) {
    for (const key of keys) {
      for (const { model, breaker } of key.breakers()) {
        const state = breaker.state(now)
        if (state === 'closed') continue
        const forMs = Math.max(0, Math.round(breaker.letsFrom - now))
        reports.push({ upstream, key: key.name, model, state, forMs })
      }
    }
  }
  return reports.slice(0, limits.breaker.reportsMax)
}

/** Tells whoever asks, for a while, what this relay knows of its upstreams. */
export const tellStates = (
  redis: RedisClient,
  relayId: string,
  states: readonly BreakerReport[],
): Promise<boolean> =>
  redis.put(
    keyspace.upstreamStates(relayId),
    JSON.stringify(states),
    limits.watch.upstreamStatesKeptMs,
  )

/** What each of these relays has said of late; undefined when Redis did not answer. */
export async function readStates(
  redis: RedisClient,
  relayIds: readonly string[],
): Promise<{ relay: string; states: BreakerReport[] | undefined }[] | undefined> {
  const values = await redis.values(relayIds.map((id) => keyspace.upstreamStates(id)))
  return values?.map((text, i) => ({
    relay: relayIds[i] ?? '',
    states: text === null ? undefined : reportsIn(text),
  }))
}

function reportsIn(text: string): BreakerReport[] | undefined {
  try {
    return Reports.safeParse(JSON.parse(text)).data
  } catch {
    // Nobody else writes there; whoever did says nothing that could be shown.
    return undefined
  }
}
