/** The public face of the billing room. */
export { addMonths, lastSeqBefore, monthOf } from './months.ts'
export { readStatement, type Pools, type Statement } from './statement.ts'
export { readCost } from './cost.ts'
export { listEntries, listHolds, readLedgerSize, type Entry } from './ledger-pages.ts'
