import { run, type Db } from '../db/db.server.ts'
import { addDays } from '../values/days.ts'
import { dayIn, msOfSlot, slotsOf } from '../values/zones/zone-days.ts'

type Days = { zone: string; from: string; to: string }

/**
 * What each of these keys cost on each day of a zone from one to another, both included, those
 * without calls too; in nano-dollars. From the rollups, which know the days that `retain` has dropped.
 */
export async function readKeyDays(
  db: Db,
  accountId: number,
  keyIds: number[],
  { zone, from, to }: Days,
): Promise<Map<number, { day: string; costNanos: number }[]>> {
  if (keyIds.length === 0) return new Map()
  const range = { zone, from, to, ...slotsOf(zone, from, to) }
  const rows = await run(db, 'usage/sum-key-days', { accountId, ...range, keyIds })
  const costs = new Map<string, number>()
  for (const { keyId, day, slot, costNanos } of rows) {
    const id = `${keyId} ${day ?? dayIn(zone, msOfSlot(slot ?? 0))}`
    costs.set(id, (costs.get(id) ?? 0) + (costNanos ?? 0))
  }
  const days: string[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return new Map(
    keyIds.map((id) => [
      id,
      days.map((day) => ({ day, costNanos: costs.get(`${id} ${day}`) ?? 0 })),
    ]),
  )
}
