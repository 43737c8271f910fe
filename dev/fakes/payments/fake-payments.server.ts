import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { closeServer, listen } from '../../command/listen.ts'
import { FakeEpay } from './epay.ts'
import { FakeStripe } from './stripe.ts'

export type FakePayments = {
  stripe: FakeStripe
  epay: FakeEpay
  /** The variables that have a relay paid here. */
  env: Record<string, string>
  close(): Promise<void>
}

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<unknown>

async function serve(handle: Handler, port: number) {
  const server = createServer((req, res) => {
    handle(req, res).catch(() => res.destroy())
  })
  const url = `http://127.0.0.1:${await listen(server, port)}`
  return { url, close: () => closeServer(server) }
}

/**
 * Starts a Stripe and a gateway of epay's kind on the loopback interface, each a real HTTP server with
 * a page that pays, signed events, and faults by what is bought (see `faults`).
 */
export async function startFakePayments({
  stripePort = 0,
  epayPort = 0,
} = {}): Promise<FakePayments> {
  const stripe = new FakeStripe()
  const epay = new FakeEpay()
  const stripeServer = await serve(stripe.handle, stripePort)
  const epayServer = await serve(epay.handle, epayPort)
  stripe.url = stripeServer.url
  epay.url = epayServer.url
  return {
    stripe,
    epay,
    env: {
      STRIPE_SECRET_KEY: stripe.secretKey,
      STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      STRIPE_API_URL: stripe.url,
      EPAY_URL: epay.url,
      EPAY_PID: epay.merchant,
      EPAY_KEY: epay.key,
      EPAY_CNY_PER_USD: '7.2',
      SELLER_NAME: 'A relay on this machine',
      SELLER_ADDRESS: 'Loopback 1\\nLocalhost',
    },
    async close() {
      await Promise.all([stripeServer.close(), epayServer.close()])
    },
  }
}
