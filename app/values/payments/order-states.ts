/**
 * Where an order stands. `created`: nobody can pay it yet, because its provider has not said that it
 * knows it. `pending`: the payer has been shown where to pay. `paid`: its credit is booked. Then it
 * may be `refunded` as a whole, or `disputed`. `unclear`: something came in that is not what was
 * asked for, or that the account has no room for, and a person decides; `closed`: they gave nothing
 * for it. `expired` and `failed`: nothing was paid.
 */
export const orderStates = [
  'created',
  'pending',
  'paid',
  'unclear',
  'closed',
  'expired',
  'failed',
  'refunded',
  'disputed',
] as const
export type OrderState = (typeof orderStates)[number]

/** Why a person is to see to a payment: each is a verdict, too. */
export type UnclearWhy = 'mismatch' | 'over the limit' | 'late'

/**
 * What became of the plan that an order was for. It has begun, or why not, and its credit stayed on
 * the balance; or it had begun, and all of the order's money went back since: then it `ended`, or
 * was `canceled`, because a later month of it was paid from the balance and runs to its end, or had
 * been `over` before.
 */
export const planOutcomes = [
  'subscribed',
  'sold no more',
  'has a plan',
  'not enough available',
  'over the limit',
  'no such plan',
  'ended',
  'canceled',
  'over',
] as const
export type PlanOutcome = (typeof planOutcomes)[number]

/** How money that was paid goes back: asked for by us or the payer, or by their bank. */
export const reversalKinds = ['refund', 'dispute'] as const
export type ReversalKind = (typeof reversalKinds)[number]

/**
 * Where one stands. A refund is `asked` for until its provider has answered, then `done` or `failed`; a
 * dispute is `opened`, then `won` by us or `lost`. What is failed or won has taken nothing in the end.
 */
export const reversalStates = ['asked', 'done', 'failed', 'opened', 'won', 'lost'] as const
export type ReversalState = (typeof reversalStates)[number]

/** What an event of a provider came to. All but the first five have changed nothing. */
export const eventVerdicts = [
  'credited',
  'taken',
  'given again',
  'expired',
  'failed',
  /** It says what was known already. */
  'repeated',
  /** It is about nothing that would change an order. */
  'noted',
  /** We know no such order, or no such payment. */
  'unknown',
  /** The order is another provider's, or the payment another order's. */
  'foreign',
  /** The amount or the currency is not that of the order. */
  'mismatch',
  /** The order had expired or failed. */
  'late',
  /** The provider, asked by ourselves, does not say the same. */
  'unconfirmed',
  /** The account would have more than an account may. */
  'over the limit',
] as const
export type EventVerdict = (typeof eventVerdicts)[number]
