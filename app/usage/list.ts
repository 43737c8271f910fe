import { limits } from '../config/limits.ts'
import { formatCallId } from '../values/call-id.ts'
import { run, type Db, type Row } from '../db/db.server.ts'
import { type Filter, type Paging } from './filter.ts'
import { findIds } from './find-ids.ts'

export type ListedCall = Row<'usage/list-calls'>
type CallPage = {
  /** Newest first. */
  calls: ListedCall[]
  /** `after` of the page with newer calls, where there is one. */
  newer?: string
  /** `before` of the page with older calls, where there is one. */
  older?: string
}

/** The rows of these calls, newest first. One that `retain` has dropped meanwhile is left out. */
export async function readCalls(db: Db, accountId: number, ids: Buffer[]): Promise<ListedCall[]> {
  if (ids.length === 0) return []
  const calls = await run(db, 'usage/list-calls', { accountId, ids })
  return calls.sort((a, b) => b.id.compare(a.id))
}

/**
 * One page of an account's calls. `before` and `after` are ids of calls that were seen: calls that
 * end meanwhile move nothing. A numbered page, one of the first few, counts from the newest call of
 * that moment.
 */
export async function listCalls(
  db: Db,
  accountId: number,
  filter: Filter,
  { before, after, page, rows }: Paging,
): Promise<CallPage> {
  if (rows > limits.usage.pageRowsMax || page > limits.usage.pagesMax)
    throw new RangeError('a page too long or too far')
  const skip = before || after ? 0 : (page - 1) * rows
  // One more than is shown tells whether there is another page.
  const search = { accountId, filter, before, after, rows: skip + rows + 1 }
  const found = await findIds(db, search)
  const isMore = found.length > skip + rows
  const calls = await readCalls(db, accountId, found.slice(skip, skip + rows))
  const [newest, oldest] = [calls[0], calls.at(-1)]
  if (!newest || !oldest) return { calls }
  // Where a page was reached from, there are calls on that side too.
  const isNewer = after ? isMore : before !== null || page > 1
  const isOlder = after ? true : isMore
  return {
    calls,
    ...(isNewer ? { newer: formatCallId(newest.id) } : {}),
    ...(isOlder ? { older: formatCallId(oldest.id) } : {}),
  }
}
