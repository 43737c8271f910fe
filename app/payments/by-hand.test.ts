import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { capturedCli } from '../../test/captured-cli.ts'
import { handsOn } from '../../test/payments/hands.ts'
import { startTills } from '../../test/payments/tills.ts'
import { present } from '../../test/present.ts'
import { limits } from '../config/limits.ts'
import { parseOrderId } from '../values/payments/order-id.ts'
import { bookReversal } from './book-reversal.ts'
import { readOrder } from './order.ts'
import { refundOrder } from './refund.ts'
import { makePayable } from './start-order.ts'

const tills = await startTills(1)
after(tills.close)
const { books, fakes, payments } = tills
const { stripe, epay } = fakes
const { pool, sql } = books
afterEach(() => expectCleanBooks(pool))

const { balanceOf, stateOf, expired, paidOrder } = handsOn(tills)

const idOf = ({ number }: { number: string }) => present(parseOrderId(number))

const relay = capturedCli(tills.env)
type Answer = Record<'state' | 'verdict' | 'reversals' | 'orders' | 'events', unknown> & {
  error?: { code: string; message: string }
}
/** What a verb has answered, as programs read it. */
const cli = async (...args: string[]) => {
  const { exitCode, out, err } = await relay(...args, '--json')
  return { exitCode, ...(JSON.parse(out || err) as Answer) }
}

