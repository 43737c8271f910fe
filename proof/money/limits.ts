import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readCosts } from '../../app/catalog/catalog.server.ts'
import { verify } from '../../app/ledger/ledger.server.ts'
import { setLimit, type Subject } from '../../app/rates/rates.server.ts'
import { pulseLimits } from '../../app/start/pulse.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { startRedis, type Redis } from '../../dev/servers/redis.ts'
import { whenNothingIsHeld } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import { call } from '../../test/failures/client.ts'
import { Opened } from '../../test/failures/opened.ts'
import type { RelayChild } from '../../test/failures/relay-child.ts'
import { openSite, temporaryFolder, type Site } from '../../test/failures/site.ts'
import type { Criterion, Found } from './criterion.ts'

const seconds = 60
/** A minute's worth of each; at once comes what comes due in ten seconds. */
const bursts = 10
const requestsAMinute = 600
const tokensAMinute = 60_000
const callsAtOnce = 4
/** Half the calls at once, by one whose calls are all below their limit. */
const modestShare = 0.5

type Stand = { site: Site; redis: Redis; relays: [RelayChild, RelayChild] }

async function openStand(opened: Opened): Promise<Stand> {
  const redis = await startRedis({ dir: join(temporaryFolder(opened), 'redis') })
  opened.closeWith(() => redis.stop())
  const site = await openSite(opened, { redisUrl: redis.url })
  const pulse = { ...pulseLimits, heartbeatEveryMs: 2_000 }
  const relays: Stand['relays'] = [
    await site.startRelay({ pulse }),
    await site.startRelay({ pulse }),
  ]
  return { site, redis, relays }
}

type Figures = { requests?: number; tokens?: number; calls?: number }

async function limited({ site }: Stand, figures: Figures): Promise<Customer> {
  const customer = await newCustomer(site.books.pool, { balanceNanos: 1_000e9 })
  const of: Subject = { scope: 'account', subject: String(customer.accountId) }
  const none = { requests: null, tokens: null, calls: null }
  const burstSeconds = bursts
  await setLimit(site.books.pool, {
    of,
    figures: { ...none, burstSeconds, ...figures },
    actor: 'proof',
  })
  return customer
}

/** Waits until both relays know all limits there are: the one that was set last refuses at each. */
async function heard(stand: Stand) {
  const { secret } = await limited(stand, { requests: 1 })
  const of = { secret, model: 'whole-both', say: 'hello' }
  for (const { url } of stand.relays)
    await eventually('a limit is known', async () => (await call(url, of)).status === 429)
}

type Lane = {
  customer: Customer
  model: string
  say: string
  tokensMax: number
  /** Calls a second over both relays, whatever becomes of them. */
  rate: number
}
type Tally = { letIn: number; refused: number; failed: Map<number, number>; seconds: number }

/** Calls at its pace until it is over, both relays in turn, every other call streamed. */
async function drive({ relays }: Stand, lane: Lane, endMs: number): Promise<Tally> {
  const { customer, model, say, tokensMax, rate } = lane
  const tally: Tally = { letIn: 0, refused: 0, failed: new Map(), seconds: 0 }
  const startMs = performance.now()
  const under: Promise<void>[] = []
  let made = 0
  const one = async (n: number) => {
    const { url } = relays[n % 2]!
    const isStreamed = n % 4 < 2
    const { status } = await call(url, {
      secret: customer.secret,
      model,
      say,
      tokensMax,
      isStreamed,
    })
    if (status === 200) tally.letIn++
    else if (status === 429) tally.refused++
    else tally.failed.set(status, (tally.failed.get(status) ?? 0) + 1)
  }
  while (performance.now() < endMs) {
    const due = Math.floor(((performance.now() - startMs) / 1_000) * rate)
    while (made < due) under.push(one(made++))
    await sleep(10)
  }
  await Promise.all(under)
  tally.seconds = (performance.now() - startMs) / 1_000
  return tally
}

/** The most calls of a model that its upstream had at once. */
function watchCalls({ site }: Stand, model: string) {
  let most = 0
  const timer = setInterval(() => {
    const open = site.upstream.served().filter((it) => it.model === model && it.outcome === 'open')
    most = Math.max(most, open.length)
  }, 5)
  return () => {
    clearInterval(timer)
    return most
  }
}

async function tokensOf({ site }: Stand, { accountId }: Customer): Promise<number> {
  const [row] = await site.books.sql<{ tokens: number }>(
    'select cast(sum(input_tokens + output_tokens) as signed) as tokens from calls where account_id = ?',
    [accountId],
  )
  return Number(row?.tokens ?? 0)
}

const failedOf = (tallies: readonly Tally[]) =>
  tallies.flatMap(({ failed }) => [...failed].map(([status, times]) => `${times} × ${status}`))

