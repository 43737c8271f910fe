import { randomBytes } from 'node:crypto'

import { newCallId } from '../values/call-id.ts'
import type { CallErrorCode } from '../values/error-codes.ts'
import type { Outcome } from '../values/outcomes.ts'
import { costOf, type PricedModel } from '../catalog/catalog.server.ts'
import type { Params } from '../db/db.server.ts'
import { noUsage } from '../ledger/ledger.server.ts'

export type SeedCall = Params<'ledger/insert-calls'>['calls'][number]

type End = {
  share: number
  outcome: Outcome
  statusCode: number
  errorCode: CallErrorCode | null
}

/** How calls end, by the relay's own pairs of outcome and status, in shares that sum to 1. */
const ends: End[] = [
  { share: 0.93, outcome: 'completed', statusCode: 200, errorCode: null },
  { share: 0.02, outcome: 'failed', statusCode: 503, errorCode: 'upstream_unavailable' },
  { share: 0.015, outcome: 'disconnected', statusCode: 499, errorCode: 'client_closed_request' },
  { share: 0.01, outcome: 'failed', statusCode: 400, errorCode: 'upstream_refused' },
  { share: 0.01, outcome: 'refused', statusCode: 402, errorCode: 'insufficient_balance' },
  { share: 0.006, outcome: 'failed', statusCode: 502, errorCode: 'upstream_error' },
  { share: 0.004, outcome: 'failed', statusCode: 503, errorCode: 'upstream_unavailable' },
  { share: 0.002, outcome: 'failed', statusCode: 504, errorCode: 'upstream_timeout' },
  { share: 0.0015, outcome: 'failed', statusCode: 200, errorCode: 'upstream_error' },
  { share: 0.0008, outcome: 'lost', statusCode: 500, errorCode: null },
  { share: 0.0005, outcome: 'revoked', statusCode: 200, errorCode: 'invalid_api_key' },
  { share: 0.0002, outcome: 'late', statusCode: 200, errorCode: null },
]
const clients = [
  ...['openai-python/2.8.1', 'openai-node/7.57.0', 'langchain/1.0.3', 'curl/8.14.1'],
  ...['NextChat', null],
]

/** One of `things`, each half as likely as the one before it. */
function favourite<T>(things: readonly T[]): T {
  const at = things.findIndex(() => Math.random() < 0.5)
  return things[at < 0 ? 0 : at]!
}

function endOf(): End {
  let rest = Math.random()
  return ends.find(({ share }) => (rest -= share) < 0) ?? ends[0]!
}

/** Spread as lengths of texts are: most near `usual`, some many times longer. */
const lengthLike = (usual: number) => {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
  return Math.ceil(usual * Math.exp(0.9 * normal))
}

function usageOf(end: End, model: PricedModel) {
  // What clients may repeat costs nothing, and what was refused was never sent.
  if (end.statusCode !== 200 && end.statusCode !== 499) return noUsage
  if (end.outcome === 'lost') return noUsage
  const inputTokens = Math.min(lengthLike(900), model.contextTokens)
  const outputTokens = Math.min(lengthLike(250), model.outputTokensMax)
  return {
    ...noUsage,
    inputTokens,
    cachedTokens: Math.random() < 0.3 ? Math.floor((inputTokens * 0.8) / 128) * 128 : 0,
    outputTokens,
    reasoningTokens: model.reasoning ? Math.floor(outputTokens * 0.6) : 0,
    source: end.statusCode === 200 ? ('upstream' as const) : ('counted' as const),
  }
}

/**
 * What the ids of one run end with: its own tag, then a number. By the tag they are told from all
 * other calls, by the number they are counted off.
 */
export class Tails {
  private readonly tag = randomBytes(5)

  constructor() {
    // The variant of RFC 9562.
    this.tag[0] = (this.tag[0]! & 0x3f) | 0x80
  }

  of(number: number): Buffer {
    const tail = Buffer.alloc(8)
    this.tag.copy(tail)
    tail.writeUIntBE(number, 5, 3)
    return tail
  }
}

/** A key is a program's, and a program uses a few models: the common one, and some of its own. */
const modelsOf = (key: number, keys: number, models: PricedModel[]) =>
  models.filter((_, at) => at === 0 || at % keys === key)

/** One made-up call that began at `atMs`, priced by the catalogue as a true one would be. */
export function seedCall(
  { atMs, tail }: { atMs: number; tail: Buffer },
  accountId: number,
  keyIds: number[],
  models: PricedModel[],
): SeedCall {
  const keyId = favourite(keyIds)
  const model = favourite(modelsOf(keyIds.indexOf(keyId), keyIds.length, models))
  const end = endOf()
  const { source, flag, ...tokens } = usageOf(end, model)
  const costNanos = costOf(model.price.terms, { ...tokens, source, flag }, null)
  const isSent = end.outcome !== 'refused'
  const firstByteMs = isSent ? lengthLike(350) : null
  const totalMs = (firstByteMs ?? 2) + tokens.outputTokens * 12
  const started = new Date(atMs)
  const id = newCallId(atMs)
  tail.copy(id, 8)
  return {
    ...{ id, accountId, keyId, model: model.name },
    ...{ priceId: model.price.id, upstream: isSent ? 'openai' : null },
    upstreamRequestId: isSent ? `req_${Math.random().toString(36).slice(2, 14)}` : null,
    upstreamStatus: isSent ? (end.statusCode >= 500 ? end.statusCode : 200) : null,
    ...{ statusCode: end.statusCode, errorCode: end.errorCode, outcome: end.outcome },
    ...{ streamed: Number(Math.random() < 0.7), ...tokens, outputTokensMax: isSent ? 4_096 : 0 },
    ...{ usageSource: source, usageFlag: flag, serviceTier: costNanos ? 'default' : null },
    ...{ holdNanos: isSent ? costNanos * 3 + 1_000_000 : 0, costNanos, planNanos: 0 },
    ...{ balanceNanos: costNanos, overrunNanos: 0, firstByteMs, totalMs },
    ...{ attempts: Number(isSent), clientRetry: 0, client: favourite(clients) },
    ...{ startedAt: started, endedAt: new Date(atMs + totalMs) },
  }
}
