import type { BreakerState } from './breaker.ts'
import type { Hold } from './holds.ts'
import type { UpstreamPlace } from './place.ts'

/** A breaker that does not let all calls through; `held` is one that was opened by hand. */
export type BreakerReport = Hold & {
  state: Exclude<BreakerState, 'closed'> | 'held'
  /** So long from now; null where nobody knows. */
  forMs: number | null
}

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
  return reports
}
