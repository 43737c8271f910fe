import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { billOf, callOf, reserve } from '../../test/books.ts'
import { killPayments } from '../../test/failures/payment-kills.ts'
import { attacksOn } from '../../test/payments/attacks.ts'
import { handsOn } from '../../test/payments/hands.ts'
import { startTills } from '../../test/payments/tills.ts'
import { present } from '../../test/present.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { verify } from '../ledger/ledger.server.ts'
import { stripeEventsPath } from '../paths.ts'
import { creditShare, minorFor, parseMinor, parseRate } from '../values/payments/payment-money.ts'
import { startOrder } from './payments.server.ts'

const tills = await startTills()
after(tills.close)
const { books, fakes, payments, order } = tills
const { stripe, epay } = fakes
const { pool, sql } = books
afterEach(() => expectCleanBooks(pool))

const hands = handsOn(tills)
const { balanceOf, stateOf, postStripe, notifyEpay, makeDue, ask, paidOrder } = hands
const linesSince = (from: number) =>
  tills
    .logged()
    .filter(({ event }) => event.startsWith('payment_event'))
    .slice(from)
const linesNow = () => linesSince(0).length

describe('a payment', () => {
  test('is credited once, however often and on however many replicas it is told', async () => {
    for (const provider of ['stripe', 'epay'] as const) {
      const orders = await Promise.all([5, 5, 10, 5.41].map((usd) => order(usd, provider)))
      const told = provider === 'stripe' ? stripe : epay
      await Promise.all(orders.map(({ number }) => told.pay(number)))
      const bodies = orders.map(({ number }) =>
        stripe.eventOf(
          'checkout.session.completed',
          provider === 'stripe' ? stripe.sessionOf(number) : {},
        ),
      )
      for (const [at, one] of orders.entries()) {
        const again = Array.from({ length: 10 }, () =>
          provider === 'stripe'
            ? postStripe(present(bodies[at]))
            : notifyEpay(epay.noticeOf(epay.tradeOf(one.number))),
        )
        const answers = new Set(await Promise.all(again))
        assert.deepEqual([...answers], [provider === 'stripe' ? 200 : 'success'])
      }
      const balances = await Promise.all(orders.map(balanceOf))
      assert.deepEqual(balances, [5e9, 5e9, 10e9, 5.41e9], provider)
      assert.deepEqual(new Set(await Promise.all(orders.map(stateOf))), new Set(['paid']))
    }
  })

  test('that nobody has told of is found by asking, also when the first answers do not come', async () => {
    for (const [provider, usd] of [
      ['stripe', 5.46],
      ['epay', 5.46],
      ['stripe', 5.47],
      ['epay', 5.47],
    ] as const) {
      const one = await order(usd, provider)
      await (provider === 'stripe' ? stripe : epay).pay(one.number)
      await eventually(`${provider} ${usd} is paid`, async () => {
        await makeDue(one)
        // Two replicas at once.
        await Promise.all([ask(), ask()])
        return (await stateOf(one)) === 'paid'
      })
      assert.equal(await balanceOf(one), usd * 1e9)
    }
  })

  test('is asked for in whole minor units that are never worth less than the credit', async () => {
    const one = await order(5.41, 'epay')
    const text = 'select amount_minor as minor, currency, rate from orders where public_id = ?'
    const [row] = await sql<object>(text, [Buffer.from(one.number, 'hex')])
    // 5.41 times 7.2 are 38.952.
    assert.deepEqual({ ...row }, { minor: 3_896, currency: 'CNY', rate: 7_200_000 })
  })

  test('is of an amount that the operator has set, and an account has few open', async () => {
    const { accountId } = await order(5, 'epay')
    const wish = { accountId, userId: null, provider: 'epay' } as const
    const odd = await startOrder(payments, { ...wish, creditNanos: 1 })
    assert.deepEqual(odd, { state: 'refused', why: 'no such amount' })
    const many = Array.from({ length: 30 }, () =>
      startOrder(payments, { ...wish, creditNanos: 5e9 }),
    )
    const states = (await Promise.all(many)).map((it) => ('why' in it ? it.why : it.state))
    assert.equal(states.filter((it) => it === 'started').length, 19)
    assert.equal(states.filter((it) => it === 'too many open').length, 11)
  })
})

