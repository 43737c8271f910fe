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
export { foldRest, sumKeys, sumModels, sumUsage, totals } from './sums.ts'
export { readKeyDays } from './key-days.ts'
export { chartDays, measures, type Measure } from './chart.ts'
export { itemizeCall } from './itemize.ts'
export { facets, type Facets } from './facets.ts'
export { findCall, leftFor, readCall, type Receipt } from './receipt.ts'
export { toldReceipt } from './told-receipt.ts'
export { csvHeads, streamCsv, streamDaysCsv } from './csv.ts'
export { streamJsonLines } from './json-lines.ts'
export { daysOfFile, type InTurn } from './stream-calls.ts'
export { Downloads } from './downloads.ts'
export { ensurePartitions } from './partitions.ts'
export { retain } from './retain.ts'
