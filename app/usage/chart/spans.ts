import { scaleThreshold } from 'd3-scale'
import { limits } from '../../config/limits.ts'
import { addDays, countDays, minuteMs } from '../../values/days.ts'
import { endOf, msOfSlot, slotOf, startOf } from '../../values/zones/zone-days.ts'
import { wallMs } from '../../values/zones/zones.ts'

const { barsMax, daysFilledMax } = limits.usage
const slotsAnHour = 4

export type Unit = 'hour' | 'day' | 'week' | 'month'
/**
 * What one bar stands for: days of a zone, both included; of an hour, what clocks there show in its
 * first minute and in its last, such as `2026-11-03T09:00` and `2026-11-03T09:59`.
 */
export type Span = { from: string; to: string }
/** What the rollups have a line of: a day that is folded, or a slot that is not. */
type At = { day: string | null; slot: number | null }
type Spans = {
  unit: Unit
  spans: Span[]
  /** Which of them a line belongs to; undefined where it is older than the first. */
  placeOf: (at: At) => number | undefined
}

const isMonday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() === 1
const isFirst = (day: string) => day.endsWith('-01')
const isAny = () => true

/** More days than there is room for are weeks, which begin on Mondays, and more weeks are months. */
function unitOf(days: number): Exclude<Unit, 'hour'> {
  if (days <= barsMax) return 'day'
  return days <= barsMax * 7 - 6 ? 'week' : 'month'
}
const begins = { day: isAny, week: isMonday, month: isFirst }

const clockOf = (zone: string, ms: number) => new Date(wallMs(zone, ms)).toISOString().slice(0, 16)

/** The hours of a day of a zone: 23 or 25 where its clocks are changed. */
function hoursOf(zone: string, day: string): Spans {
  const [first, end] = [slotOf(startOf(day, zone)), slotOf(endOf(day, zone))]
  const spans: Span[] = []
  for (let slot = first; slot < end; slot += slotsAnHour) {
    const lastMs = msOfSlot(Math.min(slot + slotsAnHour, end)) - minuteMs
    spans.push({ from: clockOf(zone, msOfSlot(slot)), to: clockOf(zone, lastMs) })
  }
  const placeOf = ({ slot }: At) =>
    slot === null ? undefined : Math.floor((slot - first) / slotsAnHour)
  return { unit: 'hour', spans, placeOf }
}

/** Days as they are, or those of a week or a month together: the first and the last may be cut off. */
function daysOf(zone: string, from: string, to: string): Spans {
  const unit = unitOf(countDays(from, to))
  const all: Span[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const last = all.at(-1)
    if (last && !begins[unit](day)) last.to = day
    else all.push({ from: day, to: day })
  }
  const spans = all.slice(-barsMax)
  const places = [undefined, ...spans.keys()]
  const firsts = spans.map((span) => span.from)
  const ofDay = scaleThreshold<string, number | undefined>(firsts, places)
  const starts = firsts.map((day) => slotOf(startOf(day, zone)))
  const ofSlot = scaleThreshold<number, number | undefined>(starts, places)
  const placeOf = ({ day, slot }: At) => (day === null ? ofSlot(slot ?? 0) : ofDay(day))
  return { unit, spans, placeOf }
}

type Range = { from: string | null; to: string | null }

/** Whether a range of days is one day, whose bars are hours. */
export const isOneDay = ({ from, to }: Range, today: string) =>
  from !== null && from === (to === null || to > today ? today : to)

/**
 * What the bars of a range of days stand for: an hour where it is one day, else as many days as
 * make 92 bars at the most (of months, the last 92). It ends today, and a range that is open, or
 * longer than there is a use for, begins with the first day that has a call (`used`).
 */
export function spansOf(zone: string, range: Range, used: string, today: string): Spans {
  const to = range.to === null || range.to > today ? today : range.to
  if (isOneDay(range, today)) return hoursOf(zone, to)
  const from = range.from ?? used
  return daysOf(zone, countDays(from, to) > daysFilledMax && used > from ? used : from, to)
}
