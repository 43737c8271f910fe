import type { Payments, Started } from '../payments/payments.server.ts'
import { startOrder } from '../payments/payments.server.ts'
import { readOffer } from '../ledger/ledger.server.ts'
import type { PaymentProviderName } from '../values/payments/payment-providers.ts'
import { readStanding } from './own-plan.ts'

type PlanOrder = {
  accountId: number
  userId: number | null
  planId: number
  provider: PaymentProviderName
}
type Ordered = Started | { state: 'refused'; why: 'no such plan' | 'has a plan' }

/**
 * Begins an order of a plan's first month. When it is paid its credit and the month are booked in
 * one: on the terms of today, also where the plan is sold no more by then, because terms never
 * change. What cannot be begun then, as where another plan was quicker, stays as balance, and the
 * order says why. What a balance is below zero is ordered besides, so that the price is there.
 */
export async function orderPlan(
  payments: Payments,
  { planId, ...order }: PlanOrder,
): Promise<Ordered> {
  const { db } = payments
  const { accountId } = order
  const terms = await readOffer(db, accountId, planId)
  if (!terms || terms.priceNanos === 0) return { state: 'refused', why: 'no such plan' }
  const own = await readStanding(db, accountId)
  const hasPlan = own !== undefined && own.monthlyNanos !== null && own.inGrace !== 1
  if (hasPlan) return { state: 'refused', why: 'has a plan' }
  const { name, priceNanos } = terms
  // What the balance is short of zero is paid with it: the price alone could begin nothing.
  const creditNanos = priceNanos + Math.max(0, -(own?.balanceNanos ?? 0))
  return startOrder(payments, { ...order, creditNanos, plan: { id: planId, name } })
}
