import type { MessageDescriptor } from '@lingui/core'
import { msg } from '../../values/language/msg.ts'
import type { OrderState, ReversalState } from '../../values/payments/order-states.ts'
import type { PaymentProviderName } from '../../values/payments/payment-providers.ts'
import { Badge, type Tone } from '../badge.tsx'
import { Said } from '../language/said.tsx'

/** Where an order stands, in a word or two. */
export const orderStateWords = {
  created: msg`Not payable yet`,
  pending: msg`Waiting for payment`,
  paid: msg`Paid`,
  unclear: msg`Being looked at`,
  closed: msg`Closed`,
  expired: msg`Expired`,
  failed: msg`Failed`,
  refunded: msg`Refunded`,
  disputed: msg`In dispute`,
} satisfies Record<OrderState, MessageDescriptor>

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
  <Badge tone={tones[state]}>
    <Said text={orderStateWords[state]} />
  </Badge>
)

/** What people know the providers by. */
export const providerWords = {
  stripe: msg`Stripe`,
  epay: msg`Alipay or WeChat Pay`,
} satisfies Record<PaymentProviderName, MessageDescriptor>

/** What has become of money that went back, or was to. */
export const reversalWords = {
  asked: msg`Refund under way`,
  done: msg`Refunded`,
  failed: msg`Refund that failed`,
  opened: msg`Taken back by a dispute`,
  won: msg`Dispute decided for the seller`,
  lost: msg`Dispute decided for the payer`,
} satisfies Record<ReversalState, MessageDescriptor>
