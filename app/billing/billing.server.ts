/** The public face of the billing room. */
export { addMonths, monthOf } from './months.ts'
export { listByDay } from './by-day.ts'
export { readStatement } from './statement.ts'
export { readCost } from './cost.ts'
export { readOverview } from './overview.ts'
export { listEntries, listHolds, readLedgerSize } from './ledger-pages.ts'
