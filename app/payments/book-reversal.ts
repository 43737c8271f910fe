import { limits } from '../config/limits.ts'
import { run, type Db, type Pool } from '../db/db.server.ts'
import {
  lockAccount,
  takePlanBackLocked,
  writeEntry,
  writeNotice,
  type AccountState,
} from '../ledger/ledger.server.ts'
import type {
  EventVerdict,
  OrderState,
  ReversalKind,
  ReversalState,
} from '../values/payments/order-states.ts'
import { creditShare } from '../values/payments/payment-money.ts'
import { note, type Booked, type Told } from './book.ts'
import { listReversals, orderNumber, readOrder, type Order } from './order.ts'
import type { ReversalFact } from './provider.ts'

type Reversal = NonNullable<Awaited<ReturnType<typeof readById>>>
const readById = (db: Db, id: number) => run(db, 'payments/reversals/read', { id })

/** In these a reversal has taken credit. */
const taking: readonly ReversalState[] = ['asked', 'done', 'opened', 'lost']
const takes = (state: ReversalState | undefined) => state !== undefined && taking.includes(state)

/** Where each may go from; what comes in another order has been overtaken, and changes nothing. */
const next: Record<ReversalState, readonly ReversalState[]> = {
  asked: ['done', 'failed'],
  done: ['failed'],
  failed: [],
  opened: ['won', 'lost'],
  lost: ['won'],
  won: [],
}

type Locked = { db: Db; account: AccountState; order: Order }

/** Locks the account of an order, and reads the order as it stands below the lock. */
export async function lockOrder(db: Db, { accountId, publicId }: Order): Promise<Locked> {
  const account = await lockAccount(db, accountId)
  const order = await readOrder(db, publicId)
  if (!account || !order) throw new Error('an order has lost its account')
  return { db, account, order }
}

const entry = (
  { db, account, order }: Locked,
  kind: ReversalKind,
  ref: string,
  nanos: number,
  actor: string,
) =>
  writeEntry(db, account, {
    accountId: order.accountId,
    kind,
    planNanos: 0,
    balanceNanos: nanos,
    ref,
    actor,
    note: null,
  })

/** In these the money has gone back for good, as far as anybody can know. */
const isGone = ({ state }: { state: ReversalState }) => state === 'done' || state === 'lost'

/** What an order has begun is taken back with it, once; the order says what that came to. */
async function takeItsPlanBack({ db, account, order }: Locked): Promise<void> {
  const planOutcome = await takePlanBackLocked(db, account, `order:${orderNumber(order)}`)
  order.planOutcome = planOutcome
  await run(db, 'payments/orders/write-plan-outcome', { id: order.id, planOutcome })
}

/** What the order says after so much more of it was taken back, or less. */
async function moveOrder(locked: Locked, minor: number, nanos: number): Promise<void> {
  const { db, order } = locked
  order.reversedMinor += minor
  order.takenNanos += nanos
  const standing = await listReversals(db, order)
  const isDisputed = standing.some(({ kind, state }) => kind === 'dispute' && takes(state))
  const isRefunded = order.reversedMinor >= order.amountMinor
  const state: OrderState = isDisputed ? 'disputed' : isRefunded ? 'refunded' : 'paid'
  const { id, reversedMinor, takenNanos } = order
  await run(db, 'payments/orders/write-reversed', { id, state, reversedMinor, takenNanos })
  const gone = standing.filter(isGone).reduce((sum, it) => sum + it.amountMinor, 0)
  if (order.planOutcome === 'subscribed' && gone >= order.amountMinor) await takeItsPlanBack(locked)
}

type NewReversal = {
  kind: ReversalKind
  state: ReversalState
  ref: string | null
  amountMinor: number
  actor: string
}

/**
 * Opens a reversal, and takes its share of the credit: all of it with all of the amount, whatever
 * the balance is by now. Answers its number.
 */
export async function openReversal(locked: Locked, given: NewReversal): Promise<number> {
  const { db, order } = locked
  const { kind, state, ref, amountMinor, actor } = given
  const reversed = order.reversedMinor + amountMinor
  const share = creditShare(order.creditNanos, reversed, order.amountMinor)
  const nanos = takes(state) ? Math.max(0, share - order.takenNanos) : 0
  const id = await run(db, 'payments/reversals/insert', {
    orderId: order.id,
    kind,
    state,
    provider: order.provider,
    providerRef: ref,
    amountMinor,
    nanos,
    actor,
  })
  if (nanos > 0) await entry(locked, kind, `${kind}:${id}`, -nanos, actor)
  if (!takes(state)) return id
  await moveOrder(locked, amountMinor, nanos)
  const told = kind === 'refund' ? 'payment.refunded' : 'payment.disputed'
  await writeNotice(db, {
    about: `${told} ${id}`,
    accountId: order.accountId,
    fact: { kind: told, order: orderNumber(order), takenNanos: nanos },
  })
  return id
}

