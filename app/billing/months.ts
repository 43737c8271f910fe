import { run, type Db } from '../db/db.server.ts'
import { addDays, dayOf } from '../values/days.ts'
import { dayIn, endOf, startOf } from '../values/zones/zone-days.ts'

/** The month of a zone's calendar, as ISO 8601 writes it: `2026-11`. */
export const monthOf = (at: Date, zone: string) => dayIn(zone, at.getTime()).slice(0, 7)

/** When a month begins. */
const startOfMonth = (month: string, zone: string) => new Date(startOf(`${month}-01`, zone))

/** The month that comes `months` later; earlier where that is negative. */
export function addMonths(month: string, months: number): string {
  const at = new Date(`${month}-01T00:00:00Z`)
  return dayOf(at.setUTCMonth(at.getUTCMonth() + months)).slice(0, 7)
}

/**
 * The last entry of an account booked before each of these moments; 0 where there is none. Entries
 * are booked one after the other under the account's lock, so their numbers are in the order of
 * time and the places are found by halving, all at once: one read a step. The places looked at
 * depend on the moment alone, not on how many entries there are by now: a month that is over keeps
 * its bounds even if the database's clock was once set back.
 */
export async function lastSeqsBefore(
  db: Db,
  accountId: number,
  moments: readonly Date[],
  entrySeq: number,
): Promise<number[]> {
  const found = moments.map(() => 0)
  for (let step = 2 ** Math.floor(Math.log2(Math.max(1, entrySeq))); step >= 1; step /= 2) {
    const seqs = [...new Set(found.map((seq) => seq + step))].filter((seq) => seq <= entrySeq)
    if (seqs.length === 0) continue
    const entries = await run(db, 'billing/read-moments', { accountId, seqs })
    const bookedAt = new Map(entries.map((entry) => [entry.seq, entry.bookedAt]))
    for (const [i, moment] of moments.entries()) {
      const at = bookedAt.get((found[i] ?? 0) + step)
      if (at && at < moment) found[i] = (found[i] ?? 0) + step
    }
  }
  return found
}

/** The entries of a month, as numbers: after the first, up to and with the second. */
export async function boundsOfMonth(
  db: Db,
  accountId: number,
  { month, zone }: { month: string; zone: string },
  entrySeq: number,
) {
  const ends = [startOfMonth(month, zone), startOfMonth(addMonths(month, 1), zone)]
  const [after = 0, upTo = 0] = await lastSeqsBefore(db, accountId, ends, entrySeq)
  return { after, upTo }
}

/** The days of a zone's month, the first of them first, each with the moment at which it is over. */
export function daysOfMonth(month: string, zone: string): { day: string; ends: Date }[] {
  const next = `${addMonths(month, 1)}-01`
  const days: { day: string; ends: Date }[] = []
  for (let day = `${month}-01`; day < next; day = addDays(day, 1))
    days.push({ day, ends: new Date(endOf(day, zone)) })
  return days
}