describe('an operator', () => {
  test('gives money back in part and then the rest, once each, and no more than there was', async () => {
    const one = await paidOrder(10)
    const part = await cli('order', 'refund', one.number, '--amount', '2.50')
    assert.deepEqual([part.exitCode, part.state], [0, 'refunded'])
    assert.equal(await balanceOf(one), 7.5e9)
    // What we have asked for comes as an event, too.
    const [refund] = stripe.refundsOf(one.number)
    await stripe.send(
      stripe.eventOf('refund.created', present(refund)),
      undefined,
      stripe.sessionOf(one.number).success_url,
    )
    assert.equal(await balanceOf(one), 7.5e9)
    assert.equal((await cli('order', 'refund', one.number, '--amount', '7.51')).exitCode, 1)
    assert.equal((await cli('order', 'refund', one.number)).exitCode, 0)
    assert.deepEqual([await balanceOf(one), await stateOf(one)], [0, 'refunded'])
    assert.equal((await cli('order', 'refund', one.number)).exitCode, 1)
    const shown = await cli('order', 'show', one.number)
    assert.deepEqual([shown.state, (shown.reversals as object[]).length], ['refunded', 2])
    assert.equal((await cli('order', 'list', '--account', '999999')).exitCode, 1)
    const listed = await cli('order', 'list', '--account', String(one.accountId))
    assert.equal((listed.orders as object[]).length, 1)
  })

  test('gives money back once although the provider did not answer, and keeps what it refuses', async () => {
    const [one, other] = [await paidOrder(10), await paidOrder(10)]
    stripe.answersRefunds = false
    const away = await cli('order', 'refund', one.number, '--amount', '4')
    assert.equal(away.exitCode, 1)
    assert.equal(await balanceOf(one), 6e9)
    stripe.answersRefunds = true
    // All that is left would be another refund.
    const rest = await cli('order', 'refund', one.number)
    assert.deepEqual([rest.exitCode, rest.error?.code], [1, 'refund_under_way'])
    assert.equal((await cli('order', 'refund', one.number, '--amount', '4')).exitCode, 0)
    assert.deepEqual([await balanceOf(one), stripe.refundsOf(one.number).length], [6e9, 1])
    stripe.sessionOf(other.number).amount_total = 1
    assert.equal((await cli('order', 'refund', other.number)).exitCode, 1)
    assert.deepEqual([await balanceOf(other), await stateOf(other)], [10e9, 'paid'])
  })

  test('makes no second refund by the same words, though an event has ended the first meanwhile', async () => {
    const one = await paidOrder(10)
    const part = ['order', 'refund', one.number, '--amount', '4']
    stripe.answersRefunds = false
    const away = await cli(...part)
    stripe.answersRefunds = true
    const [refund] = stripe.refundsOf(one.number)
    const event = stripe.eventOf('refund.created', present(refund))
    await stripe.send(event, undefined, stripe.sessionOf(one.number).success_url)
    const again = await cli(...part)
    assert.deepEqual([again.exitCode, again.error?.code], [1, 'refund_made'])
    const [, id = ''] = /--again (\d+)/.exec(away.error?.message ?? '') ?? []
    const named = await cli('order', 'refund', one.number, '--again', id)
    assert.deepEqual([named.exitCode, named.state], [0, 'refunded'])
    assert.equal((await cli('order', 'refund', one.number, '--again', '999999')).exitCode, 1)
    assert.deepEqual([await balanceOf(one), stripe.refundsOf(one.number).length], [6e9, 1])
    assert.equal((await cli(...part, '--another')).exitCode, 0)
    assert.deepEqual([await balanceOf(one), stripe.refundsOf(one.number).length], [2e9, 2])
  })

  test('is told where a refund stands that an event has ended otherwise meanwhile', async () => {
    const [one, other] = [await paidOrder(10), await paidOrder(10)]
    const provider = present(payments.providers.stripe)
    /** Answers `state`, after an event that says otherwise has come. */
    const answering = (state: 'done' | 'failed') => {
      const refund: typeof provider.refund = async (order, { reversalId, amountMinor }) => {
        const ref = `re_${reversalId}`
        const paymentRef = present(order.paymentRef)
        const [currency, ownId] = [order.currency, reversalId]
        const otherwise = state === 'done' ? 'failed' : 'done'
        const fact = { kind: 'refund', ref, paymentRef, currency, amountMinor, ownId } as const
        const told = { provider: provider.name }
        await bookReversal(pool, order, told, { ...fact, state: otherwise })
        return state === 'done' ? { state, ref } : { state: 'refused', why: 'it says so' }
      }
      return { ...payments, providers: { stripe: { ...provider, refund } } }
    }
    const all = { amountMinor: null, actor: 'test' }
    const read = async (it: typeof one) => present(await readOrder(pool, idOf(it)))
    const failed = await refundOrder(answering('done'), await read(one), all)
    assert.deepEqual(
      [failed.state, await balanceOf(one), await stateOf(one)],
      ['failed', 10e9, 'paid'],
    )
    // The money has gone back: an older answer does not give its credit again.
    const made = await refundOrder(answering('failed'), await read(other), all)
    assert.deepEqual([made.state, await balanceOf(other)], ['refunded', 0])
  })

  test('begins no more refunds of an order than are read, and says what to do then', async () => {
    const one = await paidOrder(10)
    const id = Buffer.from(one.number, 'hex')
    const { refundsMax } = limits.payments
    await sql(
      `insert into order_reversals (order_id, kind, state, provider, amount_minor, nanos, actor)
       select o.id, 'refund', 'failed', 'stripe', 1, 0, 'test'
         from orders o join (
                with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
                select i from n) many where o.public_id = ?`,
      [refundsMax, id],
    )
    const refused = await cli('order', 'refund', one.number, '--amount', '1')
    assert.deepEqual([refused.exitCode, refused.error?.code], [1, 'not_refundable'])
    assert.match(refused.error?.message ?? '', /at the provider/)
    await stripe.refundElsewhere(one.number, 100)
    assert.equal(await balanceOf(one), 9e9)
  })

  test('gives back what was paid at the gateway, and books what was paid late by asking', async () => {
    const late = await expired('epay')
    epay.tradeOf(late.number).status = 1
    const checked = await cli('order', 'check', late.number)
    assert.deepEqual([checked.verdict, await balanceOf(late)], ['credited', 5e9])
    assert.equal((await cli('order', 'refund', late.number)).exitCode, 0)
    assert.deepEqual([await balanceOf(late), epay.tradeOf(late.number).refunded], [0, 36])
    assert.equal((await cli('order', 'show', 'f'.repeat(32))).exitCode, 1)
  })

  test('decides about what was paid long after its order had ended, and nobody else', async () => {
    const late = await expired('epay', limits.payments.onItsWayDaysMax + 1)
    epay.tradeOf(late.number).status = 1
    for (const times of [1, 2]) {
      assert.equal((await cli('order', 'check', late.number)).exitCode, 1)
      assert.deepEqual([await balanceOf(late), await stateOf(late)], [0, 'expired'])
      const { events } = await cli('order', 'show', late.number)
      assert.deepEqual(
        (events as { verdict: string; times: number }[]).map((it) => [it.verdict, it.times]),
        [['late', times]],
      )
    }
    const booked = await cli('order', 'check', late.number, '--late')
    assert.deepEqual([booked.verdict, await balanceOf(late)], ['credited', 5e9])
  })
})

test('an order that has ended while its provider was asked is not called payable', async () => {
  const one = await tills.order(5, 'stripe')
  const order = present(await readOrder(pool, idOf(one)))
  assert.equal(await makePayable(payments, order), 'payable')
  await sql(`update orders set state = 'expired' where public_id = ?`, [idOf(one)])
  assert.equal(await makePayable(payments, order), 'over')
})
