import { randomBytes } from 'node:crypto'
import { present } from '../test/present.ts'
import type { Pool } from '../app/db/db.server.ts'
import {
  askProvider,
  closeOrder,
  readOrder,
  startOrder,
  type PaymentProviders,
} from '../app/payments/payments.server.ts'
import { parseOrderId } from '../app/values/payments/order-id.ts'
import { at, type PageState } from './page-state.ts'

/** Orders of the local developer, by where they stand. */
export type Orders = { pending: string; paid: string; unclear: string; closed: string }

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

/** One that says that a hundredth was paid. */
const wrong: typeof provider = {
  ...provider,
  async query(order) {
    const found = await provider.query(order)
    return found.state === 'paid' ? { ...found, amountMinor: order.amountMinor / 100 } : found
  },
}

/** Makes orders that wait, that were paid, and that were paid otherwise than they asked for. */
export async function fillOrders(
  db: Pool,
  by: { accountId: number; userId: number },
): Promise<Orders> {
  const gateway = { ...provider, name: 'epay', currency: 'CNY' } as const
  const payments = { db, providers: { stripe: provider, epay: gateway }, amounts }
  const start = async (through: 'stripe' | 'epay' = 'stripe') => {
    const { accountId, userId } = by
    const ask = { accountId, userId, provider: through, creditNanos: 20 * usd } as const
    const started = await startOrder(payments, ask)
    if (started.state !== 'started') throw new Error(started.why)
    return started.id
  }
  const read = async (id: string) => present(await readOrder(db, present(parseOrderId(id))))
  // The longest words that a button has.
  const [pending, paid] = [await start('epay'), await start()]
  await askProvider(payments, await read(paid))
  const [unclear, closed] = [await start(), await start()]
  for (const id of [unclear, closed])
    await askProvider({ ...payments, providers: { stripe: wrong } }, await read(id))
  await closeOrder(payments, await read(closed), 'test')
  return { pending, paid, unclear, closed }
}

/** The pages of orders. */
export const orderStates = ({ pending, paid, unclear, closed }: Orders): PageState[] => [
  at('routes/billing_.orders', 'orders', '/billing/orders'),
  at('routes/billing_.orders', 'orders-none', '/billing/orders?number=ffffffff'),
  at('routes/billing_.orders_.$id', 'order-pending', `/billing/orders/${pending}`),
  at('routes/billing_.orders_.$id', 'order-paid', `/billing/orders/${paid}`),
  at('routes/billing_.orders_.$id', 'order-unclear', `/billing/orders/${unclear}`),
  at('routes/billing_.orders_.$id', 'order-closed', `/billing/orders/${closed}`),
  at('routes/billing_.orders_.$id', 'order-none', `/billing/orders/${'0'.repeat(32)}`),
  at('routes/billing_.orders_.$id_.receipt', 'order-receipt', `/billing/orders/${paid}/receipt`),
]
