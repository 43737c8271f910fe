import type { AccountState } from './decide.ts'

type Money = Omit<
  AccountState,
  'status' | 'foldedSlot' | 'factor' | 'planModels' | 'notifyBelowNanos' | 'notifiedLow'
>

/** Rows as lists, one a column, in one order: what `ledger/write-accounts` takes. */
export const accountColumns = (rows: readonly Money[]) => ({
  ids: rows.map((row) => row.id),
  planNanos: rows.map((row) => row.planNanos),
  planHeldNanos: rows.map((row) => row.planHeldNanos),
  balanceNanos: rows.map((row) => row.balanceNanos),
  balanceHeldNanos: rows.map((row) => row.balanceHeldNanos),
  entrySeq: rows.map((row) => row.entrySeq),
  bookedAt: rows.map((row) => row.bookedAt),
})

/** By how much a batch changes what a key has spent and holds. */
export type KeyChange = { id: number; spentNanos: number; heldNanos: number }

/** The same for `ledger/write-keys`. */
export const keyColumns = (rows: readonly KeyChange[]) => ({
  ids: rows.map((row) => row.id),
  spentNanos: rows.map((row) => row.spentNanos),
  heldNanos: rows.map((row) => row.heldNanos),
})
