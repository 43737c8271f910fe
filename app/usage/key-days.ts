import { run, type Db } from '../db/db.server.ts'
import { addDays } from '../values/days.ts'

/**
 * What each of these keys cost on each day from one to another, both included, those without calls
 * too; in nano-dollars. From the rollup, which knows the days that `retain` has dropped.
 */
export async function readKeyDays(
  db: Db,
  accountId: number,
  keyIds: number[],
  { from, to }: { from: string; to: string },
): Promise<Map<number, { day: string; costNanos: number }[]>> {
  if (keyIds.length === 0) return new Map()
  const rows = await run(db, 'usage/sum-key-days', { accountId, from, to, keyIds })
  const costs = new Map(rows.map(({ keyId, day, costNanos }) => [`${keyId} ${day}`, costNanos]))
  const days: string[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return new Map(
    keyIds.map((id) => [
      id,
      days.map((day) => ({ day, costNanos: costs.get(`${id} ${day}`) ?? 0 })),
    ]),
  )
}
