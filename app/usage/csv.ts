import type { Db } from '../db/db.server.ts'
import { formatCallId } from '../values/call-id.ts'
import { formatUsd } from '../values/money.ts'
import type { Filter } from './filter.ts'
import type { ListedCall } from './list.ts'
import { streamCalls, type InTurn } from './stream-calls.ts'
import { sumDays, type Day } from './sums.ts'

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

/** The calls of a filter as CSV, newest first, in pieces: the heads, then slices of `streamCalls`. */
export async function* streamCsv(
  db: Db,
  accountId: number,
  filter: Filter,
  inTurn?: InTurn,
): AsyncGenerator<string, void, undefined> {
  yield byteOrderMark + lineOf(csvHeads)
  const toLine = (call: ListedCall) => lineOf(columns.map(([, of]) => of(call)))
  yield* streamCalls(db, { accountId, filter }, toLine, inTurn)
}

const dayColumns: [head: string, of: (day: Day) => string | number][] = [
  ['Calls', ({ calls }) => calls],
  ['Tokens in', ({ inputTokens }) => inputTokens],
  ['of these cached', ({ cachedTokens }) => cachedTokens],
  ['of these written to cache', ({ cacheWriteTokens }) => cacheWriteTokens],
  ['Tokens out', ({ outputTokens }) => outputTokens],
  ['of these reasoning', ({ reasoningTokens }) => reasoningTokens],
  ['Cost (USD)', ({ costNanos }) => formatUsd(costNanos)],
]

/**
 * What the calls of a filter come to by the days of its zone as CSV, the oldest first: every day
 * from the first with a call to the last. In one piece, from the rollups: it knows the days that `retain` has
 * dropped too.
 */
export async function* streamDaysCsv(
  db: Db,
  accountId: number,
  filter: Filter,
  inTurn: InTurn = (work) => work(),
): AsyncGenerator<string, void, undefined> {
  const days = await inTurn(() => sumDays(db, accountId, filter))
  const heads = [`Day (${filter.zone})`, ...dayColumns.map(([head]) => head)]
  const lines = days.map((day) => lineOf([day.day, ...dayColumns.map(([, of]) => of(day))]))
  yield byteOrderMark + lineOf(heads) + lines.join('')
}
