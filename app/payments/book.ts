import { limits } from '../config/limits.ts'
import { doubleKey, run, rollBack, type Db, type Pool } from '../db/db.server.ts'
import {
  lockAccount,
  subscribeLocked,
  writeEntry,
  writeNotice,
  type AccountState,
} from '../ledger/ledger.server.ts'
import type { EventVerdict } from '../values/payments/order-states.ts'
import { parseOrderId } from '../values/payments/order-id.ts'
import { formatMinor } from '../values/payments/payment-money.ts'
import type { PaymentProviderName } from '../values/payments/payment-providers.ts'
import { isOpen, orderNumber, readOrder, type Order } from './order.ts'
import type { Paid } from './provider.ts'

/** Who tells: an event, which is noted with what came of it, or an answer to our own question. */
export type Told = {
  provider: PaymentProviderName
  event?: { id: string; kind: string }
}

/** What came of it, and of which order. */
export type Booked = { verdict: EventVerdict; order: Order | undefined }

type Payment = Paid & Told & { orderId: string }

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
  if (event) {
    const orderId = order?.id ?? null
    const seen = { provider, eventId: event.id, eventKind: event.kind, orderId, verdict }
    await run(db, 'payments/events/record', seen)
  }
  return { verdict, order }
}

/** What a payment is to this order, before anything is changed. */
function judge(order: Order, paid: Payment): EventVerdict {
  if (order.provider !== paid.provider) return 'foreign'
  if (order.providerRef !== null && order.providerRef !== paid.providerRef) return 'foreign'
  const isItsAmount = order.amountMinor === paid.amountMinor
  if (!isItsAmount || order.currency !== paid.currency.toUpperCase()) return 'mismatch'
  if (isOpen(order)) return 'credited'
  if (order.paidAt !== null) return 'repeated'
  // An event cannot wake what has ended; whoever asks the provider about it can.
  return paid.event ? 'late' : 'credited'
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
  const { state } = await subscribeLocked(db, account, { planId, by: `order:${number}` })
  await run(db, 'payments/orders/write-plan-outcome', { id: order.id, planOutcome: state })
}

/** Under the account's lock: the order as it stands now, and the one change that is due, if any. */
async function bookLocked(db: Db, publicId: Buffer, accountId: number, paid: Payment) {
  const account = await lockAccount(db, accountId)
  const order = await readOrder(db, publicId)
  if (!account || !order) throw new Error('an order has lost its account')
  const verdict = judge(order, paid)
  if (verdict !== 'credited') return note(db, paid, order, verdict)
  const after = account.planNanos + account.balanceNanos + order.creditNanos
  if (after > limits.accounts.nanosMax) return note(db, paid, order, 'over the limit')
  const moved = await run(db, 'payments/orders/mark-paid', {
    id: order.id,
    providerRef: paid.providerRef,
    paymentRef: paid.paymentRef,
    mayHaveEnded: paid.event ? 0 : 1,
  })
  if (moved !== 1) throw new Error('an order has moved under the lock of its account')
  await giveCredit(db, order, account)
  return note(db, paid, order, 'credited')
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
