import { scaleLinear } from 'd3-scale'
import type { Span, Unit } from './spans.ts'

export const measures = ['cost', 'calls', 'tokens'] as const
export type Measure = (typeof measures)[number]

/** What one bar comes to: a value for each part of it, the lowest part first. */
type BarValues = Span & { values: number[] }

type Column = Span & {
  value: number
  /** Those with something in them; `at` says which of the parts it is. */
  parts: { at: number; value: number; y: number; height: number }[]
  /** Whether it is written below what it stands for: always, only where there is room, or never. */
  tick: 'always' | 'wide' | null
}
/** A bar chart as high as `height`, as the server lays it out. */
type Chart = {
  height: number
  unit: Unit
  columns: Column[]
  /** Evenly spaced values, the highest first, and where their lines are. */
  ticks: { value: number; y: number }[]
}

const height = 200
/** More ticks than these run into each other, in a wide chart and on a phone. */
const [ticksMax, ticksNarrow] = [14, 5]

/** The value of some sums: nano-dollars, calls, or tokens in and out. */
export const valueOf = (
  sums: { costNanos: number; calls: number; inputTokens: number; outputTokens: number },
  measure: Measure,
) =>
  measure === 'cost'
    ? sums.costNanos
    : measure === 'calls'
      ? sums.calls
      : sums.inputTokens + sums.outputTokens

const isMonday = ({ from }: Span) => new Date(`${from}T00:00:00Z`).getUTCDay() === 1
/** Of `2026-11-03T09:00`. */
const isThirdHour = ({ from }: Span) => Number(from.slice(11, 13)) % 3 === 0

/** Ticks of days are weeks apart, but for a few days. */
function writable(unit: Unit, spans: Span[]): Span[] {
  if (unit === 'hour') return spans.filter(isThirdHour)
  return unit === 'day' && spans.length > ticksMax ? spans.filter(isMonday) : spans
}

function ticksOf(unit: Unit, spans: Span[]): Map<Span, Column['tick']> {
  const all = writable(unit, spans)
  const every = Math.ceil(all.length / ticksMax)
  const narrow = every * Math.ceil(all.length / every / ticksNarrow)
  return new Map(
    all.map((span, at) => [span, at % narrow === 0 ? 'always' : at % every === 0 ? 'wide' : null]),
  )
}

type Scale = (value: number) => number

function stacked(values: number[], y: Scale): Column['parts'] {
  let top = height
  const parts = values.flatMap((value, at) => {
    if (value <= 0) return []
    const tall = height - y(value)
    top -= tall
    return [{ at, value, y: top, height: tall }]
  })
  if (parts.length === 0 || height - top >= 1) return parts
  // A day with little in it is still a day with something in it: all of it is a pixel high.
  const grown = 1 / (height - top)
  return parts.map((part) => ({
    ...part,
    y: height - (height - part.y) * grown,
    height: part.height * grown,
  }))
}

/** Lays out a bar for each of these. Undefined where there is nothing to draw. */
export function layOut(unit: Unit, bars: BarValues[]): Chart | undefined {
  const totals = bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0))
  const most = Math.max(0, ...totals)
  if (most === 0) return undefined
  const y = scaleLinear([height, 0]).domain([0, most]).nice(4)
  const written = ticksOf(unit, bars)
  const columns = bars.map((bar, at) => ({
    from: bar.from,
    to: bar.to,
    value: totals[at] ?? 0,
    parts: stacked(bar.values, y),
    tick: written.get(bar) ?? null,
  }))
  // There is no half of a call, nor of a nano-dollar.
  const whole = y.ticks(4).filter(Number.isInteger).reverse()
  return { height, unit, columns, ticks: whole.map((value) => ({ value, y: y(value) })) }
}
