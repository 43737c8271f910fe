import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { billOf, callOf, moneyOf, reserve } from '../../test/books.ts'
import { killPayments } from '../../test/payment-kills.ts'
import { startTills, type Line } from '../../test/payments.ts'
import { present } from '../../test/present.ts'
import { epayNotifyPath, stripeEventsPath } from '../paths.ts'
import { parseOrderId } from '../values/order-id.ts'
import { askDue, readOrder, startOrder } from './payments.server.ts'

const tills = await startTills()
after(tills.close)
const { books, fakes, payments, order } = tills
const { stripe, epay } = fakes
const { pool, sql } = books
afterEach(() => expectCleanBooks(pool))

type Ordered = Awaited<ReturnType<typeof order>>
const balanceOf = async (customer: Ordered) => (await moneyOf(books, customer)).balance
const stateOf = async ({ number }: Ordered) =>
  present(await readOrder(pool, present(parseOrderId(number)))).state
const linesSince = (from: number) =>
  tills
    .logged()
    .filter(({ event }) => event.startsWith('payment_event'))
    .slice(from)
const linesNow = () => linesSince(0).length

/** Posts an event to the first replica, and answers the status. */
async function postStripe(body: string, signature = stripe.signatureOf(body), more: object = {}) {
  const headers = { 'stripe-signature': signature }
  const url = present(tills.urls[0]) + stripeEventsPath
  const answer = await fetch(url, { method: 'POST', headers, body, ...more })
  await answer.arrayBuffer()
  return answer.status
}
async function notifyEpay(params: URLSearchParams) {
  const answer = await fetch(`${tills.urls[0]}${epayNotifyPath}?${params.toString()}`)
  return answer.text()
}
const makeDue = ({ number }: Ordered) =>
  sql(`update orders set asked_at = null where public_id = ?`, [Buffer.from(number, 'hex')])
/** Asks about what is due, as every replica does by itself; an outage is thrown at the end. */
const ask = () => askDue(payments, () => undefined, 1_000).catch(() => undefined)

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

type Attack = {
  name: string
  /** What its one line says. */
  says: Partial<Line>
  work(): Promise<Ordered>
}

/** An event of Stripe about an order, with something else in its checkout. */
const sessionWith = async (one: Ordered, changes: object) => {
  const session = { ...stripe.sessionOf(one.number), status: 'complete', payment_status: 'paid' }
  await postStripe(stripe.eventOf('checkout.session.completed', { ...session, ...changes }))
  return one
}
/** Pays an order at the provider that does it wrong. */
const paid = async (usd: number, provider: 'stripe' | 'epay') => {
  const one = await order(usd, provider)
  // Its events are to be told to one replica: each has a line of its own.
  const also = [stripe.alsoTo, epay.alsoTo]
  stripe.alsoTo = epay.alsoTo = []
  await (provider === 'stripe' ? stripe : epay).pay(one.number)
  ;[stripe.alsoTo = [], epay.alsoTo = []] = also
  return one
}
const forged = (why: string) => ({ event: 'payment_event_forged', why })
const verdict = (said: string) => ({ event: 'payment_event', verdict: said })
const notice = async (one: Ordered, changes: Record<string, string>) => {
  await notifyEpay(epay.noticeOf(epay.tradeOf(one.number), changes))
  return one
}
const expired = async (provider: 'stripe' | 'epay') => {
  const one = await order(5, provider)
  const text = `update orders set expires_at = '2026-01-01', asked_at = null where public_id = ?`
  await sql(text, [Buffer.from(one.number, 'hex')])
  await eventually('the order has expired', async () => {
    await ask()
    return (await stateOf(one)) === 'expired'
  })
  return one
}

