import { limits } from '../config/limits.ts'
import { run, type Pool } from '../db/db.server.ts'

/** A relay, and what it was last heard by. */
type Sign = { id: Buffer; lastSign: string | null }
type Seen = { lastSign: string | null; sinceMs: number }

/**
 * Which relays stand still, as this one has seen them beat by beat. Two servers of a cluster may
 * have clocks a minute apart: a relay at the one that is behind looks silent from the other, but it
 * goes on beating, and no clock is needed to see that.
 */
export class StoodStill {
  private seen = new Map<string, Seen>()

  constructor(private readonly msLeast: number = limits.ledger.stillMsLeast) {}

  /** Looks at those that seem silent for half as long as it takes to be taken for dead. */
  async look(pool: Pool, relayId: Buffer, silentSeconds: number): Promise<void> {
    const half = Math.floor(silentSeconds / 2)
    this.note(await run(pool, 'ledger/sweep/silent-relays', { relayId, silentSeconds: half }))
  }

  /** Whoever is not among them was heard, and is begun anew with. */
  note(silent: readonly Sign[], nowMs: number = performance.now()): void {
    const seen = new Map<string, Seen>()
    for (const { id, lastSign } of silent) {
      const key = id.toString('hex')
      const before = this.seen.get(key)
      seen.set(key, before?.lastSign === lastSign ? before : { lastSign, sinceMs: nowMs })
    }
    this.seen = seen
  }

  /** Whether this one has given the sign that it gives now for long enough. */
  has({ id, lastSign }: Sign, nowMs: number = performance.now()): boolean {
    const seen = this.seen.get(id.toString('hex'))
    if (seen?.lastSign !== lastSign) return false
    return nowMs - seen.sinceMs >= this.msLeast
  }
}