describe('an event credits nothing and leaves one line', () => {
  for (const { name, says, work } of attacksOn(tills)) {
    test(name, async () => {
      const from = linesNow()
      const one = await work()
      assert.equal(await balanceOf(one), 0)
      const lines = linesSince(from)
      assert.equal(lines.length, 1, JSON.stringify(lines))
      const [line] = lines
      for (const [key, value] of Object.entries(says)) assert.equal(line?.[key], value, key)
      assert.doesNotMatch(JSON.stringify(line), /whsec|sk_test|sign=/)
      const text = `select count(*) as entries from entries where account_id = ?`
      const [{ entries } = { entries: -1 }] = await sql<{ entries: number }>(text, [one.accountId])
      assert.equal(entries, 0)
    })
  }

  test('in a way or a length that no event has', async () => {
    const one = await order(5, 'stripe')
    assert.equal(await postStripe('x'.repeat(70_000)), 413)
    assert.equal(await postStripe('not json'), 400)
    assert.equal(await postStripe(JSON.stringify({ id: 1 })), 400)
    const url = present(tills.urls[0]) + stripeEventsPath
    assert.equal((await fetch(url)).status, 405)
    const double = epay.noticeOf(epay.tradeOf((await order(5, 'epay')).number))
    double.append('money', '1')
    assert.equal(await notifyEpay(double), 'fail')
    assert.equal(await balanceOf(one), 0)
  })
})

describe('money that goes back', () => {
  test('is taken in part, several times, never more than was given, and given again once', async () => {
    const one = await paidOrder(10)
    await stripe.refundElsewhere(one.number, 333, { id: 're_first' })
    await stripe.refundElsewhere(one.number, 333, { id: 're_first' })
    assert.equal(await balanceOf(one), 6.67e9)
    await stripe.refundElsewhere(one.number, 667)
    assert.deepEqual([await balanceOf(one), await stateOf(one)], [0, 'refunded'])
    const failed = { id: 're_first', status: 'failed' }
    await stripe.refundElsewhere(one.number, 333, failed)
    await stripe.refundElsewhere(one.number, 333, failed)
    assert.equal(await balanceOf(one), 3.33e9)
    await stripe.refundElsewhere(one.number, 5_000)
    assert.deepEqual([await balanceOf(one), await stateOf(one)], [0, 'refunded'])
  })

  test('twice, by a refund beside a dispute of all, is taken once, and stays so for what stands', async () => {
    const [won, failed] = [await paidOrder(10), await paidOrder(10)]
    await stripe.dispute(won.number, 1_000, { id: 'dp_won' })
    await stripe.refundElsewhere(won.number, 300, { id: 're_stands' })
    assert.deepEqual([await balanceOf(won), await stateOf(won)], [0, 'disputed'])
    const close = { type: 'charge.dispute.closed', status: 'won', id: 'dp_won' }
    await stripe.dispute(won.number, 1_000, close)
    assert.deepEqual([await balanceOf(won), await stateOf(won)], [7e9, 'paid'])
    await stripe.refundElsewhere(won.number, 300, { id: 're_stands', status: 'failed' })
    assert.equal(await balanceOf(won), 10e9)
    await stripe.refundElsewhere(failed.number, 300, { id: 're_fails' })
    await stripe.dispute(failed.number, 1_000)
    await stripe.refundElsewhere(failed.number, 300, { id: 're_fails', status: 'failed' })
    assert.deepEqual([await balanceOf(failed), await stateOf(failed)], [0, 'disputed'])
  })

  test('leaves a balance below zero where it was spent, and then no call is let in', async () => {
    const one = await paidOrder(5)
    const ledger = books.ledger()
    const facts = callOf(one)
    assert.ok((await reserve(ledger, facts, 3e9)).granted)
    await stripe.refundElsewhere(one.number, 500)
    assert.equal(await balanceOf(one), 0)
    const refused = await reserve(ledger, callOf(one), 1)
    assert.deepEqual(
      [refused.granted, 'code' in refused && refused.code],
      [false, 'insufficient_balance'],
    )
    await ledger.settle({ facts, bill: billOf(3e9) })
    assert.equal(await balanceOf(one), -3e9)
  })

  test('by a dispute is taken when it opens and given again when it is won, in any order', async () => {
    const [one, other] = [await paidOrder(10), await paidOrder(10)]
    const close = { type: 'charge.dispute.closed' }
    await stripe.dispute(one.number, 1_000, { id: 'dp_one' })
    assert.deepEqual([await balanceOf(one), await stateOf(one)], [0, 'disputed'])
    await stripe.dispute(one.number, 1_000, { ...close, id: 'dp_one', status: 'won' })
    await stripe.dispute(one.number, 1_000, { id: 'dp_one' })
    assert.deepEqual([await balanceOf(one), await stateOf(one)], [10e9, 'paid'])
    await stripe.dispute(other.number, 1_000, { ...close, id: 'dp_two', status: 'won' })
    await stripe.dispute(other.number, 1_000, { id: 'dp_two' })
    assert.equal(await balanceOf(other), 10e9)
    await stripe.dispute(other.number, 1_000, { ...close, id: 'dp_three', status: 'lost' })
    assert.deepEqual([await balanceOf(other), await stateOf(other)], [0, 'disputed'])
  })

  test('before its payment was told is booked behind the payment', async () => {
    const one = await order(5.46, 'stripe')
    await stripe.pay(one.number)
    await stripe.refundElsewhere(one.number, 546)
    assert.deepEqual([await balanceOf(one), await stateOf(one)], [0, 'refunded'])
    const text = 'select kind from entries where account_id = ? order by seq'
    const kinds = (await sql<{ kind: string }>(text, [one.accountId])).map(({ kind }) => kind)
    assert.deepEqual(kinds, ['topup', 'refund'])
  })
})

