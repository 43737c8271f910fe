import type { IncomingMessage } from 'node:http'
import type { RequestHandler, Response } from 'express'
import { limits } from '../config/limits.ts'
import { BodyTooLarge, readBody } from '../http/http.server.ts'
import { announceMoney } from '../ledger/ledger.server.ts'
import { epayNotifyPath, stripeEventsPath } from '../paths.ts'
import { askDue, createReceiver, dropStrayEvents, hearing } from '../payments/payments.server.ts'
import type { PageServices } from '../services.ts'
import type { PaymentProviderName } from '../values/payments/payment-providers.ts'
import type { Work } from './repeat.ts'

type Receive = ReturnType<typeof createReceiver>
type Received = Awaited<ReturnType<Receive>>

/** Where each sends its events, how, and what it wants to hear. */
const doors: Record<
  string,
  {
    name: PaymentProviderName
    methods: readonly string[]
    answer(received: Received): { status: number; text: string }
  }
> = {
  [stripeEventsPath]: {
    name: 'stripe',
    methods: ['POST'],
    // What was noted is not sent again, whatever it has come to.
    answer: ({ state }) =>
      state === 'done'
        ? { status: 200, text: 'noted' }
        : state === 'forged'
          ? { status: 400, text: 'This event is not signed by Stripe, or not of now.' }
          : { status: 503, text: 'Try again later.' },
  },
  [epayNotifyPath]: {
    name: 'epay',
    methods: ['GET', 'POST'],
    // The gateway repeats whatever is not answered with this one word.
    answer: (received) =>
      received.state === 'done' && received.stands
        ? { status: 200, text: 'success' }
        : { status: received.state === 'again' ? 503 : 200, text: 'fail' },
  },
}

function say(res: Response, { status, text }: { status: number; text: string }) {
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  })
  res.end(text)
}

const queryOf = ({ url = '' }: IncomingMessage) => url.split('?', 2)[1] ?? ''

async function rawEvent(incoming: IncomingMessage) {
  const { eventBytesMax, eventMsMax } = limits.payments
  const body = await readBody(incoming, eventBytesMax, eventMsMax)
  const signature = incoming.headers['stripe-signature']
  return {
    query: queryOf(incoming),
    body,
    signature: typeof signature === 'string' ? signature : null,
  }
}

/**
 * Answers providers of payment at their own addresses, and nobody else: there is no cookie, no form
 * and no guard of browsers here; what is not signed changes nothing.
 */
export function answerPayments({ payments, redis, log }: PageServices): RequestHandler {
  const receive = createReceiver(log, (accountId) => void announceMoney(redis, accountId))
  return (req, res, next) => {
    const door = Object.hasOwn(doors, req.path) ? doors[req.path] : undefined
    const provider = door && payments.providers[door.name]
    if (!door || !provider) return next()
    if (!door.methods.includes(req.method)) {
      res.setHeader('allow', door.methods.join(', '))
      return say(res, { status: 405, text: 'This address is for events of payments.' })
    }
    rawEvent(req)
      .then((raw) => receive({ payments, provider }, raw))
      .then((received) => say(res, door.answer(received)))
      .catch((error: unknown) => {
        if (error instanceof BodyTooLarge)
          return say(res, { status: 413, text: 'This is too long for an event.' })
        next(error)
      })
  }
}

/** Asks about orders that wait, and drops old events; each order is asked about at one replica. */
export function paymentWork({
  payments,
  redis,
  log,
}: Pick<PageServices, 'payments' | 'redis' | 'log'>): Work[] {
  if (Object.keys(payments.providers).length === 0) return []
  const { askEveryMs, strayEventDaysKept, strayEventsAtOnce } = limits.payments
  const heard = hearing(log, (accountId) => announceMoney(redis, accountId))
  return [
    {
      name: 'orders',
      everyMs: askEveryMs,
      work: () => askDue(payments, heard),
    },
    {
      name: 'payment_events',
      everyMs: limits.watch.sessionsEveryMs,
      work: () => dropStrayEvents(payments, strayEventDaysKept, strayEventsAtOnce),
    },
  ]
}