const attacks: Attack[] = [
  {
    name: 'signed by somebody else',
    says: forged('bad_signature'),
    work: () => paid(5.42, 'stripe'),
  },
  { name: 'cut short', says: forged('bad_signature'), work: () => paid(5.43, 'stripe') },
  { name: 'signed an hour ago', says: forged('clock_off'), work: () => paid(5.48, 'stripe') },
  { name: 'of a hundredth', says: verdict('mismatch'), work: () => paid(5.44, 'stripe') },
  { name: 'in another currency', says: verdict('mismatch'), work: () => paid(5.45, 'stripe') },
  { name: 'of nothing paid', says: verdict('noted'), work: () => paid(5.49, 'stripe') },
  {
    name: 'of another checkout with the order’s number',
    says: verdict('foreign'),
    work: async () => sessionWith(await order(5, 'stripe'), { id: 'cs_test_of_mine' }),
  },
  {
    name: 'of Stripe about an order of the gateway',
    says: verdict('foreign'),
    async work() {
      const [one, own] = [await order(5, 'epay'), await order(5, 'stripe')]
      await sessionWith(own, {
        metadata: { order: one.number },
        amount_total: 3_600,
        currency: 'cny',
      })
      return one
    },
  },
  {
    name: 'of an order that nobody knows',
    says: verdict('unknown'),
    work: async () =>
      sessionWith(await order(5, 'stripe'), { metadata: { order: 'f'.repeat(32) } }),
  },
  {
    name: 'of the live mode, with a key for tests',
    says: forged('wrong_merchant'),
    async work() {
      const one = await order(5, 'stripe')
      const session = { ...stripe.sessionOf(one.number), payment_status: 'paid' }
      await postStripe(stripe.eventOf('checkout.session.completed', session, { livemode: true }))
      return one
    },
  },
  {
    name: 'after the order has expired',
    says: verdict('late'),
    work: async () => sessionWith(await expired('stripe'), { payment_intent: 'pi_late' }),
  },
  { name: 'of the gateway, forged', says: forged('bad_signature'), work: () => paid(5.42, 'epay') },
  {
    name: 'of the gateway, cut short',
    says: forged('bad_signature'),
    work: () => paid(5.43, 'epay'),
  },
  { name: 'of the gateway, 0.01 paid', says: verdict('mismatch'), work: () => paid(5.44, 'epay') },
  {
    name: 'of the gateway, not paid',
    says: verdict('unconfirmed'),
    work: () => paid(5.49, 'epay'),
  },
  {
    name: 'of the gateway about an order of Stripe',
    says: verdict('foreign'),
    async work() {
      const [one, own] = [await order(5, 'stripe'), await order(5, 'epay')]
      await notice(own, { out_trade_no: one.number })
      return one
    },
  },
  {
    name: 'of another merchant of the gateway',
    says: forged('wrong_merchant'),
    work: async () => notice(await order(5, 'epay'), { pid: '1002' }),
  },
  {
    name: 'of the gateway, after the order has expired',
    says: verdict('late'),
    async work() {
      const one = await expired('epay')
      epay.tradeOf(one.number).status = 1
      return notice(one, {})
    },
  },
]

describe('an event credits nothing and leaves one line', () => {
  for (const { name, says, work } of attacks) {
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

const paidOrder = async (usd: number) => {
  const one = await order(usd, 'stripe')
  await stripe.pay(one.number)
  assert.equal(await balanceOf(one), usd * 1e9)
  return one
}

describe('money that goes back', () => {
  test('is taken in part, several times, never more than was given, and given again once', async () => {
    const one = await paidOrder(10)
    await stripe.refundElsewhere(one.number, 333, { id: 're_first' })
    await stripe.refundElsewhere(one.number, 333, { id: 're_first' })
    assert.equal(await balanceOf(one), 6.67e9)
    await stripe.refundElsewhere(one.number, 5_000)
    assert.deepEqual([await balanceOf(one), await stateOf(one)], [0, 'refunded'])
    const failed = { id: 're_first', status: 'failed' }
    await stripe.refundElsewhere(one.number, 333, failed)
    await stripe.refundElsewhere(one.number, 333, failed)
    assert.equal(await balanceOf(one), 3.33e9)
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

test('a payment is credited once although the process is killed in the midst of it', async () => {
  const { wrong, after } = await killPayments(tills, 3)
  assert.deepEqual([wrong, after], [[], 3])
})
