import { run, type Db } from '../db/db.server.ts'
import type { Order } from './order.ts'

/** Whether money of an order that nobody has given credit for has gone back, as far as was told. */
export async function hasGoneBack(db: Db, { id: orderId }: Pick<Order, 'id'>): Promise<boolean> {
  return (await run(db, 'payments/events/count-noted', { orderId })).events !== 0
}
