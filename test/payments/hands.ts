import assert from 'node:assert/strict'
import { epayNotifyPath, stripeEventsPath } from '../../app/paths.ts'
import { askDue, readOrder } from '../../app/payments/payments.server.ts'
import { parseOrderId } from '../../app/values/payments/order-id.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { moneyOf } from '../books.ts'
import { present } from '../present.ts'
import type { Tills } from './tills.ts'

export type Ordered = Awaited<ReturnType<Tills['order']>>

/** What is done to orders, and seen of them, from outside. */
export function handsOn({ books, fakes: { stripe }, payments, order, urls }: Tills) {
  const { pool, sql } = books
  const balanceOf = async (customer: Ordered) => (await moneyOf(books, customer)).balance
  const stateOf = async ({ number }: Ordered) =>
    present(await readOrder(pool, present(parseOrderId(number)))).state
  /** Posts an event to the first replica, and answers the status. */
  async function postStripe(body: string, signature = stripe.signatureOf(body), more: object = {}) {
    const headers = { 'stripe-signature': signature }
    const url = present(urls[0]) + stripeEventsPath
    const answer = await fetch(url, { method: 'POST', headers, body, ...more })
    await answer.arrayBuffer()
    return answer.status
  }
  async function notifyEpay(params: URLSearchParams) {
    const answer = await fetch(`${urls[0]}${epayNotifyPath}?${params.toString()}`)
    return answer.text()
  }
  const makeDue = ({ number }: Ordered) =>
    sql(`update orders set asked_at = null where public_id = ?`, [Buffer.from(number, 'hex')])
  /** Asks about what is due, as every replica does by itself; an outage is thrown at the end. */
  const ask = () => askDue(payments, () => undefined, 1_000).catch(() => undefined)

  /** Ends an order that nobody has paid, so many days ago. */
  const expire = async (one: Ordered, days = 1) => {
    const text = `update orders set asked_at = null,
                         expires_at = current_timestamp(3) - interval ? day where public_id = ?`
    await sql(text, [days, Buffer.from(one.number, 'hex')])
    await eventually('the order has expired', async () => {
      await ask()
      return (await stateOf(one)) === 'expired'
    })
    return one
  }
  const expired = async (provider: 'stripe' | 'epay', days = 1) =>
    expire(await order(5, provider), days)

  const paidOrder = async (usd: number) => {
    const one = await order(usd, 'stripe')
    await stripe.pay(one.number)
    assert.equal(await balanceOf(one), usd * 1e9)
    return one
  }

  return { balanceOf, stateOf, postStripe, notifyEpay, makeDue, ask, expire, expired, paidOrder }
}
