import { request, type Dispatcher } from 'undici'
import { z } from 'zod'
import type { EpaySettings } from '../../config/payments.ts'
import type { Proxies } from '../../config/proxies.ts'
import { limits } from '../../config/limits.ts'
import { proxiedAgent } from '../../http/http.server.ts'
import { epayNotifyPath, orderPath } from '../../paths.ts'
import { parseJsonExactly } from '../../values/payments/exact-json.ts'
import { formatMinor, parseMinor } from '../../values/payments/payment-money.ts'
import { formatUsdShort } from '../../values/money.ts'
import { orderNumber, type Order } from '../order.ts'
import { ForgedEvent, ProviderAway, type Found, type PaymentProvider } from '../provider.ts'
import { eventIdOf, isSignedBy, signatureOf } from './sign.ts'

/** Gateways write numbers as such or in quotes; each is read as its text. */
const word = z.string().max(200)
const Answer = z.looseObject({ code: word, msg: z.string().max(1_000).nullish() })
const Paid = z.looseObject({
  trade_no: word,
  out_trade_no: word,
  pid: word,
  money: word,
  status: word,
})

type Options = {
  settings: EpaySettings
  appUrl: string
  proxies: Proxies | undefined
  askMsMax: number
}

/** Asks the gateway for an answer of its API, which says by a code of 1 that there is one. */
function askerOf({ settings, proxies, askMsMax }: Options) {
  const { url, merchant, key } = settings
  const dispatcher: Dispatcher | undefined = proxies && proxiedAgent(proxies)
  return async (act: 'order' | 'refund', more: Record<string, string>) => {
    const params = new URLSearchParams({ act, pid: merchant, key, ...more })
    const { answerBytesMax } = limits.payments
    const isRead = act === 'order'
    try {
      const answer = await request(`${url}/api.php?${isRead ? params.toString() : `act=${act}`}`, {
        method: isRead ? 'GET' : 'POST',
        signal: AbortSignal.timeout(askMsMax),
        ...(!isRead && {
          body: params.toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
        ...(dispatcher && { dispatcher }),
      })
      return Answer.parse(parseJsonExactly(await textOf(answer, answerBytesMax)))
    } catch (cause) {
      throw new ProviderAway('the gateway did not answer as it should', { cause })
    }
  }
}

/** A short answer, whole. */
async function textOf({ statusCode, body }: Dispatcher.ResponseData, bytesMax: number) {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of body as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > bytesMax) throw new ProviderAway('an answer without end')
    pieces.push(piece)
  }
  if (statusCode !== 200) throw new ProviderAway(`status ${statusCode}`)
  return Buffer.concat(pieces).toString()
}

/** Where an order is paid: a page of the gateway, told by its address what for. */
function payUrl(order: Order, { settings, appUrl }: Options): string {
  const params = new URLSearchParams({
    pid: settings.merchant,
    out_trade_no: orderNumber(order),
    notify_url: appUrl + epayNotifyPath,
    return_url: appUrl + orderPath(orderNumber(order)),
    name: `API credit ${formatUsdShort(order.creditNanos)} USD`,
    money: formatMinor(order.amountMinor),
  })
  params.set('sign', signatureOf(params, settings.key))
  params.set('sign_type', 'MD5')
  return `${settings.url}/submit.php?${params.toString()}`
}

const paramsOf = (query: string, body: Buffer) =>
  new URLSearchParams(body.length > 0 ? body.toString() : query)

/** What the gateway says of one order, when it is asked. All of it must be about that order. */
async function query(order: Order, ask: ReturnType<typeof askerOf>, settings: EpaySettings) {
  const answer = await ask('order', { out_trade_no: orderNumber(order) })
  // It knows no such order before somebody has chosen how to pay.
  if (answer.code !== '1') return { state: 'open' } satisfies Found
  const { data } = Paid.safeParse(answer)
  const isIts = data?.out_trade_no === orderNumber(order) && data.pid === settings.merchant
  if (!data || !isIts) throw new ProviderAway('the gateway has answered about another order')
  if (data.status !== '1') return { state: 'open' } satisfies Found
  return {
    state: 'paid',
    providerRef: data.trade_no,
    paymentRef: data.trade_no,
    currency: 'CNY',
    // What is no amount is not that of the order.
    amountMinor: parseMinor(data.money) ?? -1,
  } satisfies Found
}

/**
 * A payment through a gateway that speaks the protocol of epay (易支付), as operators in China run
 * them. Its events are only hints: an order is credited for what the gateway answers to ourselves.
 */
export function epayProvider(options: Options): PaymentProvider {
  const { settings } = options
  const ask = askerOf(options)
  return {
    name: 'epay',
    currency: 'CNY',
    rate: settings.rate,
    isAskedFirst: true,
    create: (order) => Promise.resolve({ payUrl: payUrl(order, options), providerRef: null }),
    verifyEvent({ query, body }) {
      const params = paramsOf(query, body)
      if (!isSignedBy(params, settings.key)) throw new ForgedEvent('bad_signature')
      if (params.get('pid') !== settings.merchant) throw new ForgedEvent('wrong_merchant')
      // The way to pay is signed by the same key over the same fields, and its payer has it.
      if (!params.get('trade_status') || !params.get('trade_no')) throw new ForgedEvent('no_event')
      const orderId = params.get('out_trade_no') ?? ''
      const providerRef = params.get('trade_no') ?? ''
      const kind = (params.get('trade_status') ?? '').replace(/[^\w.]/g, '').slice(0, 64)
      const amountMinor = parseMinor(params.get('money') ?? '') ?? -1
      const paid = { providerRef, paymentRef: providerRef, currency: 'CNY', amountMinor }
      const fact =
        kind === 'TRADE_SUCCESS'
          ? ({ about: 'payment', orderId, ...paid } as const)
          : ({ about: 'nothing' } as const)
      return { id: eventIdOf(params), kind, fact }
    },
    query: (order) => query(order, ask, settings),
    // The gateway has no way to say so: what is paid after all is seen by whoever asks.
    close: () => Promise.resolve(),
    async refund(order, { amountMinor, mayBeDone }) {
      if (mayBeDone) {
        const why = 'it was asked for before, and the gateway cannot be asked whether it was made'
        return { state: 'unsure', why }
      }
      const number = orderNumber(order)
      const money = formatMinor(amountMinor)
      const trade = order.providerRef ?? ''
      const answer = await ask('refund', { trade_no: trade, out_trade_no: number, money })
      if (answer.code === '1') return { state: 'done', ref: null }
      return { state: 'refused', why: answer.msg ?? `code ${answer.code}` }
    },
    findOrder: () => Promise.resolve(undefined),
  }
}
