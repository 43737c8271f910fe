import type { OrderState, ReversalState } from '../../values/payments/order-states.ts'
import type { PaymentProviderName } from '../../values/payments/payment-providers.ts'
import { Badge, type Tone } from '../badge.tsx'

/** Where an order stands, in a word or two. */
export const orderStateWords = {
  created: 'Not payable yet',
  pending: 'Waiting for payment',
  paid: 'Paid',
  unclear: 'Being looked at',
  closed: 'Closed',
  expired: 'Expired',
  failed: 'Failed',
  refunded: 'Refunded',
  disputed: 'In dispute',
} satisfies Record<OrderState, string>

const tones = {
  created: 'warn',
  pending: 'warn',
  paid: 'good',
  unclear: 'warn',
  closed: 'plain',
  expired: 'plain',
  failed: 'bad',
  refunded: 'plain',
  disputed: 'bad',
} satisfies Record<OrderState, Tone>

export const OrderStateBadge = ({ state }: { state: OrderState }) => (
  <Badge tone={tones[state]}>{orderStateWords[state]}</Badge>
)

/** What people know the providers by. */
export const providerWords = {
  stripe: 'Stripe',
  epay: 'Alipay or WeChat Pay',
} satisfies Record<PaymentProviderName, string>

/** What has become of money that went back, or was to. */
export const reversalWords = {
  asked: 'Refund under way',
  done: 'Refunded',
  failed: 'Refund that failed',
  opened: 'Taken back by a dispute',
  won: 'Dispute decided for the seller',
  lost: 'Dispute decided for the payer',
} satisfies Record<ReversalState, string>
