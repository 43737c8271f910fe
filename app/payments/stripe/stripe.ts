import Stripe from 'stripe'
import { fetch, type RequestInit } from 'undici'
import type { Proxies } from '../../config/proxies.ts'
import type { StripeSettings } from '../../config/payments.ts'
import { limits } from '../../config/limits.ts'
import { bounded, proxiedAgent } from '../../http/http.server.ts'
import { orderPath } from '../../paths.ts'
import { formatMinor, rateOfUsd } from '../../values/payments/payment-money.ts'
import { orderNumber, type Order } from '../order.ts'
import { ForgedEvent, ProviderAway, type Found, type PaymentProvider } from '../provider.ts'
import { factOf, idIn } from './facts.ts'

/** What this program was written for; Stripe keeps to it whatever the account's own version is. */
const apiVersion = '2026-10-28.endive'

type FetchLike = NonNullable<Parameters<typeof Stripe.createFetchHttpClient>[0]>
type Session = Stripe.Checkout.Session
type Options = {
  settings: StripeSettings
  appUrl: string
  proxies: Proxies | undefined
  askMsMax: number
}

function clientOf({ settings: { secretKey, apiUrl }, proxies, askMsMax }: Options): Stripe {
  const { hostname, port, protocol } = new URL(apiUrl)
  const dispatcher = proxies && proxiedAgent(proxies)
  // The package asks as browsers do, and reads answers whole; undici's own types are a little different.
  const ask = (async (url: string, init: RequestInit) => {
    const answer = await fetch(url, {
      ...init,
      redirect: 'error',
      ...(dispatcher && { dispatcher }),
    })
    return bounded(answer as unknown as Response, limits.payments.answerBytesMax)
  }) as unknown as FetchLike
  return new Stripe(secretKey, {
    apiVersion,
    host: hostname,
    ...(port && { port }),
    protocol: protocol === 'http:' ? 'http' : 'https',
    timeout: askMsMax,
    // Whoever waits is told, and what was not answered is asked again later.
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(ask),
  })
}

/** Whatever goes wrong on the way is an outage; an answer that refuses is for whoever asked to see. */
async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new ProviderAway('Stripe did not answer as it should', { cause })
  }
}

/** Another account's, or none's: after the operator has changed theirs nobody here can ask or stop it. */
const isMissing = ({ cause }: ProviderAway) =>
  cause instanceof Stripe.errors.StripeInvalidRequestError && cause.code === 'resource_missing'

const isRefusal = ({ cause }: ProviderAway) =>
  cause instanceof Stripe.errors.StripeInvalidRequestError

/** What becomes of a payment that was begun and has not come yet, as a bank transfer may take days. */
const foundOnItsWay = ({ payment_intent: payment }: Session): Found => {
  const status = typeof payment === 'object' ? payment?.status : undefined
  const isLost = status === 'canceled' || status === 'requires_payment_method'
  return isLost ? { state: 'failed' } : { state: 'open', isOnItsWay: true }
}

/** What a checkout says of its payment. */
function foundIn(session: Session): Found {
  if (session.payment_status === 'paid')
    return {
      state: 'paid',
      providerRef: session.id,
      paymentRef: idIn(session.payment_intent),
      currency: session.currency ?? '',
      amountMinor: session.amount_total ?? -1,
    }
  if (session.status === 'complete') return foundOnItsWay(session)
  return { state: session.status === 'expired' ? 'closed' : 'open' }
}

const sessionFor = (order: Order, appUrl: string): Stripe.Checkout.SessionCreateParams => {
  const number = orderNumber(order)
  const page = appUrl + orderPath(number)
  const metadata = { order: number }
  return {
    mode: 'payment',
    // For whoever looks at Stripe's own pages; no event is believed for it.
    client_reference_id: number,
    metadata,
    payment_intent_data: { metadata },
    adaptive_pricing: { enabled: false },
    expires_at: Math.floor(order.expiresAt.getTime() / 1_000),
    // What it says is no proof: the page asks.
    success_url: `${page}?back=1`,
    cancel_url: page,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: order.currency.toLowerCase(),
          unit_amount: order.amountMinor,
          product_data: { name: `API credit ${formatMinor(order.amountMinor)} ${order.currency}` },
        },
      },
    ],
  }
}

