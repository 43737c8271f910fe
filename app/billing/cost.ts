import { run, type Db } from '../db/db.server.ts'

/** What an account's calls of these days cost, both days included. */
export async function readCost(
  db: Db,
  accountId: number,
  { from, to }: { from: string; to: string },
): Promise<number> {
  const { costNanos } = await run(db, 'billing/sum-cost', { accountId, from, to })
  return costNanos ?? 0
}
