import type { ListedKind } from '../../values/entry-kinds.ts'

/** Entries of a kind together, as in a statement. */
export const kindsWords = {
  charge: 'Charges of calls',
  topup: 'Top-ups',
  grant: 'Credit from the operator',
  plan: 'Plan credit',
  fee: 'Prices of plans',
  expire: 'Plan credit that expired',
  refund: 'Refunds of payments',
  dispute: 'Payments in dispute',
  adjust: 'Adjustments',
  code: 'Codes redeemed',
} satisfies Record<ListedKind, string>

/** One entry of a kind. */
export const kindWords = {
  ...kindsWords,
  charge: 'Charge of a call',
  topup: 'Top-up',
  fee: 'Price of a plan',
  refund: 'Refund of a payment',
  dispute: 'Payment in dispute',
  adjust: 'Adjustment',
  code: 'Code redeemed',
} satisfies Record<ListedKind, string>
