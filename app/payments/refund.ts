import { limits } from '../config/limits.ts'
import { rollBack, run } from '../db/db.server.ts'
import { clockMs } from '../values/clock.ts'
import { dayMs } from '../values/days.ts'
import { finishRefund, lockOrder, openReversal } from './book-reversal.ts'
import { listReversals, type Order } from './order.ts'
import { ProviderAway } from './provider.ts'
import type { Payments } from './start-order.ts'

type RefundAsk = {
  /** All that is left where it is null. */
  amountMinor: number | null
  actor: string
  /** Goes on with this refund, whatever it has come to, and begins none. */
  again?: number | null
  /** Begins one although one of the same amount was made within a day. */
  isAnother?: boolean
}

/** One refund of an order, by its number. */
type One = { reversalId: number; amountMinor: number }
type RefusedWhy =
  'not paid' | 'more than is left' | 'no such provider' | 'no such refund' | 'too many'

export type Refunded =
  | ({ state: 'refunded' | 'failed' | 'unsure' | 'away'; why?: string } & One)
  /** Nothing was done now: it is under way with another amount, was made, or has failed before. */
  | ({ state: 'under way' | 'was made' | 'had failed' } & One)
  | { state: 'refused'; why: RefusedWhy }

type Opened = One & { mayBeDone: boolean }

const refusedFor = (why: RefusedWhy) => ({ state: 'refused', why }) as const

type Known = Awaited<ReturnType<typeof listReversals>>

/** What is known of a refund that is named, or that this one may be a repetition of. */
function before(order: Order, known: Known, ask: RefundAsk): Opened | Refunded | undefined {
  const refunds = known.filter(({ kind }) => kind === 'refund')
  const left = order.amountMinor - order.reversedMinor
  const one = ({ id, amountMinor }: Known[number]) => ({ reversalId: id, amountMinor })
  const isNamed = typeof ask.again === 'number'
  if (isNamed) {
    const named = refunds.find(({ id }) => id === ask.again)
    if (!named) return refusedFor('no such refund')
    if (named.state === 'asked') return { ...one(named), mayBeDone: true }
    return { state: named.state === 'done' ? 'was made' : 'had failed', ...one(named) }
  }
  const amount = ask.amountMinor ?? left
  const asked = refunds.find(({ state }) => state === 'asked')
  if (asked) {
    // All that is left is what is under way, where nothing is left beside it.
    const isSame = asked.amountMinor === amount || (ask.amountMinor === null && left === 0)
    if (isSame && !ask.isAnother) return { ...one(asked), mayBeDone: true }
    return { state: 'under way', ...one(asked) }
  }
  if (ask.isAnother) return undefined
  const since = clockMs() - dayMs
  const made = refunds.findLast(
    (it) => it.state === 'done' && it.createdAt.getTime() > since && it.amountMinor === amount,
  )
  return made && { state: 'was made', ...one(made) }
}

/** The refund that is under way, or a new one, whose credit is taken before anybody is asked. */
async function open(payments: Payments, known: Order, ask: RefundAsk) {
  const { amountMinor, actor } = ask
  let answer: Opened | Refunded | undefined
  await payments.db.transact(async (db) => {
    const locked = await lockOrder(db, known)
    const { order } = locked
    const no = (found: Opened | Refunded) => {
      answer = found
      return rollBack('no refund is begun')
    }
    if (order.paidAt === null) return no(refusedFor('not paid'))
    const reversals = await listReversals(db, order)
    const found = before(order, reversals, ask)
    if (found) return no(found)
    const left = order.amountMinor - order.reversedMinor
    const amount = amountMinor ?? left
    if (amount < 1 || amount > left) return no(refusedFor('more than is left'))
    if (reversals.length >= limits.payments.refundsMax) return no(refusedFor('too many'))
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
 * was not reached the refund stays asked for, and the same once more goes on with it. An event
 * may have ended it meanwhile, or the answer to our own COMMIT be lost: so what was made within a
 * day is not made again by the same words, and a refund is named by its number.
 */
export async function refundOrder(
  payments: Payments,
  order: Order,
  ask: RefundAsk,
): Promise<Refunded> {
  const provider = payments.providers[order.provider]
  if (!provider) return refusedFor('no such provider')
  const opened = await open(payments, order, ask)
  if ('state' in opened) return opened
  const { reversalId, amountMinor } = opened
  const one = { reversalId, amountMinor }
  try {
    const answer = await provider.refund(order, opened)
    if (answer.state === 'unsure') return { state: 'unsure', ...one, why: answer.why }
    const isDone = answer.state === 'done'
    const end = isDone
      ? ({ state: 'done', ref: answer.ref } as const)
      : ({ state: 'failed', ref: null } as const)
    if ((await finishRefund(payments.db, order, reversalId, end)) === 'done')
      return { state: 'refunded', ...one }
    const why = isDone ? 'an event of the provider says so' : answer.why
    return { state: 'failed', ...one, why }
  } catch (error) {
    if (error instanceof ProviderAway) return { state: 'away', ...one }
    throw error
  }
}

/**
 * Says what became of a refund that only a person could see to; false where none is under way, or
 * where it has ended otherwise meanwhile.
 */
export async function answerRefund(
  { db }: Payments,
  order: Order,
  state: 'done' | 'failed',
): Promise<boolean> {
  const asked = (await listReversals(db, order)).find((it) => it.state === 'asked')
  if (!asked) return false
  return (await finishRefund(db, order, asked.id, { state, ref: null })) === state
}

/** Drops old events about none of our orders, a bounded number at a time. */
export const dropStrayEvents = ({ db }: Payments, days: number, rows: number) =>
  run(db, 'payments/events/delete-stray', { days, rows })
