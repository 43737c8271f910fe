import {
  cameInItsCurrency,
  orderNumber,
  readOrder,
  type Order,
} from '../../payments/payments.server.ts'
import { formatMinor, formatRate } from '../../values/payments/payment-money.ts'
import { parseOrderId } from '../../values/payments/order-id.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../context.ts'
import { money, refused, timeText, type VerbResult } from '../verb-result.ts'

/** An amount in the order's own currency. */
export const amountText = (order: Order, minor = order.amountMinor) =>
  `${formatMinor(minor)} ${order.currency}`

/** What came in that could not be booked as it was; of other currencies as it was told. */
function cameText(order: Order): string | null {
  const { cameMinor, cameCurrency } = order
  const own = cameInItsCurrency(order)
  if (own !== null) return amountText(order, own)
  return cameMinor === null || cameCurrency === null
    ? null
    : `${cameMinor} of the smallest unit of ${cameCurrency}`
}

/** An order as programs read it. */
export const orderDocument = (order: Order) => ({
  order: orderNumber(order),
  account_id: order.accountId,
  user_id: order.userId,
  provider: order.provider,
  state: order.state,
  amount: formatMinor(order.amountMinor),
  currency: order.currency,
  came: cameText(order),
  came_at: timeText(order.cameAt),
  rate: formatRate(order.rate),
  ...money('credit', order.creditNanos),
  ...money('taken', order.takenNanos),
  plan_id: order.planId,
  plan_outcome: order.planOutcome,
  provider_ref: order.providerRef,
  payment_ref: order.paymentRef,
  created_at: timeText(order.createdAt),
  expires_at: timeText(order.expiresAt),
  paid_at: timeText(order.paidAt),
  asked_at: timeText(order.askedAt),
})

const numberForm = /^[\da-f]{32}$/

/** Reads which order is meant; what it answers finds it, and runs `work` with it. */
export function withOrder(
  args: Arguments,
  work: (context: Context, order: Order) => Promise<VerbResult>,
) {
  const number = args.text('order', '', {
    form: numberForm,
    wants: 'the number of an order, of 32 digits and letters up to f',
  })
  return async (context: Context): Promise<VerbResult> => {
    const publicId = parseOrderId(number)
    const order = publicId && (await readOrder(context.pool, publicId))
    return order ? work(context, order) : refused('no_such_order', `There is no order ${number}.`)
  }
}
