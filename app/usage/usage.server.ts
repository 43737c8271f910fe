/** The public face of the usage room: what was called, and what it cost. */
export { listRecentCalls, type RecentCall } from './recent.ts'
export {
  everything,
  filterParams,
  readUsageQuery,
  type Filter,
  type Paging,
  type UsageQuery,
} from './filter.ts'
export { listCalls, type ListedCall } from './list.ts'
export { sumUsage, totals } from './sums.ts'
export { foldRest, sumModels, sumParts } from './parts.ts'
export { readKeyDays } from './key-days.ts'
export { layOut, measures, valueOf, type Measure } from './chart/layout.ts'
export { readBars, type Stack } from './chart/stack.ts'
export { sumBefore } from './chart/before.ts'
export { itemizeCall } from './itemize.ts'
export type { Facets } from './facets.ts'
export { findCall, leftFor, readCall, type Receipt } from './receipt.ts'
export { toldReceipt } from './told-receipt.ts'
export { csvHeads, streamCsv, streamDaysCsv } from './csv.ts'
export { streamJsonLines } from './json-lines.ts'
export { daysOfFile, type InTurn } from './stream-calls.ts'
export { Downloads } from './downloads.ts'
export { ensurePartitions } from './partitions.ts'
export { retain } from './retain.ts'
