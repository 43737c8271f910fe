import { run, type Db } from '../../db/db.server.ts'
import type { AccountState } from '../decide.ts'

type Credited = Pick<AccountState, 'planNanos' | 'balanceNanos'>
type Watched = Credited & Pick<AccountState, 'notifyBelowNanos' | 'notifiedLow'>

/** Of a threshold: so much above it, or given at once, and what falls below it again is news. */
const margin = 5

/** What is told of: all credit, also what calls under way hold. */
export const creditLeft = ({ planNanos, balanceNanos }: Credited) => planNanos + balanceNanos

/** Whether its people are to be told now that its credit is low. */
export const isNewlyLow = (account: Watched): boolean =>
  account.notifyBelowNanos !== null &&
  !account.notifiedLow &&
  creditLeft(account) < account.notifyBelowNanos

/**
 * Whether they are to be told when it falls again: it has risen well above the threshold, or above
 * it by money that is worth a notice. Small change that comes and goes around it is no crossing.
 */
function isRisen(account: Watched, creditedNanos: number): boolean {
  const { notifyBelowNanos: below, notifiedLow } = account
  if (below === null || !notifiedLow) return false
  const left = creditLeft(account)
  return left >= below + below / margin || (left >= below && creditedNanos >= below / margin)
}

/**
 * After an entry, under the account's lock. What takes credit away is not looked at here: a renewal
 * takes the old credit before it gives the new, and the next charge sees what has come of it.
 */
export async function noteRise(db: Db, account: AccountState, creditedNanos: number) {
  if (!isRisen(account, creditedNanos)) return
  account.notifiedLow = 0
  await run(db, 'ledger/notices/write-notified', { ids: [account.id], notifiedLow: 0 })
}
