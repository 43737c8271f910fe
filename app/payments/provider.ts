import type { Currency } from '../values/payments/payment-money.ts'
import type { PaymentProviderName } from '../values/payments/payment-providers.ts'
import type { ReversalState } from '../values/payments/order-states.ts'
import type { Order } from './order.ts'

/** What was paid, by whomever says so. */
export type Paid = {
  /** The provider's own number of what was paid for, and of the payment. */
  providerRef: string
  paymentRef: string | null
  /** As the provider writes it. */
  currency: string
  amountMinor: number
}

/**
 * What a provider says of an order: `closed` can no longer be paid; `isOnItsWay` where the payer
 * has done their part, and the money may come at any time.
 */
export type Found =
  | ({ state: 'paid' } & Paid)
  | { state: 'open'; isOnItsWay?: true }
  | { state: 'closed' }
  | { state: 'failed' }

/** What an event is about. */
export type Fact =
  | ({ about: 'payment'; orderId: string } & Paid)
  | { about: 'end'; orderId: string; providerRef: string; state: 'expired' | 'failed' }
  | ({ about: 'reversal' } & ReversalFact)
  | { about: 'nothing' }

export type ReversalFact = {
  kind: 'refund' | 'dispute'
  /** The provider's own numbers, of the refund or dispute and of the payment. */
  ref: string
  paymentRef: string
  /** Ours, where we have asked for it. */
  ownId: number | null
  state: Exclude<ReversalState, 'asked'>
  currency: string
  amountMinor: number
}

export type PaymentEvent = { id: string; kind: string; fact: Fact }

/** An event as it came. */
export type RawEvent = {
  /** Its query, and what it brought. */
  query: string
  body: Buffer
  signature: string | null
}

/** What its sender could not have signed, what nobody can read, and what is signed and no event. */
export class ForgedEvent extends Error {
  constructor(
    readonly code: 'bad_signature' | 'clock_off' | 'not_readable' | 'wrong_merchant' | 'no_event',
  ) {
    super(code)
  }
}

/**
 * The provider could not be asked, or has not answered so that it can be understood. The server
 * makes the providers that pages ask, and the two are built apart, each with this class: one is
 * known by its name.
 */
export class ProviderAway extends Error {
  override readonly name = 'ProviderAway'
  readonly code = 'upstream_unavailable'

  static override [Symbol.hasInstance](it: unknown): it is ProviderAway {
    return it instanceof Error && it.name === 'ProviderAway'
  }
}

/** Whom money comes through. Whatever asks it over the network rejects with `ProviderAway`. */
export type PaymentProvider = {
  name: PaymentProviderName
  currency: Currency
  /** What a dollar costs, in millionths of the currency. */
  rate: number
  /** Whether an event is only a hint, and an order is credited once we have asked for ourselves. */
  isAskedFirst: boolean
  /** Makes the payment, once, however often it is asked to; answers where it is paid. */
  create(order: Order): Promise<{ payUrl: string; providerRef: string | null }>
  /** @throws ForgedEvent */
  verifyEvent(raw: RawEvent): PaymentEvent
  query(order: Order): Promise<Found>
  /** Sees to it that nobody can pay any more, where that can be seen to. */
  close(order: Order): Promise<void>
  /**
   * Gives money back, once for each of our reversals, however often it is asked to; `mayBeDone`
   * where it was asked before. `unsure`: whether it was done, only a person can see.
   */
  refund(
    order: Order,
    ask: { reversalId: number; amountMinor: number; mayBeDone: boolean },
  ): Promise<{ state: 'done'; ref: string | null } | { state: 'refused' | 'unsure'; why: string }>
  /** The order that a payment of this number is for, where we do not know the number yet. */
  findOrder(paymentRef: string): Promise<string | undefined>
}

/** Those that are configured. */
export type PaymentProviders = Partial<Record<PaymentProviderName, PaymentProvider>>
