import type { Outcome } from '../values/outcomes.ts'
import { run, type Db, type Row } from '../db/db.server.ts'

export type RecentCall = Row<'usage/list-recent'>
type RecentFilter = {
  /** Only calls older than this one; null begins with the newest. */
  before: Uint8Array | null
  accountId: number | null
  model: string | null
  statusCode: number | null
  outcome: Outcome | null
  rows: number
}

/** Above every id that there can be. */
const afterAll = Buffer.alloc(16, 0xff)

/** Calls newest first, for an operator. The last id of one answer is `before` of the next. */
export const listRecentCalls = (db: Db, filter: RecentFilter): Promise<RecentCall[]> =>
  run(db, 'usage/list-recent', { ...filter, before: filter.before ?? afterAll })
