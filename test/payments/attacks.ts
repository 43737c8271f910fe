import type { Line, Tills } from './tills.ts'
import { handsOn, type Ordered } from './hands.ts'

type Attack = {
  name: string
  /** What its one line says. */
  says: Partial<Line>
  work(): Promise<Ordered>
}

const forged = (why: string) => ({ event: 'payment_event_forged', why })
const verdict = (said: string) => ({ event: 'payment_event', verdict: said })

/** What attackers do. */
function toolsOf(tills: Tills) {
  const { order, fakes } = tills
  const { stripe, epay } = fakes
  const { postStripe, notifyEpay } = handsOn(tills)
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
  const notice = async (one: Ordered, changes: Record<string, string>) => {
    await notifyEpay(epay.noticeOf(epay.tradeOf(one.number), changes))
    return one
  }
  return { sessionWith, paid, notice }
}

/** Through Stripe, or in its name. */
function throughStripe(tills: Tills): Attack[] {
  const { order } = tills
  const { sessionWith, paid } = toolsOf(tills)
  return [
    {
      name: 'signed by somebody else',
      says: forged('bad_signature'),
      work: () => paid(5.42, 'stripe'),
    },
    { name: 'cut short', says: forged('bad_signature'), work: () => paid(5.43, 'stripe') },
    { name: 'signed an hour ago', says: forged('clock_off'), work: () => paid(5.48, 'stripe') },
    { name: 'of a hundredth', says: verdict('mismatch'), work: () => paid(5.44, 'stripe') },
    { name: 'of more than is asked', says: verdict('mismatch'), work: () => paid(5.5, 'stripe') },
    { name: 'in another currency', says: verdict('mismatch'), work: () => paid(5.45, 'stripe') },
    { name: 'of nothing paid', says: verdict('noted'), work: () => paid(5.49, 'stripe') },
    {
      name: 'of another checkout with the order’s number',
      says: verdict('foreign'),
      work: async () => sessionWith(await order(5, 'stripe'), { id: 'cs_test_of_mine' }),
    },
  ]
}

/** Events of Stripe's that are about something else. */
function foreignToStripe(tills: Tills): Attack[] {
  const { order, fakes } = tills
  const { postStripe, expired, stateOf } = handsOn(tills)
  const { sessionWith } = toolsOf(tills)
  /** A payment whose event says something else of itself. */
  const paidWith = async (more: object) => {
    const one = await order(5, 'stripe')
    const paid = { ...fakes.stripe.sessionOf(one.number), payment_status: 'paid' }
    await postStripe(fakes.stripe.eventOf('checkout.session.completed', paid, more))
    return one
  }
  return [
    {
      name: 'of a payment link, whose payer has put the order’s number into its address',
      says: verdict('unknown'),
      async work() {
        const one = await order(5, 'stripe')
        // The relay ended before it had heard of its own checkout.
        const forgotten = `update orders set provider_ref = null where hex(public_id) = ?`
        await tills.books.sql(forgotten, [one.number])
        return sessionWith(one, { id: 'cs_test_link', metadata: {} })
      },
    },
    {
      name: 'of the end of another checkout with the order’s number',
      says: verdict('foreign'),
      async work() {
        const one = await order(5, 'stripe')
        const other = { ...fakes.stripe.sessionOf(one.number), id: 'cs_test_of_mine' }
        await postStripe(fakes.stripe.eventOf('checkout.session.expired', other))
        if ((await stateOf(one)) !== 'pending') throw new Error('it has ended the order')
        return one
      },
    },
    {
      name: 'of an account that is connected to the operator’s',
      says: forged('wrong_merchant'),
      work: () => paidWith({ account: 'acct_of_mine' }),
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
      work: () => paidWith({ livemode: true }),
    },
    {
      name: 'after the order has expired',
      says: verdict('late'),
      work: async () => sessionWith(await expired('stripe'), { payment_intent: 'pi_late' }),
    },
  ]
}

/** Through a gateway of epay's kind, or in its name. */
function throughEpay(tills: Tills): Attack[] {
  const { order } = tills
  const { epay } = tills.fakes

  const { paid, notice } = toolsOf(tills)
  return [
    {
      name: 'of the gateway, forged',
      says: forged('bad_signature'),
      work: () => paid(5.42, 'epay'),
    },
    {
      name: 'of the gateway, cut short',
      says: forged('bad_signature'),
      work: () => paid(5.43, 'epay'),
    },
    {
      name: 'of the gateway, 0.01 paid',
      says: verdict('mismatch'),
      work: () => paid(5.44, 'epay'),
    },
    {
      name: 'of the gateway, more paid than is asked',
      says: verdict('mismatch'),
      work: () => paid(5.5, 'epay'),
    },
    {
      name: 'of the gateway, which says it was paid to another merchant',
      says: verdict('again'),
      work: () => paid(5.45, 'epay'),
    },
    {
      name: 'of the gateway, which answers about another order',
      says: verdict('again'),
      async work() {
        const one = await order(5, 'epay')
        Object.assign(epay.tradeOf(one.number), { status: 1, number: 'f'.repeat(32) })
        return notice(one, { out_trade_no: one.number })
      },
    },
    {
      name: 'of the gateway, which has no answer',
      says: verdict('unconfirmed'),
      async work() {
        const one = await order(5, 'epay')
        Object.assign(epay.tradeOf(one.number), { status: 1, code: -1 })
        return notice(one, {})
      },
    },
    {
      name: 'of the gateway, not paid',
      says: verdict('unconfirmed'),
      work: () => paid(5.49, 'epay'),
    },
  ]
}

/** Notices of the gateway that are about something else. */
function foreignToEpay(tills: Tills): Attack[] {
  const { order } = tills
  const { epay } = tills.fakes
  const { expired } = handsOn(tills)
  const { notice } = toolsOf(tills)
  return [
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
}

/** All ways in which somebody who has not paid for it may say that an order was. */
export const attacksOn = (tills: Tills): Attack[] => [
  ...throughStripe(tills),
  ...foreignToStripe(tills),
  ...throughEpay(tills),
  ...foreignToEpay(tills),
]
