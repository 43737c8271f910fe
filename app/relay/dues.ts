import { limits } from '../config/limits.ts'
import { noUsage, type Usage } from '../ledger/ledger.server.ts'
import { PassedOn, type CallFailure } from '../errors/refusal.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import type { Reasoning } from './endpoint.ts'
import type { Meter } from './meter.ts'
import type { Run } from './run.ts'
import type { Came } from './read-answer.ts'
import { countDelivered, isTold, searchesIn, usageOf } from './used.ts'

/**
 * Who pays for what a stream used. `whoever asked`: it came to its end. `whoever ended it`: the
 * account, whose client left, or which we ended in the middle. `the operator`: its upstream broke, so
 * that the account pays what the upstream reported and no more; `the operator alone`: the client was
 * answered with an error and nothing else, and pays nothing. `nobody`: nothing was used, or it is our mistake.
 */
export type Payer =
  'whoever asked' | 'whoever ended it' | 'the operator' | 'the operator alone' | 'nobody'

type BadEnd = {
  failure: CallFailure | PassedOn
  /** Something of an answer has gone out, which pings are not. */
  hasBegun: boolean
  /** The answer was one of a kind that can be passed on. */
  isStream: boolean
  /** It was sent to the upstream, and not ended before that. */
  wasSent: boolean
  answer: UpstreamAnswer | undefined
}

/** Who pays for a stream that did not come to its end (docs/decisions/0018). */
export function payerOf(
  { earlyEnd }: Pick<Run, 'earlyEnd'>,
  { failure, hasBegun, isStream, wasSent, answer }: BadEnd,
): Payer {
  if (failure instanceof PassedOn || failure.code === 'internal_error') return 'nobody'
  // An upstream that has refused, or was never reached, has used nothing.
  if (!wasSent || (answer ? !isStream : !earlyEnd.signal.aborted)) return 'nobody'
  const { by } = earlyEnd
  if (by === 'client' || by === 'stalled') return 'whoever ended it'
  if (!hasBegun) return 'the operator alone'
  return by === undefined ? 'the operator' : 'whoever ended it'
}

type Due = { usage: Usage; waived?: Usage }

/** What is charged of what came, and what the operator may have to pay besides. */
export async function dueOf(run: Run, meter: Meter, payer: Payer): Promise<Due> {
  if (payer === 'nobody') return { usage: noUsage }
  const { reported, uncounted } = meter
  // Its last event may say what no other has said.
  const countOutput = async () =>
    Math.max(await uncounted.tokens(), await countDelivered(run.call, meter.whole))
  // What an answer begins with is no report of what it has used.
  const hasFigures = isTold(reported) && !reported.isFirst
  const searches = hasFigures ? 0 : Math.max(uncounted.searches, searchesIn(meter.whole))
  const heard = { reported, countOutput, searches }
  if (payer === 'whoever asked') {
    const { isAhead } = uncounted
    return { usage: await usageOf(run, { ...heard, isAhead, isInputDue: false }) }
  }
  // Figures that came before the end may know of less than was said.
  const came = await usageOf(run, { ...heard, isAhead: true, isInputDue: true })
  const isSomething = hasSomething(run, meter) || (hasFigures && came.source === 'upstream')
  if (payer === 'whoever ended it' && isSomething) return { usage: came }
  const isReported = payer === 'the operator' && hasFigures
  return { usage: isReported ? reported.usage : noUsage, waived: came }
}

/**
 * Whether there is something to pay for in what came. Whoever ended it themselves has had the input
 * read; whoever had waited until the time was over, or the relay ended, has something where a word
 * was said.
 */
function hasSomething({ earlyEnd: { by } }: Run, { uncounted }: Meter): boolean {
  const isOurs = by === 'timeout' || by === 'shutdown'
  return isOurs ? uncounted.hasSaid : uncounted.hasBegun
}

/**
 * What the operator may have to pay for a plain answer that nobody has: by its own figures where
 * they came, else by what came, up to the limit of its output.
 */
export async function wasteOf(
  run: Run,
  came: Came,
  { payer, reasoning }: { payer: Payer; reasoning: Reasoning },
): Promise<Due> {
  if (payer === 'nobody') return { usage: noUsage }
  const { brokenBytesMax } = limits.answers
  const bytes = came.first(brokenBytesMax)
  const { reported, delivered } = run.endpoint.broken(bytes, reasoning)
  const searches = searchesIn(delivered())
  const more = Math.floor((came.bytes - bytes.length) / limits.tokens.charsPerTokenMost)
  const most = run.grant.outputTokensMax * (run.endpoint.stream?.choicesOf(run.call) ?? 1)
  const countOutput = async () =>
    Math.min(most, more + (await countDelivered(run.call, delivered())))
  const heard = { reported, countOutput, searches, isAhead: false, isInputDue: true }
  return { usage: noUsage, waived: await usageOf(run, heard) }
}
