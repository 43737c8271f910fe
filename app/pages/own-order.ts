import type { MessageDescriptor } from '@lingui/core'
import { limits } from '../config/limits.ts'
import { announceMoney, readTerms } from '../ledger/ledger.server.ts'
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
import type { PlanOutcome } from '../values/payments/order-states.ts'
import { msg } from '../values/language/msg.ts'
import { parseOrderId } from '../values/payments/order-id.ts'
import { formatMinor, formatRate, rateOfUsd } from '../values/payments/payment-money.ts'

/** The order that an address names, where it is the account's own. */
export async function findOwnOrder({ params, person, services }: PersonalArgs): Promise<Order> {
  const publicId = parseOrderId(params.id ?? '')
  const order = publicId && (await readOwnOrder(services.db, person.accountId, publicId))
  if (!order) throw notFound(msg`You have no order with this number.`)
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
    rate: rate === rateOfUsd ? null : `${formatRate(rate)} ${currency}`,
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

/** What became of the plan of an order that was paid; `name` is the plan's. */
const planWords: Record<PlanOutcome, MessageDescriptor> = {
  subscribed: msg`{name} has begun, and its price was taken from the credit`,
  ended: msg`{name} has ended, because the payment went back`,
  canceled: msg`{name} goes on to the end of a month that the balance has paid, and no further, because the payment of the first one went back`,
  over: msg`What this has begun of {name} was over before the payment went back`,
  'sold no more': msg`{name} was not begun: it was paid after the order had ended, and the plan was not sold any more. The credit stays on the balance`,
  'has a plan': msg`{name} was not begun: the account had a plan by then. The credit stays on the balance`,
  'not enough available': msg`{name} was not begun: the balance was still short of its price. The credit stays on the balance`,
  'over the limit': msg`{name} was not begun: the account cannot hold so much. The credit stays on the balance`,
  'no such plan': msg`{name} was not begun: there is no such plan any more. The credit stays on the balance`,
}

/** What becomes of the plan that an order is for, in words; null where it is for none. */
export async function planOfOrder(
  { db }: PageServices,
  order: Order,
): Promise<MessageDescriptor | null> {
  const { planId, planOutcome, paidAt } = order
  if (planId === null) return null
  const name = (await readTerms(db, planId))?.name ?? ''
  if (planOutcome !== null) return { ...planWords[planOutcome], values: { name } }
  if (paidAt !== null)
    return msg`${name} was not begun: what came in was not what was asked for. The credit stays on the balance`
  return isOpen(order) ? msg`${name} begins when this is paid` : msg`${name}, not begun`
}
