import { logAdmin } from '../admin/admin.server.ts'
import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run } from '../db/db.server.ts'
import { writeEntry, writeNotice } from '../ledger/ledger.server.ts'
import { formatMinor } from '../values/payments/payment-money.ts'
import { lockOrder } from './book-reversal.ts'
import { hasGoneBack } from './gone-back.ts'
import { orderNumber, type Order } from './order.ts'
import type { Payments } from './start-order.ts'

export type NotSettled =
  /** It does not wait for a person, or does so no longer. */
  | 'not unclear'
  /** What came in is not in its currency, or has no amount. */
  | 'no amount'
  /** Its provider has told of a refund or a dispute meanwhile. */
  | 'went back'
  | 'over the limit'

const subjectOf = (order: Order) => `order ${orderNumber(order)}`

/** What came in, in the order's currency; null where that cannot be said. */
export const cameInItsCurrency = ({ cameMinor, cameCurrency, currency }: Order) =>
  cameCurrency === currency ? cameMinor : null

/**
 * Takes what came in for an order that asked for something else, and gives so much credit for it:
 * once, whoever says it how often; order, entry and log are one transaction. From then on the order
 * is one of what was paid, so that a refund takes its share. A plan that it was for is not begun.
 */
export async function settleOrder(
  { db: pool }: Payments,
  known: Order,
  { creditNanos, actor }: { creditNanos: number; actor: string },
): Promise<'settled' | NotSettled> {
  const result = await pool.transact(async (db) => {
    const no = (why: NotSettled) => rollBack(why)
    const { account, order } = await lockOrder(db, known)
    const { accountId, currency } = order
    if (order.state !== 'unclear') return no('not unclear')
    const cameMinor = cameInItsCurrency(order)
    if (!cameMinor) return no('no amount')
    if (await hasGoneBack(db, order)) return no('went back')
    const after = account.planNanos + account.balanceNanos + creditNanos
    if (after > limits.accounts.nanosMax) return no('over the limit')
    if ((await run(db, 'payments/orders/settle', { id: order.id, creditNanos })) !== 1)
      throw new Error('an order has moved under the lock of its account')
    const number = orderNumber(order)
    const amount = formatMinor(cameMinor)
    const entry = { accountId, kind: 'topup', planNanos: 0, balanceNanos: creditNanos } as const
    await writeEntry(db, account, { ...entry, ref: `order:${number}`, actor, note: null })
    const fact = { kind: 'payment.received', order: number, amount, currency, creditNanos } as const
    await writeNotice(db, { about: `payment.received ${number}`, accountId, fact })
    const asked = `${formatMinor(order.amountMinor)} ${currency}`
    const detail = { asked, came: `${amount} ${currency}`, creditNanos }
    await logAdmin(db, { actor, action: 'order settle', subject: subjectOf(order), detail })
    return 'settled' as const
  })
  return isRolledBack(result) ? result.rolledBack : result
}

/** Ends an order that is unclear, with no credit for what came in; false where it is not. */
export async function closeOrder(
  { db: pool }: Payments,
  known: Order,
  actor: string,
): Promise<boolean> {
  const result = await pool.transact(async (db) => {
    const { order } = await lockOrder(db, known)
    if ((await run(db, 'payments/orders/close', { id: order.id })) !== 1)
      return rollBack('not unclear')
    await logAdmin(db, { actor, action: 'order close', subject: subjectOf(order) })
    return true
  })
  return result === true
}
