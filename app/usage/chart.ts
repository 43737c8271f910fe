import { scaleBand, scaleLinear } from 'd3-scale'
import type { Day } from './sums.ts'

export const measures = ['cost', 'calls', 'tokens'] as const
export type Measure = (typeof measures)[number]

/** A bar chart in a box of `width` by `height`, as the server lays it out. */
type Chart = {
  width: number
  height: number
  /** Only days that have something to show. */
  bars: { day: string; value: number; x: number; y: number; width: number; height: number }[]
  /** Evenly spaced values, the highest first, and where their lines are. */
  ticks: { value: number; y: number }[]
}

const [width, height] = [1_000, 200]

/** The value of a day: nano-dollars, calls, or tokens in and out. */
const valueOf = (day: Day, measure: Measure) =>
  measure === 'cost'
    ? day.costNanos
    : measure === 'calls'
      ? day.calls
      : day.inputTokens + day.outputTokens

/** Lays out one bar a day. Undefined where there is nothing to draw. */
export function chartDays(days: Day[], measure: Measure): Chart | undefined {
  const most = Math.max(0, ...days.map((day) => valueOf(day, measure)))
  if (most === 0) return undefined
  const x = scaleBand<string>([0, width])
    .domain(days.map(({ day }) => day))
    .paddingInner(days.length > 100 ? 0.1 : 0.3)
  const y = scaleLinear([height, 0]).domain([0, most]).nice(4)
  const bars = days.flatMap((each) => {
    const value = valueOf(each, measure)
    if (value === 0) return []
    // A day with little in it is still a day with something in it.
    const top = Math.min(y(value), height - 1)
    // Every day is in the domain of the scale, so that each has its place.
    const at = { x: x(each.day)!, y: top, width: x.bandwidth(), height: height - top }
    return [{ day: each.day, value, ...at }]
  })
  // There is no half of a call, nor of a nano-dollar.
  const whole = y.ticks(4).filter(Number.isInteger).reverse()
  return { width, height, bars, ticks: whole.map((value) => ({ value, y: y(value) })) }
}
