import { limits } from '../config/limits.ts'
import { doubleKey, run, rollBack, type Db, type Pool } from '../db/db.server.ts'
import { balanceAvailable, planAvailable, type AccountState } from './decide.ts'
import { lockAccount, writeEntry, type Credit } from './entries.ts'

type Credited =
  | { state: 'credited'; account: AccountState }
  | { state: 'repeated' }
  | { state: 'refused'; why: 'no such account' | 'over the limit' | 'not enough available' }

/** Each pool for itself, because holds are promised from one or the other; and both together. */
function takesTooMuch(account: AccountState, { planNanos, balanceNanos }: Credit): boolean {
  const short = (availableNanos: number, change: number) =>
    change < 0 && availableNanos + change < 0
  return (
    short(planAvailable(account), planNanos) ||
    short(balanceAvailable(account), balanceNanos) ||
    short(planAvailable(account) + balanceAvailable(account), planNanos + balanceNanos)
  )
}

async function creditLocked(db: Db, credit: Credit): Promise<Credited> {
  const account = await lockAccount(db, credit.accountId)
  if (!account) return { state: 'refused', why: 'no such account' }
  if (await run(db, 'ledger/find-entry-by-ref', { ref: credit.ref })) return { state: 'repeated' }
  const after = account.planNanos + account.balanceNanos + credit.planNanos + credit.balanceNanos
  if (!Number.isSafeInteger(after) || after > limits.accounts.nanosMax)
    return { state: 'refused', why: 'over the limit' }
  if (takesTooMuch(account, credit)) return { state: 'refused', why: 'not enough available' }
  await writeEntry(db, account, credit)
  return { state: 'credited', account }
}

/**
 * Gives (or, with a negative amount, takes) money: top-ups, grants, adjustments. Idempotent by `ref`.
 */
export async function credit(pool: Pool, credit: Credit): Promise<Credited> {
  let result: Credited | undefined
  try {
    await pool.transact(async (db) => {
      result = await creditLocked(db, credit)
      return result.state === 'credited' ? result : rollBack(result.state)
    })
  } catch (error) {
    // Two accounts with one ref at once: the unique index decided, and the other one stands. Another
    // index says the same, so it is looked at: money is not taken for given by a number.
    const isDouble = (error as { errno?: number }).errno === doubleKey
    if (isDouble && (await run(pool, 'ledger/find-entry-by-ref', { ref: credit.ref })))
      return { state: 'repeated' }
    throw error
  }
  // A transaction that has ended without an error has run its work.
  return result!
}
