import type { Db } from '../../db/db.server.ts'
import { addDays, countDays } from '../../values/days.ts'
import {
  dayIn,
  endOf,
  msOfSlot,
  sameTimeOn,
  slotOf,
  startOf,
} from '../../values/zones/zone-days.ts'
import type { Filter } from '../filter.ts'
import { addUp, sumSlots, totals, type Sums } from '../sums.ts'

type Range = Pick<Filter, 'zone' | 'from' | 'to'>
/** As many days as a range has, just before it. */
type Before = {
  days: number
  /** Those of them that are whole. */
  whole: { from: string; to: string } | null
  /** The slots of the last one that are compared, where the range has not ended yet. */
  part: { fromSlot: number; toSlot: number } | null
}

/**
 * What a range of days is compared with; null where it is open, or has not begun. Where it goes on,
 * the last day before it ends when today's clocks will show the next quarter: else a morning would
 * be held against a day.
 */
export function periodBefore({ zone, from, to }: Range, now: Date): Before | null {
  const today = dayIn(zone, now.getTime())
  const last = to === null || to > today ? today : to
  if (from === null || from > last) return null
  const days = countDays(from, last)
  const [first, end] = [addDays(from, -days), addDays(from, -1)]
  if (last < today) return { days, whole: { from: first, to: end }, part: null }
  const soonMs = Math.min(msOfSlot(slotOf(now.getTime()) + 1), endOf(today, zone))
  const part = {
    fromSlot: slotOf(startOf(end, zone)),
    toSlot: slotOf(sameTimeOn(end, zone, { day: today, ms: soonMs })),
  }
  return { days, whole: days > 1 ? { from: first, to: addDays(end, -1) } : null, part }
}

/** What the calls of a filter came to in the period before its days. */
export async function sumBefore(
  db: Db,
  accountId: number,
  filter: Filter,
  now: Date,
): Promise<{ sums: Sums; days: number; isCut: boolean } | null> {
  const before = periodBefore(filter, now)
  if (!before) return null
  const { days, whole, part } = before
  const all = await Promise.all([
    ...(whole ? [totals(db, accountId, { ...filter, ...whole })] : []),
    ...(part ? [sumSlots(db, accountId, filter, part)] : []),
  ])
  return { sums: addUp(all), days, isCut: part !== null }
}
