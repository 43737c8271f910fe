import { dayMs, dayOf } from '../days.ts'
import { dayAt, startOfDay, wallMs } from './zones.ts'

/** Totals are kept by quarters of an hour: whatever the zone, its days begin with one (0056). */
export const slotsADay = 96
const slotMs = dayMs / slotsADay

/** The quarter of an hour, counted since 1970 by UTC, that a moment is in. */
export const slotOf = (ms: number) => Math.floor(ms / slotMs)
/** When one begins. */
export const msOfSlot = (slot: number) => slot * slotMs

const numberOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / dayMs

/** The day of a zone that a moment is in, as ISO 8601 writes it. */
export const dayIn = (zone: string, ms: number) => dayOf(dayAt(zone, ms) * dayMs)
/** When a day of a zone begins, in milliseconds since 1970. */
export const startOf = (day: string, zone: string) => startOfDay(numberOf(day), zone)
/** When it ends, which is when the next one begins. */
export const endOf = (day: string, zone: string) => startOfDay(numberOf(day) + 1, zone)

/** Days of a zone, both included, with the slots that they have: up to, and without, `toSlot`. */
export const slotsOf = (zone: string, from: string, to: string) => ({
  fromSlot: slotOf(startOf(from, zone)),
  toSlot: slotOf(endOf(to, zone)),
})

/**
 * When clocks of a zone show on one day what they show at a moment of another, and no later than
 * that day ends: a day whose clocks are changed has the same times, but other distances. A time
 * that is left out there is taken for an hour earlier; of one that is there twice it is the first.
 */
export function sameTimeOn(day: string, zone: string, at: { day: string; ms: number }): number {
  const shownMs = wallMs(zone, at.ms) - numberOf(at.day) * dayMs
  const start = startOf(day, zone)
  const aheadMs = (ms: number) => wallMs(zone, ms) - ms
  const likely = numberOf(day) * dayMs + shownMs - aheadMs(start)
  // The clocks may have been changed since that day began.
  const found = likely - (aheadMs(likely) - aheadMs(start))
  return Math.min(Math.max(found, start), endOf(day, zone))
}
