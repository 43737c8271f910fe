import { run, type Db } from '../db/db.server.ts'
import { writeNotice } from '../ledger/ledger.server.ts'
import type { UnclearWhy } from '../values/payments/order-states.ts'
import { orderNumber, type Order, type Terms } from './order.ts'
import type { Paid } from './provider.ts'

/** Has the operator told, once, that a payment waits for them. */
export async function tellUnclear(db: Db, order: Order, why: UnclearWhy): Promise<void> {
  const number = orderNumber(order)
  const fact = { kind: 'payment.unclear', order: number, account: order.accountId, why } as const
  await writeNotice(db, { about: `payment.unclear ${number}`, accountId: null, fact })
}

/** What came, as far as it can be kept: parts of a minor unit no provider writes. */
function cameOf({ amountMinor, currency }: Paid) {
  const isAmount = Number.isSafeInteger(amountMinor) && amountMinor >= 0
  const isCurrency = /^[a-z]{3}$/i.test(currency)
  return {
    cameMinor: isAmount ? amountMinor : null,
    cameCurrency: isCurrency ? currency.toUpperCase() : null,
  }
}

/**
 * What came in for an order waits for a person, who settles or closes it: nobody is shown where to
 * pay it any more, and nobody asks. One that is paid, or waits for them already, stays as it is.
 * The account is locked.
 */
export async function markUnclear(
  db: Db,
  order: Order,
  paid: Paid,
  { terms, mayHaveEnded, why }: { terms: Terms; mayHaveEnded: boolean; why: UnclearWhy },
): Promise<void> {
  const moved = await run(db, 'payments/orders/mark-unclear', {
    id: order.id,
    providerRef: paid.providerRef,
    paymentRef: paid.paymentRef,
    mayHaveEnded: Number(mayHaveEnded),
    creditNanos: terms.creditNanos,
    rate: terms.rate,
    ...cameOf(paid),
  })
  if (moved === 1) await tellUnclear(db, order, why)
}
