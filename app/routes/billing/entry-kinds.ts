import type { MessageDescriptor } from '@lingui/core'
import type { ListedKind } from '../../values/entry-kinds.ts'
import { msg } from '../../values/language/msg.ts'

/** Entries of a kind together, as in a statement. */
export const kindsWords = {
  charge: msg`Charges of calls`,
  topup: msg`Top-ups`,
  grant: msg`Credit from the operator`,
  plan: msg`Plan credit`,
  fee: msg`Prices of plans`,
  expire: msg`Plan credit that expired`,
  refund: msg`Refunds of payments`,
  dispute: msg`Payments in dispute`,
  adjust: msg`Adjustments`,
  code: msg`Codes redeemed`,
} satisfies Record<ListedKind, MessageDescriptor>

/** One entry of a kind. */
export const kindWords = {
  ...kindsWords,
  charge: msg`Charge of a call`,
  topup: msg`Top-up`,
  fee: msg`Price of a plan`,
  refund: msg`Refund of a payment`,
  dispute: msg`Payment in dispute`,
  adjust: msg`Adjustment`,
  code: msg`Code redeemed`,
} satisfies Record<ListedKind, MessageDescriptor>
