import { changeAccount } from '../account-log/account-log.server.ts'
import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Pool } from '../db/db.server.ts'
import { formatUsd } from '../values/money.ts'
import { formatOrderId, newOrderId } from '../values/payments/order-id.ts'
import { minorFor } from '../values/payments/payment-money.ts'
import type { PaymentProviderName } from '../values/payments/payment-providers.ts'
import { orderNumber, readOrder, type Order } from './order.ts'
import { ProviderAway, type PaymentProvider, type PaymentProviders } from './provider.ts'

/** What orders are made and paid with. */
export type Payments = { db: Pool; providers: PaymentProviders; amounts: readonly number[] }

type OrderAsk = {
  accountId: number
  userId: number | null
  provider: PaymentProviderName
  creditNanos: number
  /** Subscribed to, with the credit, as soon as it is paid. */
  plan?: { id: number; name: string }
}

type NotStarted = {
  state: 'refused'
  why:
    | 'no such provider'
    | 'no such amount'
    | 'no such account'
    | 'suspended'
    | 'too many open'
    | 'over the limit'
}
/** `isPayable`: the provider knows it; else its page says so, and tries again. */
export type Started = { state: 'started'; id: string; isPayable: boolean } | NotStarted

const refuse = (why: NotStarted['why']): NotStarted => ({ state: 'refused', why })

async function insertOrder(
  db: Pool,
  { plan, ...ask }: OrderAsk,
  { name, currency, rate }: PaymentProvider,
): Promise<Order | NotStarted> {
  const publicId = newOrderId()
  const { accountId, userId, creditNanos } = ask
  let answer: NotStarted | undefined
  const result = await changeAccount(db, ask, 'order start', async (change) => {
    const { account, db: locked } = change
    const no = (why: NotStarted['why']) => rollBack((answer = refuse(why)).state)
    answer = undefined
    if (account.status === 'suspended') return no('suspended')
    if (account.planNanos + account.balanceNanos + creditNanos > limits.accounts.nanosMax)
      return no('over the limit')
    const { orders = 0 } = (await run(locked, 'payments/orders/count-open', { accountId })) ?? {}
    if ((orders ?? 0) >= limits.payments.openOrdersMax) return no('too many open')
    const detail = { provider: name, credit_usd: formatUsd(creditNanos) }
    const told = plan ? { ...detail, plan: plan.name } : detail
    await change.note(`order ${formatOrderId(publicId)}`, told)
    return run(locked, 'payments/orders/insert', {
      publicId,
      accountId,
      userId,
      provider: name,
      currency,
      amountMinor: minorFor(creditNanos, rate),
      creditNanos,
      rate,
      planId: plan?.id ?? null,
      openHours: limits.payments.openHoursMax,
    })
  })
  if (isRolledBack(result)) return answer ?? refuse('no such account')
  const order = await readOrder(db, publicId)
  if (!order) throw new Error('an order that was just made is not there')
  return order
}

/**
 * Has the provider make the payment of an order that nobody can pay yet. Harmless to repeat: the
 * provider knows the order by its number. `away` where it could not be asked, `over` where the order
 * was paid or has ended meanwhile.
 */
export async function makePayable(
  { db, providers }: Payments,
  order: Order,
): Promise<'payable' | 'away' | 'over'> {
  const provider = providers[order.provider]
  if (!provider) return 'away'
  try {
    const { payUrl, providerRef } = await provider.create(order)
    const known = { id: order.id, payUrl, providerRef }
    return (await run(db, 'payments/orders/mark-pending', known)) === 1 ? 'payable' : 'over'
  } catch (error) {
    if (error instanceof ProviderAway) return 'away'
    throw error
  }
}

/**
 * Makes an order, and the payment for it at its provider. The order is there before anybody is
 * asked for money. An amount is one of the operator's, or a plan's price.
 */
export async function startOrder(payments: Payments, ask: OrderAsk): Promise<Started> {
  const provider = payments.providers[ask.provider]
  if (!provider) return refuse('no such provider')
  const isOffered = payments.amounts.includes(ask.creditNanos)
  if (!isOffered && !ask.plan) return refuse('no such amount')
  const order = await insertOrder(payments.db, ask, provider)
  if (order.state === 'refused') return order
  const isPayable = (await makePayable(payments, order)) === 'payable'
  return { state: 'started', id: orderNumber(order), isPayable }
}
