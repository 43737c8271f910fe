import { run, type Db } from '../db/db.server.ts'
import { earliestDay, latestDay } from '../values/days.ts'
import { slotsOf } from '../values/zones/zone-days.ts'

/** What an account's calls of these days cost, both days included; the days of UTC, of any century. */
export async function readCost(
  db: Db,
  accountId: number,
  asked: { from: string; to: string },
): Promise<number> {
  const from = asked.from < earliestDay ? earliestDay : asked.from
  const to = asked.to > latestDay ? latestDay : asked.to
  if (from > to) return 0
  const zone = 'UTC'
  const params = { accountId, zone, from, to, ...slotsOf(zone, from, to) }
  const { foldedNanos, restNanos } = await run(db, 'billing/sum-cost', params)
  return (foldedNanos ?? 0) + (restNanos ?? 0)
}
