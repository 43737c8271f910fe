import { run, type Db } from '../db/db.server.ts'
import { daysWithin } from '../values/days.ts'
import { slotsOf } from '../values/zones/zone-days.ts'

/** What an account's calls of these days cost, both days included; the days of UTC, of any century. */
export async function readCost(
  db: Db,
  accountId: number,
  asked: { from: string; to: string },
): Promise<number> {
  const days = daysWithin(asked)
  if (!days) return 0
  const zone = 'UTC'
  const params = { accountId, zone, ...days, ...slotsOf(zone, days.from, days.to) }
  const { foldedNanos, restNanos } = await run(db, 'billing/sum-cost', params)
  return (foldedNanos ?? 0) + (restNanos ?? 0)
}
