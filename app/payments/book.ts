import { limits } from '../config/limits.ts'
import { doubleKey, run, rollBack, type Db, type Pool } from '../db/db.server.ts'
import {
  lockAccount,
  readOffer,
  subscribeLocked,
  writeEntry,
  writeNotice,
  type AccountState,
} from '../ledger/ledger.server.ts'
import type { EventVerdict } from '../values/payments/order-states.ts'
import { parseOrderId } from '../values/payments/order-id.ts'
import { clockMs } from '../values/clock.ts'
import { dayMs } from '../values/days.ts'
import { creditFor, formatMinor } from '../values/payments/payment-money.ts'
import type { PaymentProviderName } from '../values/payments/payment-providers.ts'
import { hasGoneBack } from './gone-back.ts'
import { isOpen, orderNumber, readOrder, type Order, type Terms } from './order.ts'
import type { Paid } from './provider.ts'
import { markUnclear, tellUnclear } from './unclear.ts'

/** Who tells: an event, which is noted with what came of it, or an answer to our own question. */
export type Told = {
  provider: PaymentProviderName
  event?: { id: string; kind: string }
  /** An operator says that what was paid too late is to be booked. */
  isApproved?: boolean
}

/** What came of it, of which order, and whether the same event had come before. */
export type Booked = {
  verdict: EventVerdict
  order: Order | undefined
  isRepeated?: boolean
}

/** `rateNow`: what a dollar costs today, in millionths of the currency. */
type Payment = Paid & Told & { orderId: string; rateNow: number }

/**
 * Notes what an event has come to, within the transaction of what it did, if it did anything. An
 * answer to a question of ours leaves no row.
 */
export async function note(
  db: Db,
  { provider, event }: Told,
  order: Order | undefined,
  verdict: EventVerdict,
): Promise<Booked> {
  if (!event) return { verdict, order }
  const orderId = order?.id ?? null
  const seen = { provider, eventId: event.id, eventKind: event.kind, orderId, verdict }
  // A row that was there counts twice, as the one that is tried and the one that is changed.
  const isRepeated = (await run(db, 'payments/events/record', seen)) > 1
  return { verdict, order, isRepeated }
}

/** What a payment is to this order, before anything is changed. */
function judge(order: Order, paid: Payment): EventVerdict {
  if (order.provider !== paid.provider) return 'foreign'
  if (order.providerRef !== null && order.providerRef !== paid.providerRef) return 'foreign'
  // A person decides about it, or has; of what is undecided they may ask again.
  if (order.state === 'closed' || (order.state === 'unclear' && paid.event)) return 'repeated'
  const isItsAmount = order.amountMinor === paid.amountMinor
  if (!isItsAmount || order.currency !== paid.currency.toUpperCase()) return 'mismatch'
  if (isOpen(order) || order.state === 'unclear') return 'credited'
  if (order.paidAt !== null) return 'repeated'
  // An event cannot wake what has ended; whoever asks the provider about it can, for some time.
  if (paid.event) return 'late'
  return isTooLate(order) && !paid.isApproved ? 'late' : 'credited'
}

/** What our own question has found too late is kept as if it had been told: a person is to see to it. */
const lateEvent = (order: Order) => ({ id: `late:${orderNumber(order)}`, kind: 'asked' })

const isTooLate = ({ expiresAt }: Order) =>
  expiresAt.getTime() + limits.payments.onItsWayDaysMax * dayMs <= clockMs()

/**
 * What an order that has ended gives for its amount: what was ordered, or what that is worth by
 * today's rate where it is less. Who waits with paying is not to choose between two rates.
 */
function lateTerms(order: Order, rateNow: number): Terms {
  const { creditNanos, rate, amountMinor } = order
  return rateNow <= rate
    ? { creditNanos, rate }
    : { creditNanos: Math.min(creditNanos, creditFor(amountMinor, rateNow)), rate: rateNow }
}

/**
 * The credit of an order that is paid, and the plan that it was for; where that cannot be begun the
 * credit stays on the balance, and the order says why. The account is locked.
 */
async function giveCredit(db: Db, order: Order, account: AccountState): Promise<void> {
  const { accountId, creditNanos, currency, planId } = order
  const number = orderNumber(order)
  await writeEntry(db, account, {
    accountId,
    kind: 'topup',
    planNanos: 0,
    balanceNanos: creditNanos,
    ref: `order:${number}`,
    actor: order.provider,
    note: null,
  })
  const amount = formatMinor(order.amountMinor)
  await writeNotice(db, {
    about: `payment.received ${number}`,
    accountId,
    fact: { kind: 'payment.received', order: number, amount, currency, creditNanos },
  })
  if (planId === null) return
  const state = await beginOrdered(db, order, account, planId)
  await run(db, 'payments/orders/write-plan-outcome', { id: order.id, planOutcome: state })
}

