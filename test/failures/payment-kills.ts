import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createProviders, startOrder } from '../../app/payments/payments.server.ts'
import { readEnv } from '../../app/config/env.ts'
import { freePort, spawnOwned } from '../../dev/servers/processes.ts'
import { moneyOf } from '../books.ts'
import { newCustomer } from '../customer.ts'
import { relayProgram } from './relay-program.ts'
import type { Tills } from '../payments/tills.ts'
import { present } from '../present.ts'
import { randomFrom } from '../random.ts'

type KillsFound = {
  rounds: number
  /** Credited when the process was killed, or not yet. */
  before: number
  /** Credited after the provider has sent its event once more, as it does. */
  after: number
  /** Those that were credited twice, or not at all in the end. */
  wrong: string[]
}

/** Longer than it takes to book a payment here. */
const killMsMax = 25
const creditNanos = 5e9

async function startTill(env: Record<string, string>) {
  const till = spawnOwned(
    process.execPath,
    [await relayProgram('till-process'), JSON.stringify(env)],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  await once(present(till.stdout), 'data')
  return till
}

/**
 * Kills the process where events come in at a random point of a payment, so many times; then it is
 * started again and the event is sent again.
 */
export async function killPayments(tills: Tills, rounds: number, seed = 1): Promise<KillsFound> {
  const { books, fakes } = tills
  const port = String(await freePort())
  const env = { ...tills.env, PORT: port, APP_URL: `http://127.0.0.1:${port}` }
  const providers = await createProviders(readEnv(env))
  const payments = { ...tills.payments, providers }
  const random = randomFrom(seed)
  const found: KillsFound = { rounds, before: 0, after: 0, wrong: [] }
  const others = fakes.stripe.alsoTo
  fakes.stripe.alsoTo = []
  let till = await startTill(env)
  for (let round = 0; round < rounds; round++) {
    const customer = await newCustomer(books.pool)
    const ask = { accountId: customer.accountId, userId: null, provider: 'stripe' } as const
    const order = await startOrder(payments, { ...ask, creditNanos })
    if (order.state !== 'started') throw new Error(order.why)
    const paying = fakes.stripe.pay(order.id)
    await sleep(random.whole(0, killMsMax))
    till.signal('SIGKILL')
    await Promise.all([till.exited, paying])
    const before = (await moneyOf(books, customer)).balance
    till = await startTill(env)
    await fakes.stripe.redeliver()
    const after = (await moneyOf(books, customer)).balance
    if (before === creditNanos) found.before++
    if (after === creditNanos) found.after++
    const isRight = (before === 0 || before === creditNanos) && after === creditNanos
    if (!isRight) found.wrong.push(`order ${order.id}: ${before}, then ${after}`)
  }
  await till.stop(5_000)
  fakes.stripe.alsoTo = others
  return found
}
