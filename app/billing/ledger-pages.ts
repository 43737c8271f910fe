import { run, type Db, type Row } from '../db/db.server.ts'

type Entry = Row<'billing/list-entries'>
type OpenHold = Row<'billing/list-holds'>
type EntryPage = { entries: Entry[]; older: number | null }

/** How many entries an account has, and since when there is an account. */
export async function readLedgerSize(
  db: Db,
  accountId: number,
): Promise<{ entrySeq: number; since: Date }> {
  const size = await run(db, 'billing/read-seq', { accountId })
  if (!size) throw new Error('a signed-in person has no account')
  return size
}

/**
 * Entries of an account, newest first, between two numbers. `older` is the `upTo` of the next page.
 */
export async function listEntries(
  db: Db,
  accountId: number,
  {
    after,
    upTo,
    rows,
    creditsOnly,
  }: {
    after: number
    upTo: number
    rows: number
    creditsOnly: boolean
  },
): Promise<EntryPage> {
  const statement = creditsOnly ? 'billing/list-credits' : 'billing/list-entries'
  const found = await run(db, statement, { accountId, after, upTo, rows: rows + 1 })
  const entries = found.slice(0, rows)
  const last = entries.at(-1)
  return { entries, older: last && found.length > rows ? last.seq - 1 : null }
}

/** What open calls hold, the oldest first; one more than `rows` tells that there are more. */
export const listHolds = (db: Db, accountId: number, rows: number): Promise<OpenHold[]> =>
  run(db, 'billing/list-holds', { accountId, rows: rows + 1 })