test('verify finds an order without its entry, an entry without its order, and wrong reversals', async () => {
  const one = await paidOrder(10)
  await stripe.refundElsewhere(one.number, 400)
  const found = async (change: string, back: string) => {
    const id = Buffer.from(one.number, 'hex')
    await sql(`update orders set ${change} where public_id = ?`, [id])
    const { differences } = await verify(pool, readCosts)
    await sql(`update orders set ${back} where public_id = ?`, [id])
    return differences.map(({ check }) => check)
  }
  const credit = 'credit_nanos = 10000000000'
  assert.deepEqual(await found('credit_nanos = 11000000000', credit), [
    'orders',
    'refunds and disputes',
  ])
  assert.deepEqual(await found(`account_id = account_id + 1`, 'account_id = account_id - 1'), [
    'orders',
    'refunds and disputes',
  ])
  const taken = 'taken_nanos = 4000000000'
  assert.deepEqual(await found('taken_nanos = 1', taken), ['refunds and disputes'])
  const reversed = 'reversed_minor = 400'
  assert.deepEqual(await found('reversed_minor = 401', reversed), ['refunds and disputes'])
  assert.deepEqual(await found(`paid_at = null`, 'paid_at = created_at'), ['orders'])
  const came = 'came_at = null, came_minor = null'
  assert.deepEqual(await found('came_at = created_at, came_minor = 1', came), ['orders'])
})

test('amounts are exact, and rounding has one direction', () => {
  assert.deepEqual(
    ['35', '35.0', '35.00', '35.001', '1e3', '-1', '', '0x1', '35.000'].map(parseMinor),
    [3_500, 3_500, 3_500, undefined, undefined, undefined, undefined, undefined, 3_500],
  )
  assert.deepEqual(['7.2', '0', '7.1234567'].map(parseRate), [7_200_000, undefined, undefined])
  assert.equal(minorFor(1, 7_200_000), 1)
  assert.equal(minorFor(100_000e9, 1_000_000), 10_000_000)
  assert.deepEqual(
    [creditShare(10, 1, 3), creditShare(10, 3, 3), creditShare(10, 4, 3)],
    [3, 10, 10],
  )
})

test('a payment is credited once although the process is killed in the midst of it', async () => {
  const { wrong, after } = await killPayments(tills, 2)
  assert.deepEqual([wrong, after], [[], 2])
})