function shareFound(what: string, count: number, most: number, share: [number, number]): Found {
  const part = count / most
  const isRight = part >= share[0] && part <= share[1]
  const saw = `${count} of ${Math.floor(most)}: ${part.toFixed(3)}`
  return { what: `${what} let in, of limit and burst: ${share.join(' to ')}`, saw, isRight }
}

type Round = { when: string; share: [number, number]; during?: () => unknown }

/** All lanes at three times their limits; `during` may do something to Redis meanwhile. */
async function round(stand: Stand, { when, share, during }: Round): Promise<Found[]> {
  const byRequests = await limited(stand, { requests: requestsAMinute })
  const byTokens = await limited(stand, { tokens: tokensAMinute })
  const byCalls = await limited(stand, { calls: callsAtOnce })
  const below = { requests: requestsAMinute, tokens: tokensAMinute, calls: 40 }
  const modest = await limited(stand, below)
  await heard(stand)
  const endMs = performance.now() + seconds * 1_000
  const some = { model: 'whole-both', say: '[[repeat:40]]', tokensMax: 48 }
  const slow = { model: 'whole-output', say: '[[pause:300]]', tokensMax: 48, rate: 40 }
  const mostCalls = watchCalls(stand, slow.model)
  const work = [
    drive(stand, { ...some, customer: byRequests, rate: (3 * requestsAMinute) / 60 }, endMs),
    drive(stand, { ...some, customer: byTokens, rate: (3 * tokensAMinute) / 60 / 50 }, endMs),
    drive(stand, { ...slow, customer: byCalls }, endMs),
    drive(stand, { ...some, customer: modest, rate: (modestShare * requestsAMinute) / 60 }, endMs),
  ] as const
  await during?.()
  const tallies = await Promise.all(work)
  const most = mostCalls()
  await whenNothingIsHeld(stand.site.books.sql)
  const [requests, tokens, , mild] = tallies
  const due = (aMinute: number, { seconds: took }: Tally) => (aMinute * (bursts + took)) / 60
  const used = await tokensOf(stand, byTokens)
  const failed = failedOf(tallies)
  const found = [
    shareFound('requests', requests.letIn, due(requestsAMinute, requests), share),
    shareFound('tokens', used, due(tokensAMinute, tokens), share),
    {
      what: `calls at once, of ${callsAtOnce}`,
      saw: `${most} at most`,
      isRight: most <= callsAtOnce,
    },
    {
      what: 'one whose calls are below their limit',
      saw: `${mild.letIn} let in, ${mild.refused} refused`,
      isRight: mild.refused === 0,
    },
    {
      what: 'answers that are neither 200 nor 429',
      saw: failed.join(', ') || 'none',
      isRight: failed.length === 0,
    },
  ]
  return found.map((it) => ({ ...it, what: `${when}: ${it.what}` }))
}

/** A relay is killed with all places of an account taken; the other has them again after a while. */
async function afterKill(stand: Stand): Promise<Found> {
  const customer = await limited(stand, { calls: callsAtOnce })
  await heard(stand)
  const [first, second] = stand.relays
  const of = { secret: customer.secret, model: 'whole-both', say: '[[pause:600000]]' }
  let underWay = 0
  // A relay that has just been without Redis keeps to its part for a moment.
  while (underWay < callsAtOnce) {
    const one = call(first.url, { ...of, isStreamed: true })
    const ended = await Promise.race([one, sleep(1_000)])
    if (!ended) underWay++
  }
  const again = () => call(second.url, { ...of, say: 'hello' })
  while ((await again()).status !== 429) await sleep(50)
  first.kill9()
  const startMs = performance.now()
  while ((await again()).status !== 200) await sleep(200)
  const after = (performance.now() - startMs) / 1_000
  const what = `kill -9 of the relay that had all ${callsAtOnce} calls at once: free within 60 s`
  return { what, saw: `${after.toFixed(1)} s`, isRight: after <= 61 }
}

/** Limits at three times their load, without Redis for a third of it, and after a relay's death. */
export const limits: Criterion = {
  name: 'limits',
  async prove(say) {
    const opened = new Opened()
    try {
      const stand = await openStand(opened)
      const { redis } = stand
      say(`${seconds} s at three times the limits, two relays`)
      const whole = await round(stand, { when: 'three times the limits', share: [0.99, 1] })
      say(`${seconds} s more, Redis killed in the middle`)
      const broken = await round(stand, {
        when: 'Redis killed for a third of it',
        share: [0.8, 1.1],
        async during() {
          await sleep((seconds * 1_000) / 3)
          await redis.kill9()
          await sleep((seconds * 1_000) / 3)
          await redis.restart()
        },
      })
      say('a relay is killed with all places taken')
      const killed = await afterKill(stand)
      const { differences } = await verify(stand.site.books.pool, readCosts)
      const saw = `${differences.length} differences`
      const after = { what: 'verify after it', saw, isRight: differences.length === 0 }
      return [...whole, ...broken, killed, after]
    } finally {
      await opened.close()
    }
  },
}
