import { randomBytes } from 'node:crypto'
import { present } from '../test/present.ts'
import type { Pool } from '../app/db/db.server.ts'
import {
  askProvider,
  readOrder,
  startOrder,
  type PaymentProviders,
} from '../app/payments/payments.server.ts'
import { parseOrderId } from '../app/values/payments/order-id.ts'
import { at, type PageState } from './page-state.ts'

/** Orders of the local developer, by where they stand. */
export type Orders = { pending: string; paid: string }

const usd = 1_000_000_000
const amounts = [20 * usd]

/** One that says that whatever it is asked about was paid. */
const provider: NonNullable<PaymentProviders['stripe']> = {
  name: 'stripe',
  currency: 'USD',
  rate: 1_000_000,
  isAskedFirst: false,
  create: () => {
    const providerRef = `cs_${randomBytes(8).toString('hex')}`
    return Promise.resolve({ payUrl: `https://pay.example/${providerRef}`, providerRef })
  },
  verifyEvent: () => {
    throw new Error('no event comes')
  },
  query: ({ providerRef, currency, amountMinor }) =>
    Promise.resolve({
      state: 'paid',
      providerRef: present(providerRef),
      paymentRef: null,
      currency,
      amountMinor,
    }),
  close: () => Promise.resolve(),
  refund: () => Promise.resolve({ state: 'refused', why: 'nobody asks' }),
  findOrder: () => Promise.resolve(undefined),
}

/** Makes an order that waits, and one that was paid. */
export async function fillOrders(
  db: Pool,
  by: { accountId: number; userId: number },
): Promise<Orders> {
  const payments = { db, providers: { stripe: provider }, amounts }
  const start = async () => {
    const { accountId, userId } = by
    const ask = { accountId, userId, provider: 'stripe', creditNanos: 20 * usd } as const
    const started = await startOrder(payments, ask)
    if (started.state !== 'started') throw new Error(started.why)
    return started.id
  }
  const [pending, paid] = [await start(), await start()]
  const order = present(await readOrder(db, present(parseOrderId(paid))))
  await askProvider(payments, order)
  return { pending, paid }
}

/** The pages of orders. */
export const orderStates = ({ pending, paid }: Orders): PageState[] => [
  at('routes/billing_.orders', 'orders', '/billing/orders'),
  at('routes/billing_.orders', 'orders-none', '/billing/orders?number=ffffffff'),
  at('routes/billing_.orders_.$id', 'order-pending', `/billing/orders/${pending}`),
  at('routes/billing_.orders_.$id', 'order-paid', `/billing/orders/${paid}`),
  at('routes/billing_.orders_.$id', 'order-none', `/billing/orders/${'0'.repeat(32)}`),
  at('routes/billing_.orders_.$id_.receipt', 'order-receipt', `/billing/orders/${paid}/receipt`),
]
