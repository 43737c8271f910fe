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

/** The same as people read of them: credit by a code, which is a grant in the books, has a line of its own. */
export const listedKinds = [...entryKinds, 'code'] as const
export type ListedKind = (typeof listedKinds)[number]
