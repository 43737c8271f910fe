import { setTimeout } from 'node:timers/promises'

/** Time as those see it who make others wait; tests have one of their own. */
export type Clock = { nowMs(): number; sleep(ms: number): Promise<void> }

export const ownClock: Clock = {
  nowMs: () => performance.now(),
  sleep: (ms) => setTimeout(ms, undefined, { ref: false }),
}
