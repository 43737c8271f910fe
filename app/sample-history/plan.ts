/** A stretch of time and how many calls it gets. */
export type Block = { startMs: number; calls: number }
export type SeedPlan = { blockMs: number; blocks: Block[] }

const dayMs = 86_400_000
/** Rows of one copying statement, and of one transaction: much more fills its temporary table. */
const blockCallsUsual = 20_000

/** Weekends are quieter, and use has grown since the first day. */
function weightOf(startMs: number, progress: number): number {
  const weekday = new Date(startMs).getUTCDay()
  return (weekday === 0 || weekday === 6 ? 0.5 : 1) * (0.6 + 0.4 * progress)
}

/** Splits exactly so many calls over the `days` before `endMs`, oldest first. */
export function planSeed(calls: number, days: number, endMs: number): SeedPlan {
  const blocksPerDay = Math.max(1, Math.round(calls / days / blockCallsUsual))
  const count = blocksPerDay * days
  const blockMs = Math.floor(dayMs / blocksPerDay)
  const starts = Array.from({ length: count }, (_, i) => endMs - (count - i) * blockMs)
  const weights = starts.map((startMs, i) => weightOf(startMs, i / count))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  let [weightSoFar, callsSoFar] = [0, 0]
  const blocks = starts.map((startMs, i) => {
    weightSoFar += weights[i]!
    const upTo = i === count - 1 ? calls : Math.round((calls * weightSoFar) / whole)
    const block = { startMs, calls: upTo - callsSoFar }
    callsSoFar = upTo
    return block
  })
  return { blockMs, blocks }
}
