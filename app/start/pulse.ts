import { limits } from '../config/limits.ts'
import { clockWords, isClockOff, readClock, type Pool } from '../db/db.server.ts'
import { beat, StoodStill, sweep, type Ledger } from '../ledger/ledger.server.ts'
import type { Log } from '../telemetry/log.ts'

/** How often a relay beats and sweeps, and by how much of whose silence. */
export type PulseLimits = Record<
  | 'heartbeatEveryMs'
  | 'sweepEveryMs'
  | 'heartbeatSecondsMax'
  | 'breakSeconds'
  | 'steadySeconds'
  | 'stillMsLeast',
  number
>

const { watch, ledger: bounds } = limits
/** The product's own. */
export const pulseLimits: PulseLimits = {
  heartbeatEveryMs: watch.heartbeatEveryMs,
  sweepEveryMs: watch.sweepEveryMs,
  heartbeatSecondsMax: bounds.heartbeatSecondsMax,
  breakSeconds: bounds.breakSeconds,
  steadySeconds: bounds.steadySeconds,
  stillMsLeast: bounds.stillMsLeast,
}

type Parts = { db: Pool; ledger: Ledger; log: Log; limits: PulseLimits }

/**
 * The heartbeat of a relay, and what goes by it: whether its machine's clock is right, and which
 * other relays are dead.
 */
export class Pulse {
  readonly limits: PulseLimits
  private readonly still: StoodStill
  private isOff = false

  constructor(private readonly parts: Parts) {
    this.limits = parts.limits
    this.still = new StoodStill(parts.limits.stillMsLeast)
  }

  /** The machine's clock and the database's are apart. */
  get clockIsOff(): boolean {
    return this.isOff
  }

  /** Whether it came through; what keeps it is noted. */
  async beat(): Promise<boolean> {
    const { db, ledger, log } = this.parts
    try {
      this.noteClock(await readClock(db))
      await this.say()
      await this.still.look(db, ledger.relayId, this.limits.heartbeatSecondsMax)
      return true
    } catch (error) {
      log.failed('heartbeat_failed', error)
      return false
    }
  }

  /**
   * Sweeps where its own beat of this turn has come through, and was one of a long row. What a
   * machine whose clock is off takes for silence is another matter.
   */
  async sweep(): Promise<void> {
    if (!(await this.beat()) || this.isOff) return
    const { heartbeatSecondsMax: silentSeconds, steadySeconds, breakSeconds } = this.limits
    const { db, ledger } = this.parts
    await sweep(db, ledger, { silentSeconds, steadySeconds, breakSeconds, still: this.still })
  }

  /** A beat whose failure is thrown. */
  say() {
    return beat(this.parts.db, this.parts.ledger.relayId, this.limits.breakSeconds)
  }

  /** One line when it goes wrong, and one when it is right again. */
  private noteClock(offMs: number) {
    const wasOff = this.isOff
    this.isOff = isClockOff(offMs)
    const { log } = this.parts
    if (this.isOff && !wasOff)
      log.error('clock_off', {
        why: `This machine’s clock is ${clockWords(offMs)}: set both right, by NTP for one.`,
        off_ms: Math.round(offMs),
      })
    if (wasOff && !this.isOff) log.info('clock_right')
  }
}

/** The first beat comes before there is any call: where it fails, so does the start. */
export async function beginPulse(parts: Parts): Promise<Pulse> {
  const pulse = new Pulse(parts)
  await pulse.say()
  return pulse
}
