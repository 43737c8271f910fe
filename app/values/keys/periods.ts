import { dayMs } from '../days.ts'
import { dayAt, startOfDay } from '../zones/zones.ts'

/** How often a budget begins anew: at midnight, on Monday, on the first. */
export const periods = ['day', 'week', 'month'] as const
export type Period = (typeof periods)[number]

/** From its first moment up to the first one of the next. */
type PeriodBounds = { beganMs: number; endsMs: number }

/** The first day of the period that a day is in, or with `later` of the one so many after it. */
function firstDay(period: Period, day: number, later: number): number {
  if (period === 'day') return day + later
  // The first of January 1970 was a Thursday.
  if (period === 'week') return day - ((day + 3) % 7) + 7 * later
  const date = new Date(day * dayMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1) / dayMs
}

function findPeriod(period: Period, zone: string, ms: number): PeriodBounds {
  const day = dayAt(zone, ms)
  return {
    beganMs: startOfDay(firstDay(period, day, 0), zone),
    endsMs: startOfDay(firstDay(period, day, 1), zone),
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
