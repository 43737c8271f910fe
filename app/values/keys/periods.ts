import { dayMs } from '../days.ts'

/** How often a budget begins anew: at midnight, on Monday, on the first. */
export const periods = ['day', 'week', 'month'] as const
export type Period = (typeof periods)[number]

/** From its first moment up to the first one of the next. */
type PeriodBounds = { beganMs: number; endsMs: number }

const nameForm = /^[A-Za-z][\w+/-]{0,49}$/

/** The name of a time zone as the IANA's list has it; undefined where there is none like it. */
export function timeZoneOf(text: string): string | undefined {
  if (!nameForm.test(text)) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** Of zones that `timeZoneOf` has let in: there are some 600. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const kept = formats.get(zone)
  if (kept) return kept
  // A zone that another release has stored, and this one does not know, is no reason to stop calls.
  const timeZone = timeZoneOf(zone) ?? 'UTC'
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const format = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', ...parts })
  formats.set(zone, format)
  return format
}

/** The day that the calendars of a zone show at a moment, counted as UTC's days are since 1970. */
function dayIn(zone: string, ms: number): number {
  const parts = formatOf(zone).formatToParts(ms)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day')) / dayMs
}

/**
 * The first moment of a day, found and not reckoned: where clocks are changed at midnight a day
 * begins at one o'clock, or an hour later than it seemed.
 */
function startOf(day: number, zone: string): number {
  // No zone is further from UTC than 14 hours, and moments of whole seconds are enough.
  let before = day * 86_400 - 16 * 3_600
  let after = day * 86_400 + 16 * 3_600
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayIn(zone, middle * 1_000) >= day) after = middle
    else before = middle
  }
  return after * 1_000
}

/** The first day of the period that a day is in, or with `later` of the one so many after it. */
function firstDay(period: Period, day: number, later: number): number {
  if (period === 'day') return day + later
  // The first of January 1970 was a Thursday.
  if (period === 'week') return day - ((day + 3) % 7) + 7 * later
  const date = new Date(day * dayMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1) / dayMs
}

function findPeriod(period: Period, zone: string, ms: number): PeriodBounds {
  const day = dayIn(zone, ms)
  let later = 0
  let beganMs = startOf(firstDay(period, day, 0), zone)
  for (;;) {
    const endsMs = startOf(firstDay(period, day, ++later), zone)
    // Where clocks go back over midnight a day comes twice: it has begun with the first of them.
    if (endsMs > ms) return { beganMs: Math.min(beganMs, ms), endsMs }
    beganMs = endsMs
  }
}

/** Of each zone the last of three kinds. */
const kept = new Map<string, PeriodBounds>()

/** The day, week or month by the calendars of a zone in which a moment is. */
export function periodAt(period: Period, zone: string, ms: number): PeriodBounds {
  const id = `${period} ${zone}`
  const last = kept.get(id)
  if (last && last.beganMs <= ms && ms < last.endsMs) return last
  const found = findPeriod(period, zone, ms)
  kept.set(id, found)
  return found
}