/**
 * What all that still stands has taken, as if it alone had come, in its order: what came beside
 * more than was left had taken less than its share. Answers how much less that is than before.
 */
async function shareAnew({ db, order }: Locked): Promise<number> {
  const { creditNanos, amountMinor } = order
  let minor = 0
  let taken = 0
  for (const it of await listReversals(db, order)) {
    const { id, state, providerRef } = it
    if (!takes(state)) continue
    minor += it.amountMinor
    const nanos = creditShare(creditNanos, minor, amountMinor) - taken
    taken += nanos
    const share = { id, was: state, state, providerRef, nanos }
    if (nanos !== it.nanos) await run(db, 'payments/reversals/move', share)
  }
  return order.takenNanos - taken
}

/**
 * Moves a reversal on; one that has failed, or was won, gives again what it has taken, but for what
 * others that stand had not had of the credit because of it.
 */
async function moveReversal(
  locked: Locked,
  was: Reversal,
  { state, ref }: { state: ReversalState; ref: string | null },
): Promise<EventVerdict> {
  const { db } = locked
  if (!next[was.state].includes(state)) return 'repeated'
  const givesAgain = takes(was.state) && !takes(state)
  const nanos = givesAgain ? 0 : was.nanos
  const move = { id: was.id, was: was.state, state, providerRef: ref, nanos }
  if ((await run(db, 'payments/reversals/move', move)) !== 1)
    throw new Error('a reversal has moved under the lock of its account')
  const { kind, id, actor } = was
  const back = givesAgain ? await shareAnew(locked) : 0
  if (back > 0) await entry(locked, kind, `${kind}:${id}/back`, back, actor)
  await moveOrder(locked, givesAgain ? -was.amountMinor : 0, -back)
  return givesAgain ? 'given again' : 'noted'
}

/**
 * Ends a refund that we have asked for ourselves, once its provider has answered; answers where it
 * stands then. What an event has ended meanwhile stays as the event has said.
 */
export async function finishRefund(
  pool: Pool,
  known: Order,
  reversalId: number,
  end: { state: 'done' | 'failed'; ref: string | null },
): Promise<ReversalState> {
  return pool.transact(async (db) => {
    const locked = await lockOrder(db, known)
    const was = await readById(db, reversalId)
    if (!was) throw new Error('a refund has lost its row')
    if (was.state !== 'asked') return was.state
    await moveReversal(locked, was, end)
    return end.state
  })
}

async function bookLocked(db: Db, known: Order, told: Told, fact: ReversalFact): Promise<Booked> {
  const locked = await lockOrder(db, known)
  const { order } = locked
  const { kind, ref, state, amountMinor, ownId } = fact
  // What nobody has given credit for takes none, and nobody gives any for it after this.
  if (order.paidAt === null) return note(db, told, order, 'noted')
  if (order.currency !== fact.currency.toUpperCase()) return note(db, told, order, 'mismatch')
  const byRef = { provider: order.provider, providerRef: ref }
  const found = await run(db, 'payments/reversals/read-by-ref', byRef)
  const own = !found && ownId !== null ? await readById(db, ownId) : undefined
  const was = found ?? (own?.orderId === order.id && own.providerRef === null ? own : undefined)
  if (was && was.orderId !== order.id) return note(db, told, order, 'foreign')
  if (was) return note(db, told, order, await moveReversal(locked, was, { state, ref }))
  const { reversalsMax } = limits.payments
  if ((await listReversals(db, order)).length >= reversalsMax)
    return note(db, told, order, 'over the limit')
  const actor = order.provider
  await openReversal(locked, { kind, state, ref, amountMinor, actor })
  return note(db, told, order, takes(state) ? 'taken' : 'noted')
}

/**
 * Books a refund or a dispute of an order that was paid: what is taken of its credit, the order's
 * state and the event are one transaction. Each is taken once and given again once, in whatever
 * order and how often its events come; the balance may be below zero after it.
 */
export const bookReversal = (
  pool: Pool,
  order: Order,
  told: Told,
  fact: ReversalFact,
): Promise<Booked> => pool.transact((db) => bookLocked(db, order, told, fact))
