import { present } from '../../test/present.ts'
import { runSql } from '../../test/sql.ts'
import { newCallId } from '../../app/values/call-id.ts'
import { limits } from '../../app/config/limits.ts'
import {
  createLedger,
  type Bill,
  type CallFacts,
  type Ledger,
} from '../../app/ledger/ledger.server.ts'
import { payersOf, seedCallers, type Payer } from '../callers.ts'
import { bound, count, goal, median, percent, spread, table } from '../figures.ts'
import type { Ground } from '../ground.ts'
import { withCpu } from '../cpu.ts'

const seconds = 2
const rounds = 3
/** What an application's pool of connections usually has. */
const poolConnections = 10

const model = 'gpt-4o-mini'
const ask = {
  inputScaled: 24n * 150_000_000n,
  outputScaledPerToken: 600_000_000n,
  outputTokensWanted: 200,
  outputTokensMax: 16_384,
}
const usage = {
  inputTokens: 24,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 64,
  reasoningTokens: 0,
  source: 'upstream' as const,
  flag: null,
}

/** Whoever pays, and the row of the price that they pay. */
type Buyer = Payer & Pick<CallFacts, 'priceId'>

async function buyersOf(databaseUrl: string): Promise<Buyer[]> {
  const newest = 'select id from prices where model = ? order by effective_from desc limit 1'
  const [price] = await runSql<{ id: number }>(databaseUrl, newest, [model])
  const priceId = present(price).id
  return (await payersOf(databaseUrl)).map((payer) => ({ ...payer, priceId }))
}

/** Reserves and settles one call. */
async function pair(ledger: Ledger, payer: Buyer): Promise<void> {
  const startedAt = new Date()
  const facts: CallFacts = {
    ...payer,
    callId: newCallId(startedAt.getTime()),
    model,
    streamed: false,
    startedAt,
    client: null,
    clientRetry: 0,
  }
  const reserved = await ledger.reserve({ facts, ask, lastTry: true })
  if (!reserved.granted) throw new Error(`refused: ${reserved.code}`)
  const bill: Bill = {
    outcome: 'completed',
    statusCode: 200,
    errorCode: null,
    usage,
    priceId: facts.priceId,
    priceFactor: 10_000,
    accountFactor: 10_000,
    costNanos: 42_000,
    upstreamNanos: null,
    serviceTier: null,
    upstream: 'bench',
    upstreamKey: null,
    upstreamRequestId: null,
    upstreamStatus: 200,
    upstreamCode: null,
    waivedNanos: 0,
    otherModel: null,
    firstByteMs: 1,
    totalMs: 2,
    attempts: 1,
    tries: null,
    endedAt: new Date(),
  }
  await ledger.settle({ facts, bill })
}

async function pairsPerSecond(ledger: Ledger, payers: Buyer[], inFlight: number): Promise<number> {
  let pairs = 0
  const startMs = performance.now()
  const endMs = startMs + seconds * 1_000
  await Promise.all(
    Array.from({ length: inFlight }, async (_, i) => {
      for (let at = i; performance.now() < endMs; at += inFlight) {
        await pair(ledger, present(payers[at % payers.length]))
        pairs++
      }
    }),
  )
  return pairs / ((performance.now() - startMs) / 1_000)
}

/** Pairs of reservation and settlement without HTTP: batches beside a transaction for each call. */
export async function benchLedger(ground: Ground): Promise<string[]> {
  const databaseUrl = await ground.newDatabase()
  await seedCallers(databaseUrl, 1_000)
  const payers = await buyersOf(databaseUrl)
  const open = (name: string, lanes: number, batchOpsMax: number) => {
    const relayId = newCallId(Date.now())
    const ledger = createLedger(databaseUrl, {
      relayId,
      limits: { ...limits.ledger, lanes, batchOpsMax },
    })
    ground.keep({ stop: () => ledger.close() })
    return { name, ledger }
  }
  const kinds = [
    open('group commit', limits.ledger.lanes, limits.ledger.batchOpsMax),
    open('a transaction a call, one connection', 1, 1),
    open(`a transaction a call, ${poolConnections} connections`, poolConnections, 1),
  ]
  const rows: string[][] = []
  const goals: string[] = []
  for (const inFlight of [1, 64]) {
    for (const accounts of [1, 1_000]) {
      const some = payers.slice(0, accounts)
      const rates = kinds.map(() => [] as number[])
      const cpus = kinds.map(() => [] as number[])
      for (let round = -1; round < rounds; round++) {
        for (const [i, { ledger }] of kinds.entries()) {
          const { result, cpu } = await withCpu({ db: ground.mariadbPid }, () =>
            pairsPerSecond(ledger, some, inFlight),
          )
          // The first round warms up.
          if (round < 0) continue
          present(rates[i]).push(result)
          present(cpus[i]).push(present(cpu.db) / (result * seconds))
        }
      }
      const [ours, single, pooled] = rates.map(median) as [number, number, number]
      for (const [i, { name }] of kinds.entries()) {
        const [rate, cpu] = [median(present(rates[i])), median(present(cpus[i]))]
        const cells = [
          count(rate),
          percent(spread(present(rates[i]))),
          (rate / ours).toFixed(2),
          count(cpu),
        ]
        rows.push([String(inFlight), count(accounts), name, ...cells])
      }
      const at = `${inFlight} in flight, ${count(accounts)} account${accounts > 1 ? 's' : ''}`
      if (inFlight === 1) goals.push(bound(`${at}: time of a lone pair`, single / ours, 1.1))
      else {
        goals.push(goal(`${at}: of one transaction a call`, ours / single, 5))
        goals.push(
          `- ${at}: of ${poolConnections} connections at once ${(ours / pooled).toFixed(2)}`,
        )
      }
    }
  }
  const heads = ['in flight', 'accounts', 'what', 'pairs/s', '±', 'of group commit', 'MariaDB, µs']
  return [
    `The same statements, checks and durability in all; ${rounds} rounds of ${seconds} s, taking turns.`,
    '',
    ...table(heads, rows),
    '',
    ...goals,
  ]
}
