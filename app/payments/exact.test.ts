import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { handsOn, type Ordered } from '../../test/payments/hands.ts'
import { startTills } from '../../test/payments/tills.ts'
import { present } from '../../test/present.ts'
import { limits } from '../config/limits.ts'
import { credit } from '../ledger/ledger.server.ts'
import { parseOrderId } from '../values/payments/order-id.ts'
import { parseJsonExactly } from '../values/payments/exact-json.ts'
import { askDue, askProvider, readOrder, startOrder } from './payments.server.ts'

const tills = await startTills(1)
after(tills.close)
const { books, fakes, payments, order } = tills
const { stripe, epay } = fakes
const { pool, sql } = books
afterEach(() => expectCleanBooks(pool))

const { balanceOf, stateOf, postStripe, notifyEpay, expired, paidOrder } = handsOn(tills)
const idOf = ({ number }: Ordered) => Buffer.from(number, 'hex')
/** Makes an order one that has ended so many days ago, and that nobody has asked about since. */
const endedDaysAgo = (one: Ordered, days: number) =>
  sql(
    `update orders set asked_at = null, expires_at = current_timestamp(3) - interval ? day
      where public_id = ?`,
    [days, idOf(one)],
  )
const ask = async (one: Ordered, by = payments, isApproved = false) =>
  askProvider(by, present(await readOrder(pool, present(parseOrderId(one.number)))), isApproved)

describe('what providers say', () => {
  test('of long numbers is read to the last digit, however they are written', async () => {
    const answer = '{"a":12345678901234567890,"b":"say \\"7\\" 8","c":[1.50,-2e9,true,null]}'
    assert.deepEqual(parseJsonExactly(answer), {
      a: '12345678901234567890',
      b: 'say "7" 8',
      c: ['1.50', '-2e9', true, null],
    })
    assert.throws(() => parseJsonExactly('{"a":1'), SyntaxError)
    for (const last of '12') {
      const one = await order(5, 'epay')
      const tradeNo = `202611262200141234${last}`
      Object.assign(epay.tradeOf(one.number), { tradeNo, status: 1 })
      assert.equal(await notifyEpay(epay.noticeOf(epay.tradeOf(one.number))), 'success')
      assert.equal(await balanceOf(one), 5e9, tradeNo)
      const text = 'select provider_ref as ref from orders where public_id = ?'
      const [row] = await sql<{ ref: string }>(text, [idOf(one)])
      assert.equal(row?.ref, tradeNo)
    }
  })

  test('of an account that could not hold it is not booked, and to the last nano-dollar it is', async () => {
    const { nanosMax } = limits.accounts
    for (const [more, state] of [
      [0, 'paid'],
      [1, 'unclear'],
    ] as const) {
      const one = await order(5, 'stripe')
      const { accountId } = one
      const given = { accountId, planNanos: 0, balanceNanos: nanosMax - 5e9 + more }
      await credit(pool, { kind: 'grant', actor: 'test', note: null, ref: one.number, ...given })
      await stripe.pay(one.number)
      assert.equal(await stateOf(one), state)
      const wish = { accountId, userId: null, provider: 'stripe', creditNanos: 5e9 } as const
      assert.deepEqual(await startOrder(payments, wish), {
        state: 'refused',
        why: 'over the limit',
      })
    }
  })

  test('of a refund or dispute in another currency, or of another order, takes nothing', async () => {
    const [one, other] = [await paidOrder(10), await paidOrder(10)]
    const { payment_intent } = stripe.sessionOf(one.number)
    const refund = { object: 'refund', status: 'succeeded', amount: 400, metadata: {} }
    const send = (it: object) => postStripe(stripe.eventOf('refund.updated', { ...refund, ...it }))
    await send({ id: 're_yen', payment_intent, currency: 'jpy' })
    assert.equal(await balanceOf(one), 10e9)
    await stripe.refundElsewhere(other.number, 300, { id: 're_other' })
    await send({ id: 're_other', payment_intent, currency: 'usd', status: 'failed' })
    assert.deepEqual([await balanceOf(one), await balanceOf(other)], [10e9, 7e9])
    await send({ id: 're_good', payment_intent, currency: 'usd' })
    assert.equal(await balanceOf(one), 6e9)
  })
})

