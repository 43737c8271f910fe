import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import { msOfId } from '../values/days.ts'
import { dayIn, msOfSlot } from '../values/zones/zone-days.ts'
import type { Filter } from './filter.ts'
import { findIds, type Search } from './find-ids.ts'
import { readCalls, type ListedCall } from './list.ts'

const { csvRowsAtOnce } = limits.usage

export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

async function readSlice(db: Db, search: Search, toLine: (call: ListedCall) => string) {
  const ids = await findIds(db, search)
  const calls = await readCalls(db, search.accountId, ids)
  return { ids, text: calls.map(toLine).join('') }
}

/**
 * The calls of a filter as lines, newest first, in pieces: a slice of rows at a time, each when it
 * is its turn. Between two pieces it holds no connection, so a slow reader is in nobody's way.
 */
export async function* streamCalls(
  db: Db,
  { accountId, filter }: { accountId: number; filter: Filter },
  toLine: (call: ListedCall) => string,
  inTurn: InTurn = (work) => work(),
): AsyncGenerator<string, void, undefined> {
  for (let before: Buffer | null = null; ;) {
    const search: Search = { accountId, filter, before, after: null, rows: csvRowsAtOnce }
    const { ids, text } = await inTurn(() => readSlice(db, search, toLine))
    if (text) yield text
    const last: Buffer | undefined = ids.at(-1)
    if (!last || ids.length < csvRowsAtOnce) return
    before = last
  }
}

/** What files of a filter are called by: its days, also where it leaves one of them open. */
export async function daysOfFile(db: Db, accountId: number, filter: Filter, now: Date) {
  const { zone } = filter
  const to = filter.to ?? dayIn(zone, now.getTime())
  const { firstSlot, keptFrom } = await run(db, 'usage/read-span', { accountId })
  const kept = keptFrom === null ? undefined : dayIn(zone, msOfId(keptFrom))
  const used = firstSlot === null ? to : dayIn(zone, msOfSlot(firstSlot))
  const first = kept !== undefined && kept > used ? kept : used
  const from = filter.from ?? (first < to ? first : to)
  return `${from}-${to}`
}
