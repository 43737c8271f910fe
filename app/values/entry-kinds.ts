/** What an entry of the ledger was for, in the order of the lines of a statement. */
export const entryKinds = [
  'plan',
  'topup',
  'grant',
  'fee',
  'refund',
  'dispute',
  'adjust',
  'expire',
  'charge',
] as const
export type EntryKind = (typeof entryKinds)[number]
/** All but the charges of calls. */
export type CreditKind = Exclude<EntryKind, 'charge'>
