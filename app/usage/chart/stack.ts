import { run, type Db, type Row } from '../../db/db.server.ts'
import { latestDay } from '../../values/days.ts'
import { dayIn, msOfSlot } from '../../values/zones/zone-days.ts'
import { rangeParams, rollupParams, slotParams, type Filter } from '../filter.ts'
import { valueOf, type Measure } from './layout.ts'
import { isOneDay, spansOf, type Span, type Unit } from './spans.ts'

/** What the bars of a chart are made of: these models, or keys, in this order, and all others. */
export type Stack = { by: 'model'; parts: string[] } | { by: 'key'; parts: number[] }

const measures = ['calls', 'inputTokens', 'outputTokens', 'costNanos'] as const
type Sums = Record<(typeof measures)[number], number>
/** What the calls of a span come to: in all, and of one measure by part, all others last. */
type Bar = Span & Sums & { values: number[] }

type StackRow = Row<'usage/sum-stack'>

/** Lists in a statement are never empty: no model is nameless, and no key has the number 0. */
const listsOf = (stack: Stack) =>
  stack.by === 'model'
    ? { models: stack.parts.length ? stack.parts : [''], keyIds: [0] }
    : { models: [''], keyIds: stack.parts.length ? stack.parts : [0] }

function firstDayOf(rows: StackRow[], zone: string): string {
  let [first, firstSlot] = [latestDay, Infinity]
  for (const { day, slot } of rows) {
    if (day !== null && day < first) first = day
    if (slot !== null && slot < firstSlot) firstSlot = slot
  }
  const ofSlot = firstSlot === Infinity ? latestDay : dayIn(zone, msOfSlot(firstSlot))
  return ofSlot < first ? ofSlot : first
}

type Shown = { stack: Stack; measure: Measure; today: string }

/**
 * What the calls of a filter come to by hours, days, weeks or months of its zone, as its days have
 * room for, those without calls too. Exact, like `sumUsage`, and all of one moment; empty where
 * there is no call.
 */
export async function readBars(
  db: Db,
  accountId: number,
  filter: Filter,
  { stack, measure, today }: Shown,
): Promise<{ unit: Unit; bars: Bar[] }> {
  const range = rangeParams(filter)
  // A day that is folded has no hours any more; its quarters are still there.
  const read = isOneDay(filter, today) ? slotParams(range) : range
  const params = { accountId, ...read, ...rollupParams(filter), ...listsOf(stack) }
  const rows = await run(db, 'usage/sum-stack', params)
  if (rows.length === 0) return { unit: 'day', bars: [] }
  const { unit, spans, placeOf } = spansOf(
    filter.zone,
    filter,
    firstDayOf(rows, filter.zone),
    today,
  )
  const others = stack.parts.length
  const bars = spans.map((span): Bar => {
    const nothing = { calls: 0, inputTokens: 0, outputTokens: 0, costNanos: 0 }
    return { ...span, ...nothing, values: new Array<number>(others + 1).fill(0) }
  })
  for (const row of rows) {
    const bar = bars[placeOf(row) ?? -1]
    if (!bar) continue
    const sums = { calls: 0, inputTokens: 0, outputTokens: 0, costNanos: 0 }
    for (const name of measures) bar[name] += sums[name] = row[name] ?? 0
    const place = row.part ? row.part - 1 : others
    bar.values[place] = (bar.values[place] ?? 0) + valueOf(sums, measure)
  }
  return { unit, bars }
}
