import { run, type Db, type Pool } from '../db/db.server.ts'

export type Difference = { check: string; subject: string; expected: string; found: string }
export type Verdict = {
  differences: Difference[]
  accounts: number
  entries: number
  calls: number
  holds: number
}

const checks = {
  balances: 'verify/balances',
  chains: 'verify/chains',
  'account holds': 'verify/account-holds',
  'key holds and spending': 'verify/key-holds',
  'ended calls': 'verify/ended-holds',
  charges: 'verify/charges',
  'charge counts': 'verify/charge-counts',
  overdrawn: 'verify/overdrawn',
  'calls and holds': 'verify/calls',
  'daily totals': 'verify/usage-days',
  'account totals': 'verify/account-days',
  'dropped calls': 'verify/dropped-calls',
  'silent holds': 'verify/silent-holds',
} as const

/** A broken book has more differences than anybody reads. */
const rowsMax = 100

async function look(db: Db): Promise<Verdict> {
  const differences: Difference[] = []
  for (const [check, name] of Object.entries(checks)) {
    for (const row of await run(db, name, { rows: rowsMax })) {
      const { subject, expected, found } = row
      differences.push({
        check,
        subject: subject ?? '',
        expected: expected ?? '',
        found: found ?? '',
      })
    }
  }
  return { differences, ...(await run(db, 'verify/counts', {})) } as Verdict
}

/**
 * Recomputes every balance from the entries, every held amount from the holds and every total from
 * the calls, all from one moment of the database, while it goes on working. Shares no code with
 * what moves the money.
 */
export const verify = (pool: Pool): Promise<Verdict> => pool.snapshot(look)
