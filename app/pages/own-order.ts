import { limits } from '../config/limits.ts'
import { announceMoney, readTerms, type Subscribed } from '../ledger/ledger.server.ts'
import { notFound, type PersonalArgs } from './page.ts'
import {
  askInTurn,
  cameInItsCurrency,
  hearing,
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

/** Asks the provider about an order; every relay hears whose money has come. */
export async function askAbout(
  { payments, redis, log }: PageServices,
  order: Order,
): Promise<Asked> {
  const verdict = await askInTurn(payments, order)
  await hearing(log, (accountId) => announceMoney(redis, accountId))(order, verdict)
  return verdict
}

/** What the pages of an order show of it. */
export function shownOrder(order: Order) {
  const { currency, rate } = order
  const cameMinor = cameInItsCurrency(order)
  return {
    number: orderNumber(order),
    state: order.state,
    provider: order.provider,
    amount: `${formatMinor(order.amountMinor)} ${currency}`,
    rate: rate === rateOfUsd ? null : `${formatRate(rate)} ${currency} for 1 USD`,
    creditNanos: order.creditNanos,
    takenNanos: order.takenNanos,
    payUrl: order.payUrl,
    came: cameMinor === null ? null : `${formatMinor(cameMinor)} ${currency}`,
    cameAt: order.cameAt,
    isOpen: isOpen(order),
    isPaid: order.paidAt !== null,
    createdAt: order.createdAt,
    expiresAt: order.expiresAt,
    paidAt: order.paidAt,
  }
}

/** Refunds and disputes, in the order's own currency; the last ones, where there are many. */
export async function shownReversals({ db }: PageServices, order: Order) {
  const { eventsShown } = limits.payments
  return (await listReversals(db, order)).slice(-eventsShown).map((it) => ({
    id: it.id,
    state: it.state,
    amount: `${formatMinor(it.amountMinor)} ${order.currency}`,
    nanos: it.nanos,
    createdAt: it.createdAt,
  }))
}

/** Why the plan of an order that was paid has not begun. */
const whyNot: Record<Exclude<Subscribed['state'], 'subscribed'> | 'sold no more', string> = {
  'sold no more': 'it was paid after the order had ended, and the plan was not sold any more',
  'has a plan': 'the account had a plan by then',
  'not enough available': 'the balance was still short of its price',
  'over the limit': 'the account cannot hold so much',
  'no such plan': 'there is no such plan any more',
}

/** What becomes of the plan that an order is for, in words; null where it is for none. */
export async function planOfOrder({ db }: PageServices, order: Order): Promise<string | null> {
  const { planId, planOutcome, paidAt } = order
  if (planId === null) return null
  const name = (await readTerms(db, planId))?.name ?? ''
  if (planOutcome === 'subscribed')
    return `${name} has begun, and its price was taken from the credit`
  if (planOutcome === 'ended') return `${name} has ended, because the payment went back`
  if (paidAt === null)
    return isOpen(order) ? `${name} begins when this is paid` : `${name}, not begun`
  const isKnown = planOutcome !== null && Object.hasOwn(whyNot, planOutcome)
  const why = isKnown
    ? whyNot[planOutcome as keyof typeof whyNot]
    : 'what came in was not what was asked for'
  return `${name} was not begun: ${why}. The credit stays on the balance`
}
