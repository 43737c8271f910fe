import { callMsMax } from './made-up-call.ts'
import { dayMs } from '../values/days.ts'

/** A stretch of time and how many calls it gets. */
export type CallsAt = { startMs: number; calls: number }

/** Rows of one copying statement, and of one transaction: much more fills its temporary table. */
const stretchCallsUsual = 20_000
/** A call ends within its stretch, so the stretches of a day cannot be any number. */
const stretchesADayMax = Math.floor(dayMs / (4 * callMsMax))

/** Weekends are quieter, and use has grown since the first day. */
function weightOf(startMs: number, progress: number): number {
  const weekday = new Date(startMs).getUTCDay()
  return (weekday === 0 || weekday === 6 ? 0.5 : 1) * (0.6 + 0.4 * progress)
}

/** Splits exactly so many calls over the `days` before `endMs`, oldest first. */
export function planStretches(calls: number, days: number, endMs: number) {
  const wanted = Math.round(calls / days / stretchCallsUsual)
  const perDay = Math.min(stretchesADayMax, Math.max(1, wanted))
  const count = perDay * days
  const stretchMs = Math.floor(dayMs / perDay)
  const starts = Array.from({ length: count }, (_, i) => endMs - (count - i) * stretchMs)
  const weights = starts.map((startMs, i) => weightOf(startMs, i / count))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  let [weightSoFar, callsSoFar] = [0, 0]
  const stretches = starts.map((startMs, i): CallsAt => {
    // There is a weight for each start.
    weightSoFar += weights[i]!
    const upTo = i === count - 1 ? calls : Math.round((calls * weightSoFar) / whole)
    const stretch = { startMs, calls: upTo - callsSoFar }
    callsSoFar = upTo
    return stretch
  })
  return { stretchMs, stretches: stretches.filter((it) => it.calls > 0) }
}
