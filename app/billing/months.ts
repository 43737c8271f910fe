import { run, type Db } from '../db/db.server.ts'

/** A calendar month in UTC, as ISO 8601 writes it: `2026-11`. */
export const monthOf = (at: Date) => at.toISOString().slice(0, 7)

/** When a month begins. */
const startOfMonth = (month: string) => new Date(`${month}-01T00:00:00Z`)

/** The month that comes `months` later; earlier where that is negative. */
export function addMonths(month: string, months: number): string {
  const at = startOfMonth(month)
  at.setUTCMonth(at.getUTCMonth() + months)
  return monthOf(at)
}

/**
 * The last entry of an account booked before a moment; 0 where there is none. Entries are booked
 * one after the other under the account's lock, so their numbers are in the order of time and the
 * place is found by halving. The places looked at depend on the moment alone, not on how many
 * entries there are by now: a month that is over keeps its bounds even if the database's clock was
 * once set back.
 */
export async function lastSeqBefore(
  db: Db,
  accountId: number,
  at: Date,
  entrySeq: number,
): Promise<number> {
  let found = 0
  for (let step = 2 ** Math.floor(Math.log2(Math.max(1, entrySeq))); step >= 1; step /= 2) {
    const seq = found + step
    if (seq > entrySeq) continue
    const entry = await run(db, 'billing/read-moment', { accountId, seq })
    if (entry && entry.bookedAt < at) found = seq
  }
  return found
}

/** The entries of a month, as numbers: after the first, up to and with the second. */
export async function boundsOfMonth(db: Db, accountId: number, month: string, entrySeq: number) {
  const [after, upTo] = await Promise.all([
    lastSeqBefore(db, accountId, startOfMonth(month), entrySeq),
    lastSeqBefore(db, accountId, startOfMonth(addMonths(month, 1)), entrySeq),
  ])
  return { after, upTo }
}
