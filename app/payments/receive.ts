import type { Log } from '../telemetry/log.ts'
import { limits } from '../config/limits.ts'
import type { EventVerdict } from '../values/payments/order-states.ts'
import { parseOrderId } from '../values/payments/order-id.ts'
import { clockMs } from '../values/clock.ts'
import { run } from '../db/db.server.ts'
import { askProvider, askToBook } from './ask.ts'
import { bookPayment, endOrder, note, type Booked, type Told } from './book.ts'
import { bookReversal } from './book-reversal.ts'
import { isOpen, orderNumber, readOrder, type Order } from './order.ts'
import {
  ForgedEvent,
  ProviderAway,
  type Fact,
  type PaymentEvent,
  type PaymentProvider,
  type RawEvent,
  type ReversalFact,
} from './provider.ts'
import type { Payments } from './start-order.ts'

/** `stands`: what the event says is booked, or there is nothing in it to book. */
type Received =
  | { state: 'done'; verdict: EventVerdict; stands: boolean }
  | { state: 'forged' }
  | { state: 'again' }

type Receiver = { payments: Payments; provider: PaymentProvider }
type Outcome = Booked | 'again'

/** What an operator should look at; the others go by themselves. */
const odd: readonly EventVerdict[] = [
  'unknown',
  'foreign',
  'mismatch',
  'late',
  'unconfirmed',
  'over the limit',
]

/** The first of a kind is asked about at once; whoever sends it again does not have us ask again. */
async function isToWait({ db }: Payments, { id }: Order, { provider, event }: Told) {
  const seen = { provider, eventId: event?.id ?? '' }
  if ((await run(db, 'payments/events/count-known', seen)).events === 0) return false
  const { lookSecondsLeast: seconds } = limits.payments
  return (await run(db, 'payments/orders/claim', { id, seconds })) !== 1
}

/** An event is only a hint here: our own question is what is booked. */
async function askFirst({ payments, provider }: Receiver, told: Told, orderId: string) {
  const publicId = parseOrderId(orderId)
  const order = publicId && (await readOrder(payments.db, publicId))
  if (!order) return note(payments.db, told, undefined, 'unknown')
  if (order.provider !== provider.name) return note(payments.db, told, order, 'foreign')
  // A person decides about what has come in otherwise than it was asked for, or has.
  const isKnown = order.paidAt !== null || order.cameAt !== null
  if (isKnown) return note(payments.db, told, order, 'repeated')
  // Nothing that is told can wake it, so nobody needs to be asked.
  if (!isOpen(order)) return note(payments.db, told, order, 'late')
  if (await isToWait(payments, order, told)) return 'again'
  const asked = await askToBook(payments, order, told)
  if (asked === 'away') return 'again'
  return asked === 'open' ? note(payments.db, told, order, 'unconfirmed') : asked
}

/** The order of a payment; where its number came before its payment, the provider is asked for both. */
async function orderOf(
  { payments, provider }: Receiver,
  { paymentRef }: ReversalFact,
): Promise<Order | 'again' | undefined> {
  const { db } = payments
  const byPayment = { provider: provider.name, paymentRef }
  const known = await run(db, 'payments/orders/find-by-payment', byPayment)
  if (known) return readOrder(db, known.publicId)
  const number = await provider.findOrder(paymentRef)
  const publicId = number === undefined ? undefined : parseOrderId(number)
  const order = publicId && (await readOrder(db, publicId))
  if (!order || order.provider !== provider.name) return undefined
  if (order.paidAt === null) await askProvider(payments, order)
  const now = await readOrder(db, order.publicId)
  // What was never seen to come in does not go back: the event is to come again when it is.
  return now && (now.paidAt !== null || now.cameAt !== null) ? now : 'again'
}

async function reverse(receiver: Receiver, told: Told, fact: ReversalFact): Promise<Outcome> {
  const order = await orderOf(receiver, fact)
  if (order === 'again') return 'again'
  if (order === undefined) return note(receiver.payments.db, told, undefined, 'unknown')
  return bookReversal(receiver.payments.db, order, told, fact)
}

async function act(receiver: Receiver, told: Told, fact: Fact): Promise<Outcome> {
  const { payments, provider } = receiver
  switch (fact.about) {
    case 'payment':
      if (provider.isAskedFirst) return askFirst(receiver, told, fact.orderId)
      return bookPayment(payments.db, { ...fact, ...told, rateNow: provider.rate })
    case 'end':
      return endOrder(payments.db, { ...fact, ...told })
    case 'reversal':
      return reverse(receiver, told, fact)
    case 'nothing':
      // Payers make many of these, as by card after card that is declined: no row, and few lines.
      return { verdict: 'noted', order: undefined, isRepeated: true }
  }
}

/** Says so many a second at the most, and then how many more there were: anybody can send them. */
function fewLines() {
  let second = 0
  let said = 0
  let unsaid = 0
  return (say: (more: { unsaid?: number }) => void) => {
    const now = Math.floor(clockMs() / 1_000)
    if (now !== second) [second, said] = [now, 0]
    if (++said > limits.payments.forgedLinesASecond) return void unsaid++
    say(unsaid > 0 ? { unsaid } : {})
    unsaid = 0
  }
}

/**
 * Takes what a provider sends: each event leaves one line in the log, and a row where it is about a
 * payment; of what can be sent again and again there are few lines. What it says is booked before
 * this resolves, and whoever's money it was is told of.
 */
export function createReceiver(log: Log, onMoney: (accountId: number) => void) {
  const few = fewLines()
  const sayForged = (provider: string, why: ForgedEvent['code']) =>
    few((more) => log.warn('payment_event_forged', { provider, why, ...more }))
  const say = (provider: string, { kind }: PaymentEvent, { verdict, order, ...it }: Booked) => {
    const level = odd.includes(verdict) ? 'warn' : 'info'
    const number = order && orderNumber(order)
    const line = { provider, kind, verdict, ...(number && { order: number }) }
    // The payer comes back with what the gateway has signed, and may come as often as they like.
    if (it.isRepeated) few((more) => log[level]('payment_event', { ...line, ...more }))
    else log[level]('payment_event', line)
  }
  return async (receiver: Receiver, raw: RawEvent): Promise<Received> => {
    const provider = receiver.provider.name
    let event: PaymentEvent
    try {
      event = receiver.provider.verifyEvent(raw)
    } catch (error) {
      if (!(error instanceof ForgedEvent)) throw error
      sayForged(provider, error.code)
      return { state: 'forged' }
    }
    const told = { provider, event: { id: event.id, kind: event.kind } }
    const outcome = await act(receiver, told, event.fact).catch((error: unknown) => {
      if (error instanceof ProviderAway) return 'again' as const
      throw error
    })
    if (outcome === 'again') {
      const line = { provider, kind: event.kind, verdict: 'again' }
      few((more) => log.info('payment_event', { ...line, ...more }))
      return { state: 'again' }
    }
    const { verdict, order } = outcome
    say(provider, event, outcome)
    if (order && ['credited', 'taken', 'given again'].includes(verdict)) onMoney(order.accountId)
    return { state: 'done', verdict, stands: order !== undefined && !odd.includes(verdict) }
  }
}
