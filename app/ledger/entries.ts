import { run, type Db } from '../db/db.server.ts'
import type { CreditKind } from '../values/entry-kinds.ts'
import { accountColumns } from './columns.ts'
import type { AccountState } from './decide.ts'
import { noteRise } from './notices/crossings.ts'

export type Credit = {
  accountId: number
  kind: CreditKind
  planNanos: number
  balanceNanos: number
  /** Names this credit among all there will ever be: a second one with the same name does nothing. */
  ref: string
  actor: string
  note: string | null
}

/** Locks accounts, in the order of their ids, on whatever server they are written. */
async function lock(db: Db, ids: number[]) {
  const sorted = { ids: [...ids].sort((a, b) => a - b) }
  const accounts = await run(db, 'ledger/lock-accounts', sorted)
  await run(db, 'ledger/cluster/touch-accounts', sorted)
  return accounts
}

/** Locks accounts for a change of anything below them. */
export const lockAccounts = async (db: Db, ids: number[]): Promise<void> =>
  void (await lock(db, ids))

/** Locks one account for a change of money, or of anything below it. */
export async function lockAccount(db: Db, accountId: number): Promise<AccountState | undefined> {
  const [account] = await lock(db, [accountId])
  // A cast is taken for something that may be null; neither of its times is.
  return account as AccountState | undefined
}

/** Writes one entry and the balances it leaves. The caller holds the account's lock. */
export async function writeEntry(db: Db, account: AccountState, credit: Credit): Promise<void> {
  const { accountId, kind, planNanos, balanceNanos, ref, actor, note } = credit
  account.planNanos += planNanos
  account.balanceNanos += balanceNanos
  account.entrySeq += 1
  await run(db, 'ledger/write-accounts', accountColumns([account]))
  const entry = {
    accountId,
    seq: account.entrySeq,
    kind,
    planNanos,
    balanceNanos,
    planAfterNanos: account.planNanos,
    balanceAfterNanos: account.balanceNanos,
    callId: null,
    ref,
    actor,
    note,
    createdAt: account.bookedAt,
  }
  await run(db, 'ledger/insert-entries', { entries: [entry] })
  await noteRise(db, account, planNanos + balanceNanos)
}
