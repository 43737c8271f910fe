import { Answer } from '../http/http.server.ts'
import { limits } from '../config/limits.ts'
import { formatUsd } from '../values/money.ts'
import { noUsage, type Usage } from '../ledger/ledger.server.ts'
import { answerHeaders } from './answer-headers.ts'
import { textsOf } from './uncounted.ts'
import { countInput } from './chat/estimate.ts'
import { forward, readAll, refusalOf } from './forward.ts'
import { PassedOn, Refused, type CallFailure } from '../errors/refusal.ts'
import type { Run } from './run.ts'
import { countTokens } from './text/tokens.ts'
import { readUsage, type Reported } from './reported-usage.ts'

type Completion = { usage?: unknown; service_tier?: unknown; choices: unknown[] }

// It passes over a byte order mark, as the clients' own readers do.
const utf8 = new TextDecoder()

/** A 200 that is no completion is the upstream's failure, whatever it says. */
function readCompletion(bytes: Buffer | undefined): Completion {
  try {
    const completion = JSON.parse(utf8.decode(bytes)) as Partial<Completion> & { error?: unknown }
    if (!completion.error && Array.isArray(completion.choices)) return completion as Completion
  } catch {
    // Half an answer, or none.
  }
  throw new Refused('upstream_error')
}

/** The upstream's figures; where it gave none that can be taken, what its text comes to. */
async function usageOf(run: Run, completion: Completion): Promise<Usage> {
  const reported: Reported | undefined = readUsage(completion.usage)
  if (reported && 'usage' in reported) return reported.usage
  let outputTokens = 0
  for (const text of textsOf(completion).values()) outputTokens += await countTokens(text)
  const flag = reported ? 'absurd' : null
  if (outputTokens === 0) return { ...noUsage, flag }
  const inputTokens = await countInput(run.call)
  return { ...noUsage, inputTokens, outputTokens, source: 'counted', flag }
}

/** A call whose client has gone is still paid for; it may finish, within bounds. */
function watchClient(run: Run) {
  const { gone } = run.exchange
  let timer: NodeJS.Timeout | undefined
  const orphan = () => (timer = setTimeout(() => run.cut('timeout'), limits.upstream.orphanMsMax))
  if (gone.aborted) orphan()
  else gone.once('abort', orphan)
  return () => {
    clearTimeout(timer)
    gone.off('abort', orphan)
  }
}

/** Frees the hold of a call that failed; answers what the client is told. */
async function giveUp(run: Run, error: unknown): Promise<unknown> {
  if (error instanceof PassedOn) {
    const { status: statusCode } = error
    await run.release({ outcome: 'failed', statusCode, errorCode: 'upstream_refused' })
    return error
  }
  let told: unknown
  let refused: CallFailure
  try {
    if (run.cutBy === 'timeout') refused = new Refused('upstream_timeout')
    else if (run.cutBy === 'shutdown') refused = new Refused('overloaded')
    else refused = refusalOf(error)
    told = refused
  } catch {
    refused = new Refused('internal_error')
    told = error
  }
  const { code: errorCode, wire } = refused
  await run.release({ outcome: 'failed', statusCode: wire.status, errorCode })
  return told
}

/** Steps 5 to 8 for a plain call: the answer goes out after it is settled. */
export async function relayPlain(run: Run): Promise<Answer> {
  const stopWatching = watchClient(run)
  try {
    const answer = await forward(run)
    const bytes = await readAll(answer.body, limits.upstream.answerBytesMax)
    run.noteFirstByte()
    const completion = readCompletion(bytes)
    if (typeof completion.service_tier === 'string') run.serviceTier = completion.service_tier
    const usage = await usageOf(run, completion)
    const gone = run.exchange.gone.aborted
    await run.settle(
      gone
        ? { outcome: 'disconnected', statusCode: 499, errorCode: 'client_closed_request' }
        : { outcome: 'completed', statusCode: 200, errorCode: null },
      usage,
    )
    const cost = formatUsd(Math.min(run.costNanos, run.grant.holdNanos))
    return new Answer(bytes!, {
      status: 200,
      headers: { ...answerHeaders(run, 'application/json'), 'x-relay-cost-usd': cost },
    })
  } catch (error) {
    throw await giveUp(run, error)
  } finally {
    stopWatching()
  }
}
