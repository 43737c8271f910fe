/** The public face of the usage room: what was called, and what it cost. */
export { listRecentCalls, type RecentCall, type RecentFilter } from './recent.ts'
export {
  everything,
  filterParams,
  pageRowsMax,
  pagesMax,
  readUsageQuery,
  type Filter,
  type Paging,
  type Problem,
  type UsageQuery,
} from './filter.ts'
export { listCalls, type CallPage, type ListedCall } from './list.ts'
export { sumModels, sumUsage, totals, type Day, type ModelSums, type Sums } from './sums.ts'
export { chartDays, measures, type Measure } from './chart.ts'
export { itemizeCall, type ReceiptItem } from './itemize.ts'
export { facets, type Facets } from './facets.ts'
export { readCall, type Receipt } from './receipt.ts'
export { csvHeads, streamCsv } from './csv.ts'
export { Downloads } from './downloads.ts'
export { ensurePartitions } from './partitions.ts'
export { retain, type Retained } from './retain.ts'
