import { run, type Db, type Row } from '../db/db.server.ts'
import { addDays } from '../values/days.ts'
import { dayIn, slotOf, startOf } from '../values/zones/zone-days.ts'
import { paceDays, runwayOf, type Runway } from './runway.ts'

type Found = NonNullable<Row<'billing/read-overview'>>
type Overview = Omit<Found, 'createdAt' | 'weekNanos'> & { runway: Runway }

/**
 * An account's money at one moment, what it spent on the day of `now` and in its month, by a zone,
 * and how long it lasts at the pace of the last seven days.
 */
export async function readOverview(
  db: Db,
  accountId: number,
  now: Date,
  zone = 'UTC',
): Promise<Overview> {
  const today = dayIn(zone, now.getTime())
  const weekStart = addDays(today, 1 - paceDays)
  const monthStart = `${today.slice(0, 8)}01`
  const slotIn = (day: string) => slotOf(startOf(day, zone))
  const overview = await run(db, 'billing/read-overview', {
    accountId,
    zone,
    todaySlot: slotIn(today),
    weekStart,
    weekSlot: slotIn(weekStart),
    monthStart,
    monthSlot: slotIn(monthStart),
  })
  if (!overview) throw new Error('a signed-in person has no account')
  const { createdAt, weekNanos, ...shown } = overview
  const spending = { spentNanos: weekNanos ?? 0, createdAt, now }
  return { ...shown, runway: runwayOf({ ...spending, availableNanos: shown.availableNanos }) }
}