/** A payment through Stripe's Checkout. */
export function stripeProvider(options: Options): PaymentProvider {
  const { settings, appUrl } = options
  const stripe = clientOf(options)
  const isLive = !/^.k_test_/.test(settings.secretKey)
  const { sessions } = stripe.checkout
  return {
    name: 'stripe',
    currency: 'USD',
    rate: rateOfUsd,
    isAskedFirst: false,
    async create(order) {
      const idempotencyKey = `order-${orderNumber(order)}`
      const wish = sessionFor(order, appUrl)
      const session = await asked(sessions.create(wish, { idempotencyKey }))
      if (!session.url) throw new ProviderAway('a checkout without an address')
      return { payUrl: session.url, providerRef: session.id }
    },
    verifyEvent({ body, signature }) {
      const event = verified(stripe, { body, signature, secret: settings.webhookSecret })
      if (event.livemode !== isLive || event.account) throw new ForgedEvent('wrong_merchant')
      return { id: event.id, kind: event.type, fact: factOf(event) }
    },
    async query({ providerRef }) {
      if (providerRef === null) return { state: 'open' }
      const expand = ['payment_intent']
      try {
        return foundIn(await asked(sessions.retrieve(providerRef, { expand })))
      } catch (error) {
        if (error instanceof ProviderAway && isMissing(error)) return { state: 'open' }
        throw error
      }
    },
    async close({ providerRef }) {
      // Where it was paid a moment ago Stripe refuses, and the order is asked about once more.
      if (providerRef === null) return
      try {
        await asked(sessions.expire(providerRef))
      } catch (error) {
        if (error instanceof ProviderAway && isMissing(error)) return
        throw error
      }
    },
    refund: (order, ask) => refund(stripe, order, ask),
    async findOrder(paymentRef) {
      try {
        return (await asked(stripe.paymentIntents.retrieve(paymentRef))).metadata.order
      } catch (error) {
        if (error instanceof ProviderAway && isRefusal(error)) return undefined
        throw error
      }
    },
  }
}

type Signed = { body: Buffer; signature: string | null; secret: string }

function verified(stripe: Stripe, { body, signature, secret }: Signed): Stripe.Event {
  const { toleranceSeconds } = limits.payments
  try {
    return stripe.webhooks.constructEvent(body, signature ?? '', secret, toleranceSeconds)
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeSignatureVerificationError))
      throw new ForgedEvent('not_readable')
    // Its signature may be right, and one of the two machines' clocks wrong.
    throw new ForgedEvent(/tolerance/.test(error.message) ? 'clock_off' : 'bad_signature')
  }
}

type RefundAsk = Parameters<PaymentProvider['refund']>[1]

async function refund(stripe: Stripe, order: Order, ask: RefundAsk) {
  const { reversalId, amountMinor, mayBeDone } = ask
  const payment_intent = order.paymentRef
  if (payment_intent === null) return { state: 'refused', why: 'no payment is known' } as const
  const metadata = { reversal: String(reversalId), order: orderNumber(order) }
  const wish = { payment_intent, amount: amountMinor, metadata }
  const idempotencyKey = `refund-${orderNumber(order)}-${reversalId}`
  try {
    // A key of idempotency is forgotten after some days; the refund itself is not.
    const before = mayBeDone
      ? await asked(stripe.refunds.list({ payment_intent, limit: limits.payments.refundsMax }))
      : { data: [] }
    const made =
      before.data.find((it) => it.metadata?.reversal === metadata.reversal) ??
      (await asked(stripe.refunds.create(wish, { idempotencyKey })))
    if (made.status === 'failed' || made.status === 'canceled')
      return { state: 'refused', why: `Stripe says it has ${made.status}` } as const
    return { state: 'done', ref: made.id } as const
  } catch (error) {
    if (!(error instanceof ProviderAway) || !isRefusal(error)) throw error
    return { state: 'refused', why: (error.cause as Error).message } as const
  }
}
