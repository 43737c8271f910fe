import { createHmac, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { stripeEventsPath } from '../../../app/paths.ts'
import { faultOf, questionsHung, type Fault } from './faults.ts'
import { deliver, formOf, sendJson, sendPayPage, sendTo } from './respond.ts'

type Session = {
  id: string
  object: 'checkout.session'
  url: string
  status: 'open' | 'complete' | 'expired'
  payment_status: 'paid' | 'unpaid'
  payment_intent: string | null
  amount_total: number
  currency: string
  client_reference_id: string
  metadata: Record<string, string>
  success_url: string
}
type Refund = {
  id: string
  object: 'refund'
  payment_intent: string
  amount: number
  currency: string
  status: string
  metadata: Record<string, string>
}
type Kept = {
  session: Session
  fault: Fault | undefined
  name: string
  hung: number
  /** Of its payment, where it has not simply succeeded. */
  payment?: 'processing' | 'canceled'
}
type Delivery = { url: string; body: string }

const newId = (prefix: string) => `${prefix}_${randomBytes(12).toString('hex')}`
const metadataIn = (form: URLSearchParams, at = 'metadata') =>
  Object.fromEntries(
    [...form].flatMap(([name, value]) => {
      const key = name.startsWith(`${at}[`) ? name.slice(at.length + 1, -1) : undefined
      return key === undefined ? [] : [[key, value]]
    }),
  )

const notFound = {
  error: {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: 'No such object',
  },
}
const refusal = (message: string) => ({ error: { type: 'invalid_request_error', message } })

/** Checkout, refunds and disputes as Stripe's API has them, as far as a relay asks. */
export class FakeStripe {
  readonly secretKey = `sk_test_${randomBytes(12).toString('hex')}`
  readonly webhookSecret = `whsec_${randomBytes(24).toString('hex')}`
  url = ''
  /** Where events go besides where the order came from: to other replicas. */
  alsoTo: string[] = []
  /** What nobody has taken yet; Stripe sends it again. */
  undelivered: Delivery[] = []
  /** Whether whoever asks for a refund is told of it. */
  answersRefunds = true
  /** Nobody gets an answer. */
  isAway = false
  private readonly kept = new Map<string, Kept>()
  private readonly refunds: Refund[] = []
  private readonly answers = new Map<string, unknown>()

  handle = async (req: IncomingMessage, res: ServerResponse): Promise<unknown> => {
    const { pathname, searchParams } = new URL(req.url ?? '/', this.url)
    const [, root, ...parts] = pathname.split('/')
    if (this.isAway) return res.destroy()
    if (root === 'pay') return this.payPage(req, res, parts[0] ?? '')
    if (req.headers.authorization !== `Bearer ${this.secretKey}`)
      return sendJson(res, 401, { error: { type: 'invalid_request_error', message: 'Bad key' } })
    const path = `${req.method} ${parts.join('/')}`
    const form = req.method === 'POST' ? await formOf(req) : searchParams
    const key = req.headers['idempotency-key']
    const before = typeof key === 'string' ? this.answers.get(key) : undefined
    if (before) return sendJson(res, 200, before)
    const made = this.answer(path, form)
    if (made === 'hangs') return
    if (made === 'dies') return res.destroy()
    if (!made) return sendJson(res, 404, notFound)
    if (typeof key === 'string' && !('error' in made)) this.answers.set(key, made)
    return sendJson(res, 'error' in made ? 400 : 200, made)
  }

  private answer(path: string, form: URLSearchParams): object | 'hangs' | 'dies' | undefined {
    if (path === 'POST checkout/sessions') return this.create(form)
    if (path === 'POST refunds') {
      const made = this.refundFor(form)
      return this.answersRefunds ? made : 'dies'
    }
    if (path === 'GET refunds') {
      const payment = form.get('payment_intent')
      return { object: 'list', data: this.refunds.filter((it) => it.payment_intent === payment) }
    }
    const [, session, verb] = /^\w+ checkout\/sessions\/(\w+)(\/expire)?$/.exec(path) ?? []
    if (session) return verb ? this.expire(session) : this.look(session, form)
    const payment = /^GET payment_intents\/(\w+)$/.exec(path)?.[1]
    const paid = [...this.kept.values()].find((it) => it.session.payment_intent === payment)
    return payment && paid
      ? { id: payment, object: 'payment_intent', metadata: paid.session.metadata }
      : undefined
  }

  private create(form: URLSearchParams): Session {
    const id = newId('cs_test')
    const price = 'line_items[0][price_data]'
    const name = form.get(`${price}[product_data][name]`) ?? ''
    const session: Session = {
      id,
      object: 'checkout.session',
      url: `${this.url}/pay/${id}`,
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      amount_total: Number(form.get(`${price}[unit_amount]`)),
      currency: form.get(`${price}[currency]`) ?? '',
      client_reference_id: form.get('client_reference_id') ?? '',
      metadata: metadataIn(form),
      success_url: form.get('success_url') ?? '',
    }
    this.kept.set(id, { session, fault: faultOf(name), name, hung: 0 })
    return session
  }

  private look(id: string, form: URLSearchParams) {
    const kept = this.kept.get(id)
    if (kept?.fault === 'hang' && kept.hung++ < questionsHung) return 'hangs'
    if (!kept || form.get('expand[0]') !== 'payment_intent') return kept?.session
    const { session, payment = 'succeeded' } = kept
    const { payment_intent: paid } = session
    return { ...session, payment_intent: paid && { id: paid, status: payment } }
  }

  private expire(id: string) {
    const session = this.kept.get(id)?.session
    if (!session) return undefined
    if (session.status !== 'open') return refusal('Only open sessions can be expired.')
    session.status = 'expired'
    return session
  }

  private refundFor(form: URLSearchParams): object {
    const payment_intent = form.get('payment_intent') ?? ''
    const amount = Number(form.get('amount'))
    const given = this.refunds.filter((it) => it.payment_intent === payment_intent)
    const paid = [...this.kept.values()].find((it) => it.session.payment_intent === payment_intent)
    const sum = given.reduce((all, it) => all + it.amount, amount)
    if (!paid || sum > paid.session.amount_total)
      return refusal('Refund amount is greater than unrefunded amount on charge')
    const { currency } = paid.session
    const metadata = metadataIn(form)
    const id = newId('re')
    const refund: Refund = {
      id,
      object: 'refund',
      payment_intent,
      amount,
      currency,
      status: 'succeeded',
      metadata,
    }
    this.refunds.push(refund)
    return refund
  }

  /** What was given back of an order through the API. */
  refundsOf = (order: string): Refund[] =>
    this.refunds.filter((it) => it.payment_intent === this.sessionOf(order).payment_intent)

  /** The checkout of an order. */
  sessionOf = (order: string): Session => {
    const found = [...this.kept.values()].find(({ session }) => session.metadata.order === order)
    if (!found) throw new Error(`Stripe knows no order ${order}`)
    return found.session
  }

  private async payPage(req: IncomingMessage, res: ServerResponse, id: string) {
    const kept = this.kept.get(id)
    if (!kept) return sendJson(res, 404, notFound)
    const { session, name } = kept
    if (req.method === 'POST') {
      await this.pay(session.metadata.order ?? '')
      return sendTo(res, session.success_url)
    }
    const amount = `${(session.amount_total / 100).toFixed(2)} ${session.currency.toUpperCase()}`
    sendPayPage(res, { title: 'Stand-in for Stripe', what: name, amount, action: `/pay/${id}` })
  }

  /** What the payer does; answers how its events were taken. */
  async pay(order: string): Promise<number[]> {
    const session = this.sessionOf(order)
    const fault = this.kept.get(session.id)?.fault
    if (session.status === 'open' && fault !== 'not-paid') {
      session.status = 'complete'
      session.payment_status = fault === 'transfer' ? 'unpaid' : 'paid'
      session.payment_intent = newId('pi')
      if (fault === 'less')
        session.amount_total = Math.max(1, Math.floor(session.amount_total / 100))
      if (fault === 'more') session.amount_total += 100
      if (fault === 'other-currency') session.currency = 'jpy'
    }
    if (fault === 'transfer') this.endTransfer(order, 'processing')
    if (fault === 'silent' || fault === 'hang') return []
    const event = this.eventOf('checkout.session.completed', session)
    return this.send(event, fault, session.success_url)
  }

  /** What becomes of a transfer of which nobody is told; `paid` where it has come. */
  endTransfer(order: string, state: 'processing' | 'canceled' | 'paid') {
    const session = this.sessionOf(order)
    const kept = this.kept.get(session.id)
    if (state === 'paid') session.payment_status = 'paid'
    else if (kept) kept.payment = state
  }

  /** Stripe has never heard of an order, as after the account was exchanged for another. */
  forget(order: string) {
    this.kept.delete(this.sessionOf(order).id)
  }

  /** An event as Stripe writes it. */
  eventOf = (type: string, object: object, more: object = {}): string =>
    JSON.stringify({
      id: newId('evt'),
      object: 'event',
      api_version: '2026-10-28.endive',
      created: Math.floor(Date.now() / 1_000),
      livemode: false,
      type,
      data: { object },
      ...more,
    })

  /** Signs a body as Stripe does. */
  signatureOf(body: string, { atMs = Date.now(), secret = this.webhookSecret } = {}): string {
    const t = Math.floor(atMs / 1_000)
    const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')
    return `t=${t},v1=${v1}`
  }

  /** Sends an event with its fault to every replica; what is not taken is kept for later. */
  async send(body: string, fault: Fault | undefined, from: string): Promise<number[]> {
    const urls = [new URL(from).origin, ...this.alsoTo]
    const each = fault === 'double' ? [...urls, ...urls] : urls
    const atMs = Date.now() - (fault === 'clock-off' ? 3_600_000 : 0)
    const secret = fault === 'forged' ? 'whsec_somebody_else' : this.webhookSecret
    const signature = this.signatureOf(body, { atMs, secret })
    const sent = fault === 'truncated' ? body.slice(0, -20) : body
    return Promise.all(each.map((url) => this.post({ url, body: sent }, signature)))
  }

  private async post({ url, body }: Delivery, signature: string): Promise<number> {
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature }
    const status = await deliver(url + stripeEventsPath, { method: 'POST', headers, body })
    if (status === 0 || status >= 500) this.undelivered.push({ url, body })
    return status
  }

  /** Sends again what nobody has taken; answers the statuses. */
  redeliver(): Promise<number[]> {
    const all = this.undelivered.splice(0)
    return Promise.all(all.map((it) => this.post(it, this.signatureOf(it.body))))
  }

  /** A refund made on Stripe's own pages, told as the type says. */
  refundElsewhere(order: string, amount: number, { status = 'succeeded', id = newId('re') } = {}) {
    const session = this.sessionOf(order)
    const { payment_intent, currency, success_url } = session
    const refund = { id, object: 'refund', payment_intent, amount, currency, status, metadata: {} }
    return this.send(this.eventOf('refund.updated', refund), undefined, success_url)
  }

  /** A dispute in this state. */
  dispute(
    order: string,
    amount: number,
    { type = 'charge.dispute.created', status = 'needs_response', id = newId('dp') } = {},
  ) {
    const { payment_intent, currency, success_url } = this.sessionOf(order)
    const dispute = { id, object: 'dispute', payment_intent, amount, currency, status }
    return this.send(this.eventOf(type, dispute), undefined, success_url)
  }
}
