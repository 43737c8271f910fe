import { limits } from '../config/limits.ts'
import { costOf, type PricedModel } from '../catalog/catalog.server.ts'
import { noUsage, type PastCall, type Usage } from '../ledger/ledger.server.ts'
import { endings, type Ending } from './endings.ts'

const clients = [
  'openai-python/2.8.1',
  'openai-node/7.57.0',
  'langchain/1.0.3',
  'curl/8.14.1',
  'NextChat',
  null,
]
/** What every made-up client asks for: it bounds what a call can cost, and how long it takes. */
const outputTokensWanted = 4_096
const msAToken = 12
const firstByteMsMax = 20_000
/** No made-up call lasts longer: the first byte, all tokens, and the wait for a sweep. */
export const callMsMax =
  firstByteMsMax + outputTokensWanted * msAToken + 2_000 * limits.ledger.heartbeatSecondsMax

/** Numbers from 0 to 1, which is left out. */
type Draw = () => number

/** One of `things`, each half as likely as the one before it. */
function favourite<T>(draw: Draw, things: readonly T[]): T {
  const at = things.findIndex(() => draw() < 0.5)
  // There is always one to choose.
  return things[at < 0 ? 0 : at]!
}

const endingsShare = endings.reduce((sum, { share }) => sum + share, 0)

function anyEnding(draw: Draw): Ending {
  let rest = draw() * endingsShare
  // The list of endings is not empty.
  return endings.find(({ share }) => (rest -= share) < 0) ?? endings[0]!
}

/** Spread as lengths of texts are: most near `usual`, some many times longer. */
const lengthLike = (draw: Draw, usual: number, most: number) => {
  const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  return Math.min(most, Math.ceil(usual * Math.exp(0.9 * normal)))
}

/** As the upstream reports it, or as it is counted: of what is counted nothing more is known. */
function usageFor(
  draw: Draw,
  { source }: Ending,
  model: PricedModel,
  outputTokensMax: number,
): Usage {
  if (source === 'none') return noUsage
  const inputTokens = lengthLike(draw, 900, Math.max(1, model.contextTokens - outputTokensMax))
  const outputTokens = lengthLike(draw, 250, outputTokensMax)
  const counted = { ...noUsage, source, inputTokens, outputTokens }
  if (source === 'counted') return counted
  return {
    ...counted,
    cachedTokens: draw() < 0.3 ? Math.floor((inputTokens * 0.8) / 128) * 128 : 0,
    reasoningTokens: model.reasoning ? Math.floor(outputTokens * 0.6) : 0,
  }
}

/** The most it could have cost: a token for each byte of the input, and all output asked for. */
function holdFor(
  draw: Draw,
  { terms, contextTokens }: PricedModel,
  usage: Usage,
  outputTokensMax: number,
) {
  const inputTokens = Math.min(
    contextTokens,
    4 * (usage.inputTokens || lengthLike(draw, 900, 20_000)),
  )
  const most = { ...noUsage, inputTokens, outputTokens: outputTokensMax }
  return Math.max(costOf(terms, most, null), costOf(terms, usage, null))
}

/** A key is a program's, and a program uses a few models: the common one, and some of its own. */
const modelsOf = (key: number, keys: number, models: PricedModel[]) =>
  models.filter((_, at) => at === 0 || at % keys === key)

/** When a call that takes so long begins and ends within its stretch. */
function timesOf(draw: Draw, ending: Ending, totalMs: number, stretchMs: number) {
  const isSwept = ending.reached === 'held' || ending.outcome === 'late'
  const waitMs = isSwept ? limits.ledger.heartbeatSecondsMax * 1_000 * (1 + draw()) : 0
  const lastsMs = Math.floor(totalMs + waitMs)
  const startsMs = Math.floor(draw() * (stretchMs - lastsMs))
  return { startsMs, endsMs: startsMs + lastsMs }
}

/** One made-up call, priced by the catalogue as a true one would be. */
export function makeUpCall(
  draw: Draw,
  keyIds: number[],
  models: PricedModel[],
  stretchMs: number,
): PastCall {
  const keyId = favourite(draw, keyIds)
  const model = favourite(draw, modelsOf(keyIds.indexOf(keyId), keyIds.length, models))
  const ending = anyEnding(draw)
  const { outcome, errorCode, statusCode, reached } = ending
  const outputTokensMax = Math.min(outputTokensWanted, model.outputTokensMax)
  const usage = usageFor(draw, ending, model, outputTokensMax)
  const { source: usageSource, flag: usageFlag, ...tokens } = usage
  // Said by the upstream together with its figures.
  const serviceTier = usageSource === 'upstream' ? 'default' : null
  const costNanos = costOf(model.terms, usage, serviceTier)
  const isHeld = reached !== 'refused'
  const isAnswered = ending.upstreamStatus !== null
  const firstByteMs = reached === 'first byte' ? lengthLike(draw, 350, firstByteMsMax) : null
  const totalMs = (firstByteMs ?? lengthLike(draw, 90, 5_000)) + tokens.outputTokens * msAToken
  // The sweep, which writes such a call first, does not know its client.
  const isKnown = reached !== 'held' && outcome !== 'late'
  return {
    keyId,
    model: model.name,
    priceId: model.price.id,
    outcome,
    errorCode,
    statusCode,
    streamed: Number(ending.isStream ?? draw() < 0.7),
    ...tokens,
    outputTokensMax: isHeld ? outputTokensMax : 0,
    usageSource,
    usageFlag,
    serviceTier,
    holdNanos: isHeld ? holdFor(draw, model, usage, outputTokensMax) : 0,
    costNanos,
    neededNanos: null,
    leftNanos: null,
    upstream: isAnswered ? 'openai' : null,
    upstreamRequestId: isAnswered ? `req_${draw().toString(36).slice(2, 14)}` : null,
    upstreamStatus: ending.upstreamStatus,
    upstreamCode: null,
    priceFactor: null,
    accountFactor: null,
    otherUnits: null,
    upstreamNanos: null,
    upstreamKey: null,
    tries: null,
    firstByteMs,
    totalMs: isAnswered ? totalMs : null,
    attempts: Number(isAnswered),
    clientRetry: 0,
    client: isKnown ? favourite(draw, clients) : null,
    ...timesOf(draw, ending, totalMs, stretchMs),
  }
}
