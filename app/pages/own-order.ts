import { announceMoney } from '../ledger/ledger.server.ts'
import { notFound, type PersonalArgs } from './page.ts'
import {
  askInTurn,
  isOpen,
  listReversals,
  orderNumber,
  readOwnOrder,
  type Asked,
  type Order,
} from '../payments/payments.server.ts'
import type { PageServices } from '../services.ts'
import { parseOrderId } from '../values/payments/order-id.ts'
import { formatMinor, formatRate, rateOfUsd } from '../values/payments/payment-money.ts'

/** The order that an address names, where it is the account's own. */
export async function findOwnOrder({ params, person, services }: PersonalArgs): Promise<Order> {
  const publicId = parseOrderId(params.id ?? '')
  const order = publicId && (await readOwnOrder(services.db, person.accountId, publicId))
  if (!order) throw notFound('You have no order with this number.')
  return order
}

/** Asks the provider about an order, and has every relay know whose money has come. */
export async function askAbout({ payments, redis }: PageServices, order: Order): Promise<Asked> {
  const verdict = await askInTurn(payments, order)
  if (verdict === 'credited') await announceMoney(redis, order.accountId)
  return verdict
}

/** What the pages of an order show of it. */
export function shownOrder(order: Order) {
  const { currency, rate } = order
  return {
    number: orderNumber(order),
    state: order.state,
    provider: order.provider,
    amount: `${formatMinor(order.amountMinor)} ${currency}`,
    rate: rate === rateOfUsd ? null : `${formatRate(rate)} ${currency} for 1 USD`,
    creditNanos: order.creditNanos,
    takenNanos: order.takenNanos,
    planOutcome: order.planOutcome,
    payUrl: order.payUrl,
    isOpen: isOpen(order),
    isPaid: order.paidAt !== null,
    createdAt: order.createdAt,
    expiresAt: order.expiresAt,
    paidAt: order.paidAt,
  }
}

/** Refunds and disputes, in the order's own currency. */
export async function shownReversals({ db }: PageServices, order: Order) {
  return (await listReversals(db, order)).map((it) => ({
    id: it.id,
    state: it.state,
    amount: `${formatMinor(it.amountMinor)} ${order.currency}`,
    nanos: it.nanos,
    createdAt: it.createdAt,
  }))
}
