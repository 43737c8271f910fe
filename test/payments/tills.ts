import { readEnv } from '../../app/config/env.ts'
import {
  createProviders,
  makePayable,
  readOrder,
  startOrder,
  type Payments,
  type Started,
} from '../../app/payments/payments.server.ts'
import { startPages } from '../../app/start/start-pages.ts'
import { createLog } from '../../app/telemetry/log.ts'
import { parseOrderId } from '../../app/values/payments/order-id.ts'
import type { PaymentProviderName } from '../../app/values/payments/payment-providers.ts'
import {
  startFakePayments,
  type FakePayments,
} from '../../dev/fakes/payments/fake-payments.server.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { freePort } from '../../dev/servers/processes.ts'
import { testBooks, type TestBooks } from '../books.ts'
import { newCustomer, type Customer } from '../customer.ts'
import { testRedisUrl } from '../database.ts'
import { present } from '../present.ts'

/** A line of the log. */
export type Line = { level: string; event: string } & Record<string, unknown>

/** Books, providers of payment, and replicas of the pages, where events come in. */
export type Tills = {
  books: TestBooks
  fakes: FakePayments
  /** How people pay, with little patience for providers that hang. */
  payments: Payments
  urls: string[]
  /** What all replicas have logged, as it came. */
  logged(): Line[]
  /** The environment of a relay that is paid here. */
  env: Record<string, string>
  /** A customer with an order of so many dollars, whose payer has been shown where to pay. */
  order(usd: number, provider: PaymentProviderName): Promise<Customer & { number: string }>
  /** The same of an order that was begun otherwise. */
  shown(customer: Customer, started: Started): Promise<Customer & { number: string }>
  close(): Promise<void>
}

/** Amounts whose cents ask for faults; see dev/fakes/payments/faults.ts. */
const amounts = '5,10,1000,5.41,5.42,5.43,5.44,5.45,5.46,5.47,5.48,5.49'
/** A setting has only so many. */
const moreAmounts = [5.5e9, 5.51e9]
const askMsMax = 150

type Replica = { url: string; stop(): Promise<void> }

async function startReplica(env: Record<string, string>, lines: Line[]): Promise<Replica> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const log = createLog('info', (line) => void lines.push(JSON.parse(line) as Line))
  const own = readEnv({ ...env, PORT: String(port), APP_URL: env.APP_URL ?? url })
  const get = () => Promise.reject(new Error('no page is asked for'))
  const pages = await startPages(own, log, { get }, { port, host: '127.0.0.1' })
  return { url, stop: () => pages.stop() }
}

/** Starts so many replicas; events go to all of them. */
export async function startTills(replicas = 2): Promise<Tills> {
  const books = await testBooks()
  const fakes = await startFakePayments()
  const shared = {
    NODE_ENV: 'test',
    DATABASE_URL: books.url,
    REDIS_URL: testRedisUrl(),
    OPENAI_API_KEY: 'unused',
    SESSION_SECRET: 'a secret that is for tests alone, and long',
    TOP_UP_AMOUNTS: amounts,
    ...fakes.env,
  }
  const lines: Line[] = []
  const first = await startReplica(shared, lines)
  const env = { ...shared, APP_URL: first.url }
  const others = await Promise.all(
    Array.from({ length: replicas - 1 }, () => startReplica(env, lines)),
  )
  fakes.stripe.alsoTo = fakes.epay.alsoTo = others.map(({ url }) => url)
  const settings = readEnv(env)
  const payments: Payments = {
    db: books.pool,
    providers: await createProviders(settings, askMsMax),
    amounts: [...settings.payments.amounts, ...moreAmounts],
  }
  const all = [first, ...others]
  const shown: Tills['shown'] = async (customer, started) => {
    if (started.state !== 'started') throw new Error(`no order: ${started.why}`)
    const { id: number } = started
    const read = async () => present(await readOrder(books.pool, present(parseOrderId(number))))
    // Where the provider was too slow for our little patience, the order's page asks again.
    if (!started.isPayable)
      await eventually(
        'the order is payable',
        async () => (await makePayable(payments, await read())) === 'payable',
      )
    await (await fetch(present((await read()).payUrl))).arrayBuffer()
    return { ...customer, number }
  }
  return {
    books,
    fakes,
    payments,
    urls: all.map(({ url }) => url),
    logged: () => lines,
    env,
    async order(usd, provider) {
      const customer = await newCustomer(books.pool)
      const ask = { accountId: customer.accountId, userId: null, provider }
      const started = await startOrder(payments, { ...ask, creditNanos: Math.round(usd * 1e9) })
      return shown(customer, started)
    },
    shown,
    async close() {
      await Promise.all(all.map((it) => it.stop()))
      await fakes.close()
      await books.close()
    },
  }
}
