/** The ledger cannot take this on now: its queue is full, or the database does not answer. */
export class LedgerAway extends Error {
  readonly code = 'LEDGER_AWAY'
}
