import { rollBack, run } from '../db/db.server.ts'
import { openReversal, finishReversal, lockOrder } from './book-reversal.ts'
import { listReversals, type Order } from './order.ts'
import { ProviderAway } from './provider.ts'
import type { Payments } from './start-order.ts'

type RefundAsk = {
  /** All that is left where it is null. */
  amountMinor: number | null
  actor: string
}

export type Refunded =
  | { state: 'refunded' | 'failed' | 'unsure' | 'away'; amountMinor: number; why?: string }
  | { state: 'refused'; why: 'not paid' | 'more than is left' | 'no such provider' }

type Opened = { reversalId: number; amountMinor: number; mayBeDone: boolean }

/** The refund that is under way, or a new one, whose credit is taken before anybody is asked. */
async function open(payments: Payments, known: Order, { amountMinor, actor }: RefundAsk) {
  let answer: Opened | Refunded | undefined
  await payments.db.transact(async (db) => {
    const locked = await lockOrder(db, known)
    const { order } = locked
    const no = (why: 'not paid' | 'more than is left') =>
      rollBack((answer = { state: 'refused', why }).state)
    if (order.paidAt === null) return no('not paid')
    const asked = (await listReversals(db, order)).find(({ state }) => state === 'asked')
    if (asked) {
      answer = { reversalId: asked.id, amountMinor: asked.amountMinor, mayBeDone: true }
      return rollBack('under way')
    }
    const left = order.amountMinor - order.reversedMinor
    const amount = amountMinor ?? left
    if (amount < 1 || amount > left) return no('more than is left')
    const given = { kind: 'refund', state: 'asked', ref: null, amountMinor: amount, actor } as const
    const reversalId = await openReversal(locked, given)
    answer = { reversalId, amountMinor: amount, mayBeDone: false }
    return reversalId
  })
  // A transaction that has ended without an error has run its work.
  return answer!
}

/**
 * Gives a payment back, or part of it. First the credit is taken, so that nobody spends it
 * meanwhile; then the provider is asked, and where it refuses the credit is given again. Where it
 * was not reached the refund stays asked for: the same once more goes on with it, and makes no
 * second one.
 */
export async function refundOrder(
  payments: Payments,
  order: Order,
  ask: RefundAsk,
): Promise<Refunded> {
  const provider = payments.providers[order.provider]
  if (!provider) return { state: 'refused', why: 'no such provider' }
  const opened = await open(payments, order, ask)
  if ('state' in opened) return opened
  const { reversalId, amountMinor } = opened
  try {
    const answer = await provider.refund(order, opened)
    if (answer.state === 'unsure') return { state: 'unsure', amountMinor, why: answer.why }
    const isDone = answer.state === 'done'
    const end = isDone
      ? ({ state: 'done', ref: answer.ref } as const)
      : ({ state: 'failed', ref: null } as const)
    await finishReversal(payments.db, order, reversalId, end)
    if (isDone) return { state: 'refunded', amountMinor }
    return { state: 'failed', amountMinor, why: answer.why }
  } catch (error) {
    if (error instanceof ProviderAway) return { state: 'away', amountMinor }
    throw error
  }
}

/** Says what became of a refund that only a person could see to; false where none is under way. */
export async function answerRefund(
  { db }: Payments,
  order: Order,
  state: 'done' | 'failed',
): Promise<boolean> {
  const asked = (await listReversals(db, order)).find((it) => it.state === 'asked')
  if (!asked) return false
  await finishReversal(db, order, asked.id, { state, ref: null })
  return true
}

/** Drops old events about none of our orders, a bounded number at a time. */
export const dropStrayEvents = ({ db }: Payments, days: number, rows: number) =>
  run(db, 'payments/events/delete-stray', { days, rows })
