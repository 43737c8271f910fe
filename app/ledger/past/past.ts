import { limits } from '../../config/limits.ts'
import {
  isRolledBack,
  rollBack,
  run,
  type Db,
  type Pool,
  type RolledBack,
} from '../../db/db.server.ts'
import { accountQuartersOf, lateSlots } from '../quarters.ts'
import { accountColumns } from '../columns.ts'
import type { AccountState } from '../decide.ts'
import { lockAccount } from '../entries.ts'
import { keyStatesOf, leftOf, tightestOf } from '../keys/key-state.ts'
import { PastRows } from './past-rows.ts'
import { quartersOf, sharesOf, type PastCall, type Share } from './past-share.ts'

/** What is given at the beginning of a stretch, to pay for it and for those that follow. */
type PastGrant = { balanceNanos: number; ref: string; actor: string; note: string }
/** A stretch of time with the first `calls` calls of the pattern. */
export type Stretch = { startMs: number; calls: number; grant?: PastGrant }

type Past = {
  accountId: number
  /** As many calls as the busiest stretch has. */
  pattern: readonly PastCall[]
  /** How long each stretch is; every call ends within its own. */
  stretchMs: number
  /** The oldest first; none begins before the one before it has ended. */
  stretches: readonly Stretch[]
}

/**
 * Why nothing can be booked at a time of the past. `later entries`: entries of an account are in the
 * order of time. `plan credit`: calls would have been paid from it, and these are not.
 */
export type PastRefusal =
  | 'no such account'
  | 'later entries'
  | 'plan credit'
  | 'over the limit'
  | 'not enough available'
  | 'key budget'

export type PastBooked = { calls: number; costNanos: number } & (
  { state: 'booked' } | { state: 'refused'; why: PastRefusal }
)

async function whyNot(
  db: Db,
  account: AccountState | undefined,
  atMs: number,
): Promise<PastRefusal | undefined> {
  if (!account) return 'no such account'
  const { id: accountId, entrySeq: seq } = account
  const last = seq > 0 && (await run(db, 'ledger/past/read-moment', { accountId, seq }))
  if (last && last.bookedAt.getTime() > atMs) return 'later entries'
  return account.planNanos > 0 ? 'plan credit' : undefined
}

/** Whether, and why not, an account can have a history that begins then, as things stand. */
export const refusePast = async (
  pool: Pool,
  accountId: number,
  startMs: number,
): Promise<PastRefusal | undefined> => {
  const result = await pool.transact(async (db) => {
    const why = await whyNot(db, await lockAccount(db, accountId), startMs)
    return rollBack(why ?? '')
  })
  return (result.rolledBack || undefined) as PastRefusal | undefined
}

/** The text in which the ledger's statements take a moment. */
const momentOf = (ms: number) => new Date(ms).toISOString().slice(0, 23).replace('T', ' ')

/** No key has spent more than its budgets, what it holds for calls under way included. */
async function fitsBudgets(db: Db, accountId: number, { spentNanos }: Share): Promise<boolean> {
  const rows = await run(db, 'ledger/read-keys', { ids: [...spentNanos.keys()] })
  const keys = keyStatesOf(rows)
  return (
    keys.length === spentNanos.size &&
    keys.every((key) => {
      const budget = tightestOf(key)
      // The keys were read by the ids that have spent.
      const fits = budget === null || spentNanos.get(key.id)! <= leftOf(budget)
      return key.accountId === accountId && fits
    })
  )
}

async function writeGrant(db: Db, account: AccountState, grant: PastGrant, atMs: number) {
  account.balanceNanos += grant.balanceNanos
  account.entrySeq += 1
  const { id: accountId, entrySeq: seq, planNanos, balanceNanos } = account
  const entry = {
    accountId,
    seq,
    kind: 'grant' as const,
    planNanos: 0,
    callId: null,
    ...grant,
    planAfterNanos: planNanos,
    balanceAfterNanos: balanceNanos,
    createdAt: momentOf(atMs),
  }
  await run(db, 'ledger/insert-entries', { entries: [entry] })
}

/** Books one stretch, below the account's lock: its grant, calls, charges and totals, or nothing. */
async function bookStretch(
  db: Db,
  { accountId, stretchMs }: Past,
  stretch: Stretch,
  { rows, share }: { rows: PastRows; share: Share },
): Promise<Stretch | RolledBack<PastRefusal>> {
  const { startMs, grant } = stretch
  const account = await lockAccount(db, accountId)
  const why = await whyNot(db, account, startMs)
  if (why || !account) return rollBack(why ?? 'no such account')
  if (!(await fitsBudgets(db, accountId, share))) return rollBack('key budget')
  const { balanceHeldNanos } = account
  const paidNanos = account.balanceNanos + (grant?.balanceNanos ?? 0)
  if (paidNanos > limits.accounts.nanosMax) return rollBack('over the limit')
  // What is there falls with each charge, so it is least at the end.
  if (paidNanos - balanceHeldNanos < share.costNanos) return rollBack('not enough available')

  const since = new Date(startMs)
  await run(db, 'ledger/past/date-account', { id: accountId, since })
  if (grant) await writeGrant(db, account, grant, startMs)
  await rows.write(db, stretch)
  const { entrySeq: seq, planNanos, balanceNanos } = account
  const charged = { ...rows.range(stretch), seq, planNanos, balanceNanos }
  const charges = await run(db, 'ledger/past/insert-charges', charged)
  if (charges !== share.charges) throw new Error(`${charges} charges, not ${share.charges}`)
  account.entrySeq += charges
  account.balanceNanos -= share.costNanos
  await run(db, 'ledger/write-accounts', accountColumns([account]))
  const lastUsedAt = new Date(startMs + stretchMs)
  for (const [id, spentNanos] of share.spentNanos)
    await run(db, 'ledger/past/add-spending', { id, spentNanos, since, lastUsedAt })
  const quarters = quartersOf(share, accountId, startMs)
  await run(db, 'ledger/add-usage-quarters', { quarters })
  await run(db, 'ledger/add-account-quarters', { quarters: accountQuartersOf(quarters) })
  for (const late of lateSlots(quarters, new Map([[accountId, account]])))
    await run(db, 'ledger/fold/move-marks-back', late)
  return stretch
}

/**
 * Books calls that are over on an account whose last entry is older: stretch by stretch in the
 * order of time, each one transaction, so that the books agree at every moment and after any crash.
 * What was booked before a refusal stays.
 */
export async function bookPast(pool: Pool, past: Past): Promise<PastBooked> {
  const { accountId, pattern, stretchMs } = past
  const stretches = past.stretches.filter(({ calls }) => calls > 0)
  const shares = sharesOf(pattern, new Set(stretches.map(({ calls }) => calls)))
  const rows = new PastRows(accountId, pattern, stretchMs)
  const booked = { calls: 0, costNanos: 0 }
  for (const stretch of stretches) {
    // There is a share for each size that a stretch has.
    const share = shares.get(stretch.calls)!
    const work = { rows, share }
    const result = await pool.transact((db) => bookStretch(db, past, stretch, work))
    if (isRolledBack(result))
      return { state: 'refused', why: result.rolledBack as PastRefusal, ...booked }
    rows.committed(stretch)
    booked.calls += stretch.calls
    booked.costNanos += share.costNanos
  }
  return { state: 'booked', ...booked }
}
