import { z } from 'zod'
import type { Db } from '../../db/db.server.ts'
import { notFound } from '../../pages/pages.server.ts'
import { ordersPath } from '../../paths.ts'
import { listOrders, orderNumber } from '../../payments/payments.server.ts'
import { msg } from '../../values/language/msg.ts'
import { orderStates } from '../../values/payments/order-states.ts'
import { formatMinor } from '../../values/payments/payment-money.ts'

const Query = z.object({
  number: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[\da-f]{1,32}$/)
    .optional(),
  state: z.enum(orderStates).optional(),
  before: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .optional(),
})

/** One page of an account's orders, the newest first, and the search that found them. */
export async function readOrdersPage(db: Db, accountId: number, url: string) {
  const params = [...new URL(url).searchParams].filter(([, value]) => value !== '')
  const parsed = Query.safeParse(Object.fromEntries(params))
  if (!parsed.success)
    throw notFound(msg`Orders cannot be looked for so. A number has digits and letters up to f.`)
  const { number = '', state = null, before } = parsed.data
  const search = { accountId, begins: number, state }
  const page = await listOrders(db, { ...search, before: before ? Number(before) : null })
  const to = (more: Record<string, string>) => {
    const address = new URLSearchParams({
      ...(number && { number }),
      ...(state && { state }),
      ...more,
    })
    return address.size ? `${ordersPath}?${address.toString()}` : ordersPath
  }
  return {
    filter: { number, state },
    orders: page.orders.map((order) => ({
      number: orderNumber(order),
      state: order.state,
      provider: order.provider,
      amount: `${formatMinor(order.amountMinor)} ${order.currency}`,
      creditNanos: order.creditNanos,
      createdAt: order.createdAt,
    })),
    pages: {
      newest: before === undefined ? null : to({}),
      newer: null,
      older: page.before === null ? null : to({ before: String(page.before) }),
    },
  }
}