/** Whether what was paid came while it was asked for, however long a person has looked at it since. */
const cameInTime = ({ cameAt, expiresAt }: Order) => cameAt !== null && cameAt <= expiresAt

/** Begins the plan that was paid for; of an order that had ended only while it is sold like that. */
async function beginOrdered(db: Db, order: Order, account: AccountState, planId: number) {
  const isStill =
    isOpen(order) || cameInTime(order) || (await readOffer(db, order.accountId, planId))
  if (!isStill) return 'sold no more'
  return (await subscribeLocked(db, account, { planId, by: `order:${orderNumber(order)}` })).state
}

async function markPaid(db: Db, order: Order, paid: Payment, terms: Terms): Promise<void> {
  const moved = await run(db, 'payments/orders/mark-paid', {
    id: order.id,
    providerRef: paid.providerRef,
    paymentRef: paid.paymentRef,
    mayHaveEnded: paid.event ? 0 : 1,
    creditNanos: terms.creditNanos,
    rate: terms.rate,
  })
  if (moved !== 1) throw new Error('an order has moved under the lock of its account')
}

/** The same of an order that waits for a person, whose money may have gone back meanwhile. */
async function judgeHeld(db: Db, order: Order, paid: Payment) {
  const judged = judge(order, paid)
  const isWaiting = judged === 'credited' && order.state === 'unclear'
  return isWaiting && (await hasGoneBack(db, order)) ? 'repeated' : judged
}

/** Under the account's lock: the order as it stands now, and the one change that is due, if any. */
async function bookLocked(db: Db, publicId: Buffer, accountId: number, paid: Payment) {
  const account = await lockAccount(db, accountId)
  const order = await readOrder(db, publicId)
  if (!account || !order) throw new Error('an order has lost its account')
  // What is unclear has the terms of the day it came.
  const isAsOrdered = isOpen(order) || order.state === 'unclear'
  const terms = isAsOrdered ? order : lateTerms(order, paid.rateNow)
  const after = account.planNanos + account.balanceNanos + terms.creditNanos
  const judged = await judgeHeld(db, order, paid)
  const isOver = judged === 'credited' && after > limits.accounts.nanosMax
  const verdict = isOver ? 'over the limit' : judged
  if (verdict === 'credited') {
    await markPaid(db, order, paid, terms)
    await giveCredit(db, { ...order, ...terms }, account)
  }
  if (verdict === 'mismatch' || verdict === 'over the limit')
    await markUnclear(db, order, paid, { terms, mayHaveEnded: !paid.event, why: verdict })
  if (verdict === 'late' && !paid.event) {
    await tellUnclear(db, order, verdict)
    return note(db, { ...paid, event: lateEvent(order) }, order, verdict)
  }
  return note(db, paid, order, verdict)
}

/**
 * Books a payment that its provider has vouched for: the order is paid, its credit is in the ledger
 * and the event is noted, or nothing of it. Once, whoever tells how often, from however many sides:
 * what decides is the order's state under the lock of its account.
 */
export async function bookPayment(pool: Pool, paid: Payment): Promise<Booked> {
  const publicId = parseOrderId(paid.orderId)
  const known = publicId && (await readOrder(pool, publicId))
  if (!publicId || !known) return note(pool, paid, undefined, 'unknown')
  try {
    return await pool.transact((db) => bookLocked(db, publicId, known.accountId, paid))
  } catch (error) {
    // The payment is another order's already.
    if ((error as { errno?: number }).errno !== doubleKey) throw error
    return note(pool, paid, known, 'foreign')
  }
}

type End = Told & { orderId: string; providerRef: string | null; state: 'expired' | 'failed' }

/** Ends an order that nobody has paid and nobody can pay any more. */
export async function endOrder(pool: Pool, end: End): Promise<Booked> {
  const publicId = parseOrderId(end.orderId)
  const known = publicId && (await readOrder(pool, publicId))
  if (!publicId || !known) return note(pool, end, undefined, 'unknown')
  const { provider, providerRef } = known
  const isIts = providerRef === end.providerRef || end.event === undefined
  if (provider !== end.provider || !isIts) return note(pool, end, known, 'foreign')
  let answer: Booked = { verdict: 'repeated', order: known }
  await pool.transact(async (db) => {
    await lockAccount(db, known.accountId)
    const moved = await run(db, 'payments/orders/mark-ended', { id: known.id, state: end.state })
    answer = await note(db, end, known, moved === 1 ? end.state : 'repeated')
    return moved === 1 || end.event ? moved : rollBack('had ended')
  })
  return answer
}
