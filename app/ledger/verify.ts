import { limits } from '../config/limits.ts'
import { run, type Db, type Pool } from '../db/db.server.ts'

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
  'ended calls': 'ledger/verify/ended-holds',
  charges: 'ledger/verify/charges',
  'charge counts': 'ledger/verify/charge-counts',
  overdrawn: 'ledger/verify/overdrawn',
  'calls and holds': 'ledger/verify/calls',
  'daily totals': 'ledger/verify/usage-days',
  'account totals': 'ledger/verify/account-days',
  'dropped calls': 'ledger/verify/dropped-calls',
  'silent holds': 'ledger/verify/silent-holds',
} as const

async function look(db: Db): Promise<Verdict> {
  const differences: Difference[] = []
  for (const [check, name] of Object.entries(checks)) {
    for (const row of await run(db, name, { rows: limits.ledger.differencesMax })) {
      const { subject, expected, found } = row
      differences.push({
        check,
        subject: subject ?? '',
        expected: expected ?? '',
        found: found ?? '',
      })
    }
  }
  return { differences, ...(await run(db, 'ledger/verify/counts', {})) } as Verdict
}

/**
 * What differs first between what `retain` has noted of dropped calls and the daily totals; it looks
 * within the transaction that is about to drop more.
 */
export async function findDroppedDifference(db: Db): Promise<string | undefined> {
  const [difference] = await run(db, 'ledger/verify/dropped-calls', { rows: 1 })
  return difference && (difference.subject ?? '')
}

/**
 * Recomputes every balance from the entries, every held amount from the holds and every total from
 * the calls, and sees that entries stand in the order of time; all from one moment of the database,
 * while it goes on working. Shares no code with what moves the money.
 */
export const verify = (pool: Pool): Promise<Verdict> => pool.snapshot(look)
