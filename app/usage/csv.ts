import { limits } from '../config/limits.ts'
import { formatCallId } from '../values/call-id.ts'
import { run, type Db } from '../db/db.server.ts'
import { msOfId } from '../values/days.ts'
import { formatUsd } from '../values/money.ts'
import { dayIn, msOfSlot } from '../values/zones/zone-days.ts'
import type { Filter } from './filter.ts'
import { findIds, type Search } from './find-ids.ts'
import { readCalls, type ListedCall } from './list.ts'

const { csvRowsAtOnce } = limits.usage

const columns: [head: string, of: (call: ListedCall) => string | number | null][] = [
  ['Time (UTC)', ({ startedAt }) => startedAt.toISOString()],
  ['Call', ({ id }) => formatCallId(id)],
  ['Key', ({ keyName }) => keyName],
  ['Key id', ({ keyId }) => keyId],
  ['Model', ({ model }) => model],
  ['Status', ({ statusCode }) => statusCode],
  ['Outcome', ({ outcome }) => outcome],
  ['Error', ({ errorCode }) => errorCode],
  ['Streamed', ({ streamed }) => (streamed === 1 ? 'yes' : 'no')],
  ['Tokens in', ({ inputTokens }) => inputTokens],
  ['of these cached', ({ cachedTokens }) => cachedTokens],
  ['of these written to cache', ({ cacheWriteTokens }) => cacheWriteTokens],
  ['Tokens out', ({ outputTokens }) => outputTokens],
  ['of these reasoning', ({ reasoningTokens }) => reasoningTokens],
  ['Counted by', ({ usageSource }) => usageSource],
  ['Cost (USD)', ({ costNanos }) => formatUsd(costNanos)],
  ['From plan (USD)', ({ planNanos }) => formatUsd(planNanos)],
  ['From balance (USD)', ({ balanceNanos }) => formatUsd(balanceNanos)],
  ['First byte (ms)', ({ firstByteMs }) => firstByteMs],
  ['Total (ms)', ({ totalMs }) => totalMs],
  ['Client', ({ client }) => client],
  ['Other units', ({ otherUnits }) => otherUnits],
]
export const csvHeads = columns.map(([head]) => head)

// What makes a formula of a cell in some spreadsheet, also behind blanks and unseen characters that
// it drops (OWASP, "CSV Injection"); and an apostrophe, so that taking one off gives the text back.
const formula = /^(?:[\s\p{Cc}\p{Cf}"]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n\0'])/u

/** One field as RFC 4180 has it; text that a spreadsheet would compute gets an apostrophe first. */
export function csvCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = formula.test(value) ? `'${value}` : value
  return /[",\r\n\0]|^\s|\s$|^'/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Spreadsheets take a file without it for one of the system's old code page. */
const byteOrderMark = '\uFEFF'

const lineOf = (cells: (string | number | null)[]) => `${cells.map(csvCell).join(',')}\r\n`

async function readSlice(db: Db, search: Search) {
  const ids = await findIds(db, search)
  const calls = await readCalls(db, search.accountId, ids)
  return { ids, text: calls.map((call) => lineOf(columns.map(([, of]) => of(call)))).join('') }
}

type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/**
 * The calls of a filter as CSV, newest first, in pieces: the heads, then a slice of rows at a time,
 * each when it is its turn. Between two pieces it holds no connection, so a slow reader is in
 * nobody's way.
 */
export async function* streamCsv(
  db: Db,
  accountId: number,
  filter: Filter,
  inTurn: InTurn = (work) => work(),
): AsyncGenerator<string, void, undefined> {
  yield byteOrderMark + lineOf(csvHeads)
  for (let before: Buffer | null = null; ;) {
    const search: Search = { accountId, filter, before, after: null, rows: csvRowsAtOnce }
    const { ids, text } = await inTurn(() => readSlice(db, search))
    if (text) yield text
    const last: Buffer | undefined = ids.at(-1)
    if (!last || ids.length < csvRowsAtOnce) return
    before = last
  }
}

/** What the file is called: by its days, also where the filter leaves one of them open. */
export async function csvName(db: Db, accountId: number, filter: Filter, now: Date) {
  const { zone } = filter
  const to = filter.to ?? dayIn(zone, now.getTime())
  const { firstSlot, keptFrom } = await run(db, 'usage/read-span', { accountId })
  const kept = keptFrom === null ? undefined : dayIn(zone, msOfId(keptFrom))
  const used = firstSlot === null ? to : dayIn(zone, msOfSlot(firstSlot))
  const first = kept !== undefined && kept > used ? kept : used
  const from = filter.from ?? (first < to ? first : to)
  return `usage-${from}-${to}.csv`
}
