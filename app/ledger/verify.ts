import { limits } from '../config/limits.ts'
import { run, type Db, type Pool } from '../db/db.server.ts'
import { findWrongCosts, type ReadCosts } from './verify-costs.ts'

type Difference = { check: string; subject: string; expected: string; found: string }
export type Verdict = {
  differences: Difference[]
  accounts: number
  entries: number
  calls: number
  holds: number
}

const checks = {
  balances: 'ledger/verify/balances',
  chains: 'ledger/verify/chains',
  'order of time': 'ledger/verify/order-of-time',
  'account holds': 'ledger/verify/account-holds',
  'key holds and spending': 'ledger/verify/key-holds',
  'key periods': 'ledger/verify/key-periods',
  'ended calls': 'ledger/verify/ended-holds',
  charges: 'ledger/verify/charges',
  'charge counts': 'ledger/verify/charge-counts',
  'calls and holds': 'ledger/verify/calls',
  totals: 'ledger/verify/totals/usage-quarters',
  'account totals': 'ledger/verify/totals/account-quarters',
  'days of zones': 'ledger/verify/totals/usage-zone-days',
  'account days of zones': 'ledger/verify/totals/account-zone-days',
  'dropped calls': 'ledger/verify/dropped-calls',
  'silent holds': 'ledger/verify/silent-holds',
  'account factors': 'ledger/verify/account-factors',
  'plan periods': 'ledger/verify/plan-periods',
  'plan entries': 'ledger/verify/plan-entries',
  subscriptions: 'ledger/verify/subscriptions',
  codes: 'ledger/verify/codes',
  orders: 'ledger/verify/order-entries',
  'refunds and disputes': 'ledger/verify/order-reversals',
} as const

/** What is right only within the time that a hold may stand. */
const timedChecks = {
  overdrawn: 'ledger/verify/overdrawn',
  'old holds': 'ledger/verify/old-holds',
} as const

type Found = { [Column in 'subject' | 'expected' | 'found']: string | null }

async function look(db: Db, readCosts: ReadCosts, callsAtOnce: number): Promise<Verdict> {
  const differences: Difference[] = []
  const note = (check: string, rows: Found[]) => {
    for (const { subject, expected, found } of rows)
      differences.push({
        check,
        subject: subject ?? '',
        expected: expected ?? '',
        found: found ?? '',
      })
  }
  const { differencesMax: rows, holdSecondsMax: holdSeconds } = limits.ledger
  for (const [check, name] of Object.entries(checks)) note(check, await run(db, name, { rows }))
  for (const [check, name] of Object.entries(timedChecks))
    note(check, await run(db, name, { rows, holdSeconds }))
  note('costs', await findWrongCosts(db, await readCosts(db), { rows, callsAtOnce }))
  return { differences, ...(await run(db, 'ledger/verify/counts', {})) } as Verdict
}

/**
 * What differs first between what `retain` has noted of dropped calls and the totals; it looks
 * within the transaction that is about to drop more.
 */
export async function findDroppedDifference(db: Db): Promise<string | undefined> {
  const [difference] = await run(db, 'ledger/verify/dropped-calls', { rows: 1 })
  return difference && (difference.subject ?? '')
}

/**
 * Recomputes every balance from the entries, every held amount from the holds and every total from
 * the calls, and every cost from a call's units and its price row (by `readCosts`, which is the
 * catalogue's); sees that entries stand in the order of time, and that no hold is older than a call
 * may be. All from one moment of the database, while it goes on working. Shares no code with what
 * moves the money.
 */
export const verify = (
  pool: Pool,
  readCosts: ReadCosts,
  { callsAtOnce = limits.ledger.verifiedCallsAtOnce as number } = {},
): Promise<Verdict> => pool.snapshot((db) => look(db, readCosts, callsAtOnce))
