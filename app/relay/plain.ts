import { Answer } from '../http/http.server.ts'
import { limits } from '../config/limits.ts'
import { Refused } from '../errors/refusal.ts'
import { formatUsd } from '../values/money.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import { answerHeaders } from './answer-headers.ts'
import { endOf, failureOf } from './failures.ts'
import { forward } from './forward.ts'
import { readAll } from './read-all.ts'
import { leftEnd, type End, type Run } from './run.ts'
import { failureOfAnswer, failureOfBody } from './upstream-failure.ts'
import { countDelivered, usageOf } from './used.ts'

/** A call whose client has gone is still paid for; it may finish, within bounds. */
function watchClient(run: Run) {
  const { gone } = run.exchange
  let timer: NodeJS.Timeout | undefined
  const orphan = () => {
    timer = setTimeout(() => run.earlyEnd.cut('timeout'), limits.upstream.orphanMsMax)
  }
  if (gone.aborted) orphan()
  else gone.once('abort', orphan)
  return () => {
    clearTimeout(timer)
    gone.off('abort', orphan)
  }
}

/** Settles a good answer, and only then answers with it. */
async function finish(run: Run, answer: UpstreamAnswer, bytes: Buffer): Promise<Answer> {
  const said = run.endpoint.plain(bytes)
  if (!said) throw failureOfBody(run, answer, bytes)
  const { reported, serviceTier, model } = said
  const countOutput = () => countDelivered(said.delivered())
  const heard = { reported, countOutput, isAhead: false, isInputDue: false }
  const usage = await usageOf(run, heard)
  const end: End = run.exchange.gone.aborted
    ? leftEnd
    : { outcome: 'completed', statusCode: 200, errorCode: null }
  const costNanos = await run.settle({ end, usage, serviceTier, model, answer })
  const cost = formatUsd(Math.min(costNanos, run.grant.holdNanos))
  const headers = { ...answerHeaders(answer, 'application/json'), 'x-relay-cost-usd': cost }
  return new Answer(bytes, { status: 200, headers })
}

/** Steps 5 to 8 for a plain call: the answer goes out after it is settled. */
export async function relayPlain(run: Run): Promise<Answer> {
  const stopWatching = watchClient(run)
  let answer: UpstreamAnswer | undefined
  try {
    answer = await forward(run)
    const failure = await failureOfAnswer(run, answer)
    if (failure) throw failure
    const bytes = await readAll(answer.body, run.endpoint.limits.answerBytesMax)
    run.noteFirstByte()
    if (!bytes) throw new Refused('upstream_error')
    return await finish(run, answer, bytes)
  } catch (error) {
    const failure = failureOf(run, error)
    await run.release(endOf(run, failure, false), answer)
    throw failure
  } finally {
    stopWatching()
  }
}
