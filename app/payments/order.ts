import { limits } from '../config/limits.ts'
import { run, type Db, type Row } from '../db/db.server.ts'
import type { OrderState } from '../values/payments/order-states.ts'
import { formatOrderId } from '../values/payments/order-id.ts'
import type { PaymentProviderName } from '../values/payments/payment-providers.ts'

/** One order as it stands. */
export type Order = Row<'payments/orders/read'>

/** What an order gives for its amount, and by which rate. */
export type Terms = Pick<Order, 'creditNanos' | 'rate'>

/** What providers and people know an order by. */
export const orderNumber = ({ publicId }: Pick<Order, 'publicId'>) => formatOrderId(publicId)

export const readOrder = (db: Db, publicId: Buffer): Promise<Order | undefined> =>
  run(db, 'payments/orders/read', { publicId })

/** The same where it is this account's; for everybody else it is not there. */
export async function readOwnOrder(
  db: Db,
  accountId: number,
  publicId: Buffer,
): Promise<Order | undefined> {
  const order = await readOrder(db, publicId)
  return order?.accountId === accountId ? order : undefined
}

/** True while somebody may still pay it. */
export const isOpen = ({ state }: Pick<Order, 'state'>) =>
  state === 'created' || state === 'pending'

/** Refunds and disputes of an order, the oldest first. */
export const listReversals = (db: Db, { id }: Pick<Order, 'id'>) =>
  run(db, 'payments/reversals/list', { orderId: id, rows: limits.payments.reversalsMax })

/** What was heard of an order, the newest first. */
export const listEvents = (db: Db, { id }: Pick<Order, 'id'>) =>
  run(db, 'payments/events/list', { orderId: id, rows: limits.payments.eventsShown })

type OrderSearch = {
  /** Of everybody, where it is null. */
  accountId: number | null
  state?: OrderState | null
  provider?: PaymentProviderName | null
  /** How an order's number begins. */
  begins?: string
  before?: number | null
  rows?: number
}

const idDigits = 32
const boundOf = (begins: string, fill: string) =>
  Buffer.from(begins.slice(0, idDigits).padEnd(idDigits, fill), 'hex')

/** Orders, the newest first; `before` of the next page, where there is one. */
export async function listOrders(db: Db, search: OrderSearch) {
  const { accountId, state = null, provider = null, begins = '', before } = search
  const rows = search.rows ?? limits.payments.pageRows
  const found = await run(db, 'payments/orders/list', {
    accountId,
    state,
    provider,
    idFrom: boundOf(begins, '0'),
    idTo: boundOf(begins, 'f'),
    before: before ?? Number.MAX_SAFE_INTEGER,
    // One more than is shown tells whether there is another page.
    rows: rows + 1,
  })
  const orders = found.slice(0, rows)
  return { orders, before: found.length > rows ? (orders.at(-1)?.id ?? null) : null }
}