describe('an order that nobody has paid in time', () => {
  test('is open until then, and waits for what is on its way; what came to nothing has failed', async () => {
    const [open, late, lost] = [
      await order(5, 'stripe'),
      await order(5.51, 'stripe'),
      await order(5.51, 'stripe'),
    ]
    assert.deepEqual([await ask(open), await stateOf(open)], ['open', 'pending'])
    for (const it of [late, lost]) {
      await stripe.pay(it.number)
      await endedDaysAgo(it, limits.payments.onItsWayDaysMax - 1)
      assert.deepEqual([await ask(it), await stateOf(it)], ['open', 'pending'])
    }
    stripe.endTransfer(late.number, 'paid')
    stripe.endTransfer(lost.number, 'canceled')
    assert.deepEqual([await ask(late), await balanceOf(late)], ['credited', 5.51e9])
    assert.deepEqual([await ask(lost), await stateOf(lost)], ['failed', 'failed'])
  })

  test('is waited for no longer than that, and booked by an operator alone when it has come', async () => {
    const one = await order(5.51, 'stripe')
    await stripe.pay(one.number)
    await endedDaysAgo(one, limits.payments.onItsWayDaysMax + 1)
    assert.deepEqual([await ask(one), await stateOf(one)], ['expired', 'expired'])
    stripe.endTransfer(one.number, 'paid')
    assert.deepEqual([await ask(one), await balanceOf(one)], ['late', 0])
    const booked = await ask(one, payments, true)
    assert.deepEqual([booked, await balanceOf(one)], ['credited', 5.51e9])
  })

  test('is waited for no longer than that either where its payment is another order’s', async () => {
    const [one, other] = [await order(5, 'epay'), await order(5, 'epay')]
    await epay.pay(one.number)
    const { tradeNo } = epay.tradeOf(one.number)
    Object.assign(epay.tradeOf(other.number), { tradeNo, status: 1 })
    assert.deepEqual([await ask(other), await stateOf(other)], ['foreign', 'pending'])
    await endedDaysAgo(other, limits.payments.onItsWayDaysMax + 1)
    assert.deepEqual([await ask(other), await stateOf(other)], ['expired', 'expired'])
    assert.equal(await balanceOf(other), 0)
  })

  test('ends where its provider is not configured any more, or knows nothing of it', async () => {
    const [one, other, away] = [
      await order(5, 'stripe'),
      await order(5, 'stripe'),
      await order(5, 'stripe'),
    ]
    const { epay: left } = payments.providers
    const without = { ...payments, providers: left ? { epay: left } : {} }
    assert.deepEqual([await ask(one, without), await stateOf(one)], ['away', 'pending'])
    await endedDaysAgo(one, 0)
    await askDue(without, () => undefined, 1_000)
    assert.equal(await stateOf(one), 'expired')
    await endedDaysAgo(other, 0)
    stripe.forget(other.number)
    assert.deepEqual([await ask(other), await stateOf(other)], ['expired', 'expired'])
    // One that is only away may know more tomorrow.
    stripe.isAway = true
    await endedDaysAgo(away, 1)
    assert.deepEqual([await ask(away), await stateOf(away)], ['away', 'pending'])
    await endedDaysAgo(away, limits.payments.onItsWayDaysMax + 1)
    assert.deepEqual([await ask(away), await stateOf(away)], ['expired', 'expired'])
    stripe.isAway = false
  })
})

describe('what a payer can send as often as they like', () => {
  const rowsOf = (one: Ordered) =>
    sql<{ times: number; verdict: string }>(
      `select e.times, e.verdict from payment_events e left join orders o on o.id = e.order_id
        where o.public_id = ?`,
      [idOf(one)],
    )
  const rowCount = async () => {
    const [row] = await sql<{ events: number }>('select count(*) as events from payment_events', [])
    return row?.events
  }

  test('their own way to pay is no notice, and leaves no row', async () => {
    const before = await rowCount()
    const one = await order(5, 'epay')
    const [row] = await sql<{ url: string }>(
      'select pay_url as url from orders where public_id = ?',
      [idOf(one)],
    )
    const params = new URL(present(row).url).searchParams
    assert.equal(await notifyEpay(params), 'fail')
    params.set('empty', '')
    assert.equal(await notifyEpay(params), 'fail')
    const line = present(tills.logged().findLast(({ event }) => event.startsWith('payment_event')))
    assert.deepEqual([line.event, line.why], ['payment_event_forged', 'no_event'])
    assert.equal(await rowCount(), before)
  })

  test('one notice is one row, whatever is written beside it and however it is cut', async () => {
    const one = await paidAtGateway()
    const notice = epay.noticeOf(epay.tradeOf(one.number))
    const variants = [new URLSearchParams(notice), new URLSearchParams(notice)]
    present(variants[0]).set('a', '')
    present(variants[1]).set('sign_type', 'md5')
    for (const variant of variants) assert.equal(await notifyEpay(variant), 'success')
    // The same text is signed where two fields are one.
    const cut = new URLSearchParams(notice)
    cut.set('name', `${cut.get('name')}&out_trade_no=${cut.get('out_trade_no')}`)
    cut.delete('out_trade_no')
    await notifyEpay(cut)
    const rows = await rowsOf(one)
    assert.deepEqual(
      rows.map(({ times, verdict }) => [times, verdict]),
      [[4, 'credited']],
    )
  })

  test('what is about no order leaves no row at Stripe either', async () => {
    const before = await rowCount()
    const declined = { id: 'pi_declined', object: 'payment_intent' }
    for (let at = 0; at < 3; at++)
      assert.equal(await postStripe(stripe.eventOf('payment_intent.payment_failed', declined)), 200)
    assert.equal(await rowCount(), before)
  })

  async function paidAtGateway() {
    const one = await order(5, 'epay')
    await epay.pay(one.number)
    assert.equal(await balanceOf(one), 5e9)
    return one
  }
})

describe('an order that has ended', () => {
  const atRate = (rate: number) => {
    const provider = present(payments.providers.epay)
    return { ...payments, providers: { epay: { ...provider, rate } } }
  }

  test('gives for its amount what was ordered, or less where a dollar costs more by now', async () => {
    for (const [rate, nanos] of [
      [6_000_000, 5e9],
      [7_200_000, 5e9],
      [9_000_000, 4e9],
    ] as const) {
      const one = await expired('epay')
      epay.tradeOf(one.number).status = 1
      assert.equal(await ask(one, atRate(rate)), 'credited')
      assert.equal(await balanceOf(one), nanos, String(rate))
    }
    const inTime = await order(5, 'epay')
    epay.tradeOf(inTime.number).status = 1
    assert.equal(await ask(inTime, atRate(9_000_000)), 'credited')
    assert.equal(await balanceOf(inTime), 5e9)
  })
})
