import { billOf } from '../test/books.ts'
import { present } from '../test/present.ts'
import { runSql } from '../test/sql.ts'
import { newCallId } from '../app/values/call-id.ts'
import type { CallFacts, Ledger } from '../app/ledger/ledger.server.ts'
import { payersOf, type Payer } from './callers.ts'

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
export type Buyer = Payer & Pick<CallFacts, 'priceId'>

export async function buyersOf(databaseUrl: string): Promise<Buyer[]> {
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
  const { priceId } = facts
  const bill = billOf(42_000, { usage, priceId, upstream: 'bench' })
  await ledger.settle({ facts, bill })
}

/** So many callers reserve and settle, one call after the other, over all payers; answers pairs a second. */
export async function pairsPerSecond(
  ledger: Ledger,
  payers: Buyer[],
  { inFlight, seconds }: { inFlight: number; seconds: number },
): Promise<number> {
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
