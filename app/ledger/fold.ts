import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Db, type Pool } from '../db/db.server.ts'
import { addDays } from '../values/days.ts'
import { dayIn, msOfSlot, slotOf, slotsOf, startOf } from '../values/zones/zone-days.ts'
import { lockAccount } from './entries.ts'

const { accountsAtOnce, daysAtOnce, overMs, zonesMax } = limits.ledger.fold

/** By whose days anything is read where nobody has said otherwise. */
const zoneOfAll = 'UTC'

/**
 * Has an account's totals folded into the days of a zone, from its first call on, when it is the
 * turn of that. Until then, and of the zones beyond a few, its days are read from the quarters: as
 * exact, and slower where there are very many.
 */
export const wantZone = (db: Db, accountId: number, zone: string): Promise<number> =>
  run(db, 'ledger/fold/want-zone', { accountId, zone, most: zonesMax })

/**
 * Folds the next days of an account by a zone, those that were over a while before `nowMs`. Below the
 * account's lock: whoever settles a call of a day that is in there already sees that it is.
 */
async function foldNext(db: Db, accountId: number, zone: string, nowMs: number) {
  if (!(await lockAccount(db, accountId))) return rollBack('no such account')
  const fold = await run(db, 'ledger/fold/read-fold', { accountId, zone })
  if (!fold) return rollBack('no such zone')
  const next = await run(db, 'ledger/fold/read-next', { accountId, slot: fold.beforeSlot })
  if (next.slot === null) return rollBack('nothing to fold')
  const first = dayIn(zone, msOfSlot(next.slot))
  const goingOn = dayIn(zone, nowMs - overMs)
  if (first >= goingOn) return rollBack('no day is over')
  const days: string[] = []
  for (let day = first; day < goingOn && days.length < daysAtOnce; day = addDays(day, 1))
    days.push(day)
  const beforeDay = addDays(first, days.length)
  const stale = { accountId, zone, from: fold.beforeDay, to: addDays(beforeDay, -1) }
  await run(db, 'ledger/fold/delete-days', stale)
  await run(db, 'ledger/fold/delete-account-days', stale)
  for (const day of days) {
    const filled = { accountId, zone, day, ...slotsOf(zone, day, day) }
    await run(db, 'ledger/fold/fill-day', filled)
    await run(db, 'ledger/fold/fill-account-day', filled)
  }
  const beforeSlot = slotOf(startOf(beforeDay, zone))
  await run(db, 'ledger/fold/write-fold', { accountId, zone, beforeDay, beforeSlot })
  await run(db, 'ledger/fold/write-account', { accountId, slot: beforeSlot })
  return days.length
}

async function foldAccount(pool: Pool, accountId: number, nowMs: number): Promise<number> {
  await wantZone(pool, accountId, zoneOfAll)
  let folded = 0
  for (const { zone } of await run(pool, 'ledger/fold/list-zones', { accountId })) {
    for (;;) {
      const days = await pool.transact((db) => foldNext(db, accountId, zone, nowMs))
      if (isRolledBack(days)) break
      folded += days
    }
  }
  return folded
}

/**
 * Folds the quarters of all accounts into the days of their zones, as far as days are over, a few
 * days a transaction (docs/decisions/0056). Nothing depends on it but how quickly totals are read:
 * two at once, and one that is stopped anywhere, do no harm. Answers how many days were folded.
 */
export async function foldDays(pool: Pool, nowMs: number): Promise<number> {
  const slot = slotOf(nowMs - overMs)
  let folded = 0
  for (let after = 0; ;) {
    const due = await run(pool, 'ledger/fold/list-due', { after, slot, rows: accountsAtOnce })
    for (const { id } of due) folded += await foldAccount(pool, id, nowMs)
    const last = due.at(-1)
    if (!last || due.length < accountsAtOnce) return folded
    after = last.id
  }
}
