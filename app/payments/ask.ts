import type { Log } from '../telemetry/log.ts'
import { limits } from '../config/limits.ts'
import { run } from '../db/db.server.ts'
import type { EventVerdict } from '../values/payments/order-states.ts'
import { clockMs } from '../values/clock.ts'
import { dayMs } from '../values/days.ts'
import { oneByOne } from '../values/one-by-one.ts'
import { bookPayment, endOrder, type Booked, type Told } from './book.ts'
import { isOpen, orderNumber, readOrder, type Order } from './order.ts'
import { ProviderAway, type PaymentProvider } from './provider.ts'
import type { Payments } from './start-order.ts'

/** What asking came to: `open` where nothing is known yet, `away` where nobody could be asked. */
export type Asked = EventVerdict | 'open' | 'away'

type Answered = Booked | 'open' | 'away'
type Ask = { payments: Payments; provider: PaymentProvider; order: Order }

const isOver = ({ expiresAt }: Order, daysMore = 0) =>
  expiresAt.getTime() + daysMore * dayMs <= clockMs()

/** Nothing is waited for any longer. */
const isGivenUp = (order: Order) => isOpen(order) && isOver(order, limits.payments.onItsWayDaysMax)

const expire = ({ db }: Payments, order: Order): Promise<Booked> =>
  endOrder(db, endOf(order, 'expired'))

/**
 * Nobody has paid in time: the provider is told first, so that nobody can pay any more. What is on
 * its way nobody can stop, and it is waited for; not for ever.
 */
async function endInTime(
  { payments, provider, order }: Ask,
  isOnItsWay: boolean,
): Promise<Answered> {
  if (!isOver(order, isOnItsWay ? limits.payments.onItsWayDaysMax : 0)) return 'open'
  if (!isOnItsWay) await provider.close(order)
  return expire(payments, order)
}

const endOf = (order: Order, state: 'expired' | 'failed', told?: Told) => ({
  provider: order.provider,
  ...told,
  orderId: orderNumber(order),
  providerRef: order.providerRef,
  state,
})

async function bookFound(ask: Ask, told: Told): Promise<Answered> {
  const { payments, provider, order } = ask
  const found = await provider.query(order)
  switch (found.state) {
    case 'paid': {
      const paid = { ...found, ...told, orderId: orderNumber(order), rateNow: provider.rate }
      const booked = await bookPayment(payments.db, paid)
      // What is another order's is waited for no longer than what does not come.
      return booked.verdict === 'foreign' && isGivenUp(order) ? expire(payments, order) : booked
    }
    case 'failed':
    case 'closed': {
      const state = found.state === 'closed' ? 'expired' : 'failed'
      return endOrder(payments.db, endOf(order, state, told))
    }
    case 'open':
      return told.event ? 'open' : endInTime(ask, found.isOnItsWay ?? false)
  }
}

/**
 * Asks an order's provider whether it was paid, and books what it says: for a hint that nobody has
 * to believe, with what came of it.
 */
export async function askToBook(payments: Payments, order: Order, told: Told): Promise<Answered> {
  const provider = payments.providers[order.provider]
  // Taken out of the configuration: nobody can be asked, and what it sends is not taken.
  if (!provider) return isOpen(order) && isOver(order) ? expire(payments, order) : 'away'
  try {
    return await bookFound({ payments, provider, order }, told)
  } catch (error) {
    if (!(error instanceof ProviderAway)) throw error
    return isGivenUp(order) ? expire(payments, order) : 'away'
  }
}

/**
 * The same for whoever waits, and for what no event has told; `isApproved` where an operator books
 * what was paid too late. Repeating it is harmless.
 */
export async function askProvider(
  payments: Payments,
  order: Order,
  isApproved = false,
): Promise<Asked> {
  const answer = await askToBook(payments, order, { provider: order.provider, isApproved })
  return typeof answer === 'string' ? answer : answer.verdict
}

/** Hears what asking about an order has come to. */
type Heard = (order: Order, verdict: Asked) => Promise<void> | void

/** What asking comes to that a person is to see to. */
const odd: readonly Asked[] = ['mismatch', 'over the limit', 'late', 'foreign']

/** Hands on whose money has come; what a person is to see to has a line in the log. */
export const hearing =
  (log: Log, onMoney: (accountId: number) => Promise<unknown>): Heard =>
  async (order, verdict) => {
    if (verdict === 'credited') await onMoney(order.accountId)
    if (!odd.includes(verdict)) return
    const { provider } = order
    log.warn('payment_unclear', { provider, order: orderNumber(order), verdict })
  }

/** The same unless somebody has asked a moment ago, at whatever replica: a page may look often. */
export async function askInTurn(payments: Payments, order: Order): Promise<Asked> {
  const { lookSecondsLeast: seconds } = limits.payments
  const claimed = await run(payments.db, 'payments/orders/claim', { id: order.id, seconds })
  return claimed === 1 ? askProvider(payments, order) : 'open'
}

/**
 * Asks about open orders that are due, one after the other, and ends those that are over; each is
 * claimed first, so that of many replicas one asks. Answers how many it asked about. One that fails
 * does not keep the others from it; its failure is thrown at the end.
 */
export async function askDue(
  payments: Payments,
  onAnswer: Heard,
  rows: number = limits.payments.askedAtOnce,
): Promise<number> {
  const { askEverySecondsLeast: secondsLeast, askEverySecondsMax: secondsMax } = limits.payments
  const due = { secondsLeast, secondsMax, rows }
  let asked = 0
  const orders = await run(payments.db, 'payments/orders/list-due', due)
  await oneByOne(orders, async ({ publicId }) => {
    const order = await readOrder(payments.db, publicId)
    if (!order || !isOpen(order)) return
    const claim = { id: order.id, seconds: secondsLeast }
    if ((await run(payments.db, 'payments/orders/claim', claim)) !== 1) return
    asked++
    // Nobody was ever shown where to pay it.
    if (order.state === 'created')
      return void (await endOrder(payments.db, endOf(order, 'expired')))
    const verdict = await askProvider(payments, order)
    await onAnswer(order, verdict)
    const isConfigured = payments.providers[order.provider] !== undefined
    if (verdict === 'away' && isConfigured) throw new ProviderAway()
  })
  return asked
}

/**
 * Whether asking could still change anything: also of what has ended, where somebody says they
 * paid. About what is unclear an operator alone asks, and about what is closed nobody.
 */
export const mayAsk = ({ paidAt, state }: Order, isOperator = false) =>
  paidAt === null && state !== 'closed' && (state !== 'unclear' || isOperator)
