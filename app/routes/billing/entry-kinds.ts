const words: Record<string, string> = {
  charge: 'Charges of calls',
  topup: 'Top-ups',
  grant: 'Credit from the operator',
  plan: 'Plan credit',
  expire: 'Plan credit that expired',
  adjust: 'Adjustments',
}
const one: Record<string, string> = {
  charge: 'Charge of a call',
  topup: 'Top-up',
  adjust: 'Adjustment',
}

/** A kind of ledger entry, in the plural or as one entry. */
export const kindWords = (kind: string) => words[kind] ?? kind
export const kindWord = (kind: string) => one[kind] ?? kindWords(kind)
