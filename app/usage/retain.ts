import {
  isRolledBack,
  rollBack,
  run,
  type DatabaseAddress,
  type Pool,
  type RolledBack,
} from '../db/db.server.ts'
import { findDroppedDifference } from '../ledger/ledger.server.ts'
import { earliestDay, firstIdOf } from '../values/days.ts'
import { changePartitions, monthStart, type Partition } from './partitions.ts'

type Retained =
  | { state: 'done'; dropped: { partition: string; calls: number }[] }
  /** Nothing more was dropped: a hold of that time is open, or totals and calls do not agree. */
  | { state: 'refused'; why: string; dropped: { partition: string; calls: number }[] }

/**
 * Notes what a month comes to by account. From here on the books are proved by these sums, whether
 * or not the month's own rows are still there: so a crash before they are dropped does no harm.
 */
const keepSums = (pool: Pool, from: Buffer, beforeDay: string): Promise<number | RolledBack> =>
  pool.transact(async (db) => {
    const beforeId = firstIdOf(beforeDay)
    const { open } = await run(db, 'usage/count-open', { beforeId })
    if (open > 0) return rollBack(`${open} holds of calls before ${beforeDay} are open`)
    await run(db, 'usage/keep-sums', { from, beforeId, beforeDay })
    // Once the calls are gone nobody can tell which of two figures was the true one.
    const subject = await findDroppedDifference(db)
    if (subject !== undefined) return rollBack(`the totals of ${subject} do not fit its calls`)
    return (await run(db, 'usage/sum-dropped', { beforeId })).calls
  })

/**
 * Drops the calls of all months before the one of `now` and the `months` before it, a month at a
 * time, and keeps what they come to: totals and the ledger stay, and `verify` goes on proving
 * them.
 */
export async function retain(
  pool: Pool,
  address: DatabaseAddress,
  { months, now }: { months: number; now: Date },
): Promise<Retained> {
  const keepFrom = monthStart(now, -months)
  const isOld = (it: Partition): it is Partition & { beforeDay: string } =>
    it.beforeDay !== undefined && it.beforeDay <= keepFrom
  const dropped: { partition: string; calls: number }[] = []
  const refused = await changePartitions(address, (partitions) => {
    const old = partitions.filter(isOld)
    if (old.length === 0) return undefined
    return async (alterCalls) => {
      let from = firstIdOf(earliestDay)
      for (const { name, beforeDay } of old) {
        const calls = await keepSums(pool, from, beforeDay)
        if (isRolledBack(calls)) return calls
        await alterCalls(`drop partition ${name}`)
        dropped.push({ partition: name, calls })
        from = firstIdOf(beforeDay)
      }
      return undefined
    }
  })
  return refused
    ? { state: 'refused', why: refused.rolledBack, dropped }
    : { state: 'done', dropped }
}
