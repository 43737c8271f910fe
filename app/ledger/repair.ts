import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Db, type Pool } from '../db/db.server.ts'
import { dayMs, firstIdAt } from '../values/days.ts'
import { slotsOf } from '../values/zones/zone-days.ts'
import { accountColumns } from './columns.ts'
import { lockAccount } from './entries.ts'
import {
  isDroppedWhole,
  planRepair,
  readBoundary,
  type RepairedTotal,
  type RepairPlan,
} from './repair-plan.ts'

/** What was found, and with `apply` mended. */
type Repaired = {
  /** The first of them. */
  changes: RepairedTotal[]
  total: number
  accounts: number
  /** Of these accounts all is mended now. */
  mended: number
  /** What stays as it is, and why. */
  left: { subject: string; why: string }[]
}

type RepairOptions = {
  /** Else it only says what it would change. */
  apply: boolean
  /** Notes a change in the transaction that makes it. */
  note(db: Db, accountId: number, detail: Record<string, unknown>): Promise<void>
}

const { accountsAtOnce, daysAtOnce, idSlackMs } = limits.ledger.repair

/** The account's lock is the lock of all its totals: whoever writes one waits, or has written it. */
async function mendDays(db: Db, { accountId }: RepairPlan, days: string[]) {
  if (!(await lockAccount(db, accountId))) return rollBack('the account is gone')
  const { keptFrom } = await readBoundary(db)
  const isWhole = isDroppedWhole(await run(db, 'ledger/repair/read-dropped', { accountId }))
  for (const day of days) {
    const isKept = day >= keptFrom
    const slots = { accountId, ...slotsOf('UTC', day, day) }
    if (isKept) {
      await run(db, 'ledger/repair/delete-quarters', slots)
      const startMs = Date.parse(day)
      const from = firstIdAt(startMs - idSlackMs)
      const to = firstIdAt(startMs + dayMs + idSlackMs)
      await run(db, 'ledger/repair/fill-quarters', { accountId, day, from, to })
    }
    if (!isKept && !isWhole) continue
    await run(db, 'ledger/repair/delete-account-quarters', slots)
    await run(db, 'ledger/repair/fill-account-quarters', slots)
    await run(db, 'ledger/fold/move-marks-back', { accountId, slot: slots.fromSlot })
  }
  // What was deleted above may since be of a month whose calls are about to go.
  const after = await readBoundary(db)
  return after.keptFrom === keptFrom ? 'mended' : rollBack('calls are being dropped right now')
}

/** Nothing that was folded of a zone is believed any more: it is read from the quarters until it is anew. */
async function mendZones(db: Db, { accountId, zones }: RepairPlan) {
  if (!(await lockAccount(db, accountId))) return rollBack('the account is gone')
  for (const zone of zones) await run(db, 'ledger/fold/forget-zone', { accountId, zone })
  return 'mended'
}

async function mendSums(db: Db, { accountId }: RepairPlan) {
  const account = await lockAccount(db, accountId)
  const holds = await run(db, 'ledger/repair/read-account', { accountId })
  if (!account || !holds) return rollBack('the account is gone')
  const isWhole = isDroppedWhole(await run(db, 'ledger/repair/read-dropped', { accountId }))
  const planHeldNanos = holds.planByHolds ?? 0
  const balanceHeldNanos = holds.balanceByHolds ?? 0
  if (account.planHeldNanos !== planHeldNanos || account.balanceHeldNanos !== balanceHeldNanos) {
    const row = { ...account, planHeldNanos, balanceHeldNanos }
    await run(db, 'ledger/write-accounts', accountColumns([row]))
  }
  for (const key of await run(db, 'ledger/repair/read-keys', { accountId })) {
    const spentNanos = isWhole ? (key.spentByTotals ?? 0) : key.spentNanos
    const heldNanos = key.heldByHolds ?? 0
    const baseNanos = key.spentSince === null ? key.baseNanos : spentNanos - key.spentSince
    const isRight = key.spentNanos === spentNanos && key.baseNanos === baseNanos
    if (isRight && key.heldNanos === heldNanos) continue
    const row = { id: key.id, accountId, spentNanos, heldNanos, baseNanos }
    await run(db, 'ledger/repair/write-key', row)
  }
  return 'mended'
}

/**
 * Mends one account, a few days a transaction, its keys last: they follow from the days. Answers
 * why something was left. Whatever it is stopped at, the next run finds what is left to do.
 */
async function mend(pool: Pool, plan: RepairPlan, note: RepairOptions['note']) {
  const { accountId, days, zones } = plan
  for (let at = 0; at < days.length; at += daysAtOnce) {
    const some = days.slice(at, at + daysAtOnce)
    const result = await pool.transact(async (db) => {
      const mended = await mendDays(db, plan, some)
      if (!isRolledBack(mended)) await note(db, accountId, { days: some })
      return mended
    })
    if (isRolledBack(result)) return result.rolledBack
  }
  if (zones.length) {
    const result = await pool.transact(async (db) => {
      const mended = await mendZones(db, plan)
      if (!isRolledBack(mended)) await note(db, accountId, { zones })
      return mended
    })
    if (isRolledBack(result)) return result.rolledBack
  }
  const changes = plan.changes.filter(({ check }) => check === 'keys' || check === 'account holds')
  if (changes.length === 0) return undefined
  const result = await pool.transact(async (db) => {
    const mended = await mendSums(db, plan)
    if (!isRolledBack(mended)) await note(db, accountId, { sums: changes.length })
    return mended
  })
  return isRolledBack(result) ? result.rolledBack : undefined
}

/**
 * Finds all totals that do not follow from the calls and holds they are made of, account by account
 * while everything goes on, and with `apply` makes them anew: what by key, model, status and
 * outcome was called, what by an account, the days of zones, what keys have spent, and what is
 * held. Of days whose calls `retain` has dropped, nothing is made anew but what follows from totals
 * that are whole.
 */
export async function repairTotals(pool: Pool, { apply, note }: RepairOptions): Promise<Repaired> {
  const repaired: Repaired = { changes: [], total: 0, accounts: 0, mended: 0, left: [] }
  for (let after = 0; ;) {
    const some = await run(pool, 'ledger/repair/list-accounts', { after, rows: accountsAtOnce })
    for (const { id } of some) {
      const plan = await pool.snapshot((db) => planRepair(db, id))
      const subject = `account ${id}`
      if (plan.untold !== undefined) repaired.left.push({ subject, why: plan.untold })
      if (plan.changes.length === 0) continue
      repaired.accounts++
      repaired.total += plan.changes.length
      const room = limits.ledger.differencesMax - repaired.changes.length
      repaired.changes.push(...plan.changes.slice(0, Math.max(0, room)))
      if (!apply) continue
      const why = await mend(pool, plan, note)
      if (why === undefined && plan.untold === undefined) repaired.mended++
      if (why !== undefined) repaired.left.push({ subject, why })
    }
    const last = some.at(-1)
    if (!last || some.length < accountsAtOnce) return repaired
    after = last.id
  }
}
