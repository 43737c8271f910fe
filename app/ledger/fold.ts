import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Db, type Pool } from '../db/db.server.ts'
import { addDays, earliestDay } from '../values/days.ts'
import { oneByOne } from '../values/one-by-one.ts'
import { dayIn, msOfSlot, slotOf, slotsOf, startOf } from '../values/zones/zone-days.ts'
import { lockAccount } from './entries.ts'

const { accountsAtOnce, daysAtOnce, overMs, zonesMax } = limits.ledger.fold

/** By whose days anything is read where nobody has said otherwise. */
const zoneOfAll = 'UTC'

/**
 * By whose days an account is looked at: UTC's, its own, and those of the people who are in it now,
 * up to a few. Of further zones its days are read from the quarters: as exact, and slower where
 * there are very many.
 */
async function wantedZones(db: Db, accountId: number): Promise<string[]> {
  const wanted = await run(db, 'ledger/fold/list-wanted', { accountId, rows: zonesMax })
  const zones = new Set([zoneOfAll, ...wanted.map(({ zone }) => zone ?? zoneOfAll)])
  return [...zones].slice(0, zonesMax)
}

type Place = { accountId: number; zone: string; nowMs: number }

/** A few days of a zone that were over a while before `nowMs` and are not folded; undefined where none is. */
async function nextDays(db: Db, { accountId, zone, nowMs }: Place) {
  const fold = await run(db, 'ledger/fold/read-mark', { accountId, zone })
  const slot = fold?.beforeSlot ?? 0
  const next = await run(db, 'ledger/fold/read-next', { accountId, slot })
  if (next.slot === null) return undefined
  const first = dayIn(zone, msOfSlot(next.slot))
  const goingOn = dayIn(zone, nowMs - overMs)
  if (first >= goingOn) return undefined
  const days: string[] = []
  for (let day = first; day < goingOn && days.length < daysAtOnce; day = addDays(day, 1))
    days.push(day)
  return { staleFrom: fold?.beforeDay ?? earliestDay, days, beforeDay: addDays(first, days.length) }
}

/**
 * Folds the next days of an account by a zone. Below the account's lock: whoever settles a call of a
 * day that is in there already sees that it is.
 */
async function foldNext(db: Db, place: Place) {
  const { accountId, zone } = place
  if (!(await lockAccount(db, accountId))) return rollBack('no such account')
  const next = await nextDays(db, place)
  if (!next) return rollBack('nothing to fold')
  const { staleFrom, days, beforeDay } = next
  await run(db, 'ledger/fold/begin-zone', { accountId, zone })
  const stale = { accountId, zone, from: staleFrom, to: addDays(beforeDay, -1) }
  await run(db, 'ledger/fold/delete-days', stale)
  await run(db, 'ledger/fold/delete-account-days', stale)
  for (const day of days) {
    const filled = { accountId, zone, day, ...slotsOf(zone, day, day) }
    await run(db, 'ledger/fold/fill-day', filled)
    await run(db, 'ledger/fold/fill-account-day', filled)
  }
  const beforeSlot = slotOf(startOf(beforeDay, zone))
  await run(db, 'ledger/fold/write-mark', { accountId, zone, beforeDay, beforeSlot })
  await run(db, 'ledger/fold/raise-folded-slot', { accountId, slot: beforeSlot })
  return days.length
}

/**
 * Takes away the first days of a zone that nobody goes by any more, and in the end its mark.
 * Nothing of it is believed from the beginning on, so that it can be stopped, or the zone be wanted
 * again.
 */
async function dropNext(db: Db, accountId: number, zone: string) {
  if (!(await lockAccount(db, accountId))) return rollBack('no such account')
  await run(db, 'ledger/fold/forget-zone', { accountId, zone })
  const { day } = await run(db, 'ledger/fold/read-first-day', { accountId, zone })
  if (day === null) {
    await run(db, 'ledger/fold/end-zone', { accountId, zone })
    return 'all'
  }
  const gone = { accountId, zone, from: day, to: addDays(day, daysAtOnce - 1) }
  await run(db, 'ledger/fold/delete-days', gone)
  await run(db, 'ledger/fold/delete-account-days', gone)
  return 'some'
}

/** Looks before it locks the account, and once more below the lock: most have nothing to fold. */
async function foldAccount(pool: Pool, accountId: number, nowMs: number): Promise<number> {
  const wanted = await wantedZones(pool, accountId)
  for (const { zone } of await run(pool, 'ledger/fold/list-zones', { accountId })) {
    if (wanted.includes(zone)) continue
    while ((await pool.transact((db) => dropNext(db, accountId, zone))) === 'some');
  }
  let folded = 0
  for (const zone of wanted) {
    const place = { accountId, zone, nowMs }
    while (await nextDays(pool, place)) {
      const days = await pool.transact((db) => foldNext(db, place))
      if (isRolledBack(days)) break
      folded += days
    }
  }
  return folded
}

/** Accounts that something may have to be folded of, or taken away, some at a time. */
async function* dueAccounts(pool: Pool, nowMs: number) {
  const slot = slotOf(nowMs - overMs)
  for (let after = 0; ;) {
    const due = await run(pool, 'ledger/fold/list-due', { after, slot, rows: accountsAtOnce })
    yield* due
    const last = due.at(-1)
    if (!last || due.length < accountsAtOnce) return
    after = last.id
  }
}

/**
 * Folds the quarters of all accounts into the days of their zones, as far as days are over, a few
 * days a transaction (docs/decisions/0056). Nothing depends on it but how quickly totals are read:
 * two at once, and one that is stopped anywhere, do no harm. Answers how many days were folded. An
 * account that fails does not keep the others from it; its failure is thrown at the end.
 */
export async function foldDays(pool: Pool, nowMs: number): Promise<number> {
  let folded = 0
  await oneByOne(dueAccounts(pool, nowMs), async ({ id }) => {
    folded += await foldAccount(pool, id, nowMs)
  })
  return folded
}
