import { limits } from '../config/limits.ts'
import { run, type Pool } from '../db/db.server.ts'
import type { Ledger } from './ledger.ts'

/**
 * Releases the holds of relays that have gone silent: outcome `lost`, cost 0, so a crash costs the
 * operator and never the user. Any number of replicas may sweep at once; none sweeps its own calls.
 * Answers how many holds it released.
 */
export async function sweep(
  pool: Pool,
  ledger: Ledger,
  staleSeconds: number = limits.ledger.heartbeatSecondsMax,
): Promise<number> {
  let released = 0
  for (;;) {
    const stale = await run(pool, 'ledger/stale-holds', {
      relayId: ledger.relayId,
      staleSeconds,
      rows: limits.ledger.staleHoldsAtOnce,
    })
    const ends = stale.map(({ streamed, ...rest }) =>
      ledger.lose({ facts: { ...rest, streamed: streamed === 1, client: null, clientRetry: 0 } }),
    )
    const results = await Promise.all(ends)
    released += results.filter(({ state }) => state === 'settled').length
    if (stale.length < limits.ledger.staleHoldsAtOnce) break
  }
  await run(pool, 'ledger/delete-old-relays', { staleSeconds })
  return released
}

/**
 * Whether a relay may judge others by their silence: only when it has itself been heard without a
 * break for a while. After an outage of the database all heartbeats are old, and whoever swept
 * first would give up the calls of relays that are alive.
 */
export class Steadiness {
  private steadySinceMs: number | undefined

  constructor(private readonly steadyMsMin: number) {}

  note(wasHeard: boolean, nowMs = performance.now()) {
    this.steadySinceMs = wasHeard ? (this.steadySinceMs ?? nowMs) : undefined
  }

  maySweep(nowMs = performance.now()): boolean {
    return this.steadySinceMs !== undefined && nowMs - this.steadySinceMs >= this.steadyMsMin
  }
}
