import { run, type Db, type Row } from '../db/db.server.ts'

type Overview = NonNullable<Row<'billing/read-overview'>>

/** An account's money at one moment, and what it spent on the day of `now` and in its month (UTC). */
export async function readOverview(db: Db, accountId: number, now: Date): Promise<Overview> {
  const today = now.toISOString().slice(0, 10)
  const monthStart = `${today.slice(0, 8)}01`
  const overview = await run(db, 'billing/read-overview', { accountId, today, monthStart })
  if (!overview) throw new Error('a signed-in person has no account')
  return overview
}
