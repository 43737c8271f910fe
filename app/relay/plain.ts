import { Answer } from '../http/http.server.ts'
import { limits } from '../config/limits.ts'
import { neverRetry } from '../errors/errors.ts'
import { Refused } from '../errors/refusal.ts'
import { noUsage } from '../ledger/ledger.server.ts'
import { formatUsd } from '../values/money.ts'
import type { AnswerShare, UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import { answerHeaders } from './answer-headers.ts'
import { wasteOf, payerOf } from './dues.ts'
import { endOf, failureOf } from './failures.ts'
import { forward } from './forward.ts'
import { AnswerStream, Came, readAnswer } from './read-answer.ts'
import { leftEnd, type End, type Run } from './run.ts'
import { failureOfAnswer, failureOfBody, isErrorBody } from './upstream-failure.ts'
import { countDelivered, usageOf } from './used.ts'

/** A call whose client has gone is still paid for; it may finish, within bounds. */
function watchClient(run: Run) {
  const { gone } = run.exchange
  let timer: NodeJS.Timeout | undefined
  const orphan = () => {
    run.noteLeft()
    timer = setTimeout(() => run.earlyEnd.cut('timeout'), limits.upstream.orphanMsMax)
  }
  if (gone.aborted) orphan()
  else gone.once('abort', orphan)
  return () => {
    clearTimeout(timer)
    gone.off('abort', orphan)
  }
}

/** One plain answer on its way: what the upstream has said of it so far. */
class Reply {
  answer: UpstreamAnswer | undefined
  /** It was one that can be passed on. */
  private isGood = false
  private wasSent = false
  private readonly came = new Came()

  constructor(
    private readonly run: Run,
    private readonly share: AnswerShare,
  ) {}

  /** Steps 5 to 8. Whatever it throws has not been settled. */
  async carry(): Promise<Answer> {
    const { run, came } = this
    this.wasSent = !run.earlyEnd.signal.aborted
    this.answer = await forward(run)
    const failure = await failureOfAnswer(run, this.answer)
    if (failure) throw failure
    this.isGood = true
    const { answerBytesMax } = run.endpoint.limits
    const read = await readAnswer(this.answer.body, came, this.share, answerBytesMax)
    run.noteFirstByte()
    if (read !== 'whole') throw refusedFor(read)
    return await this.finish(this.answer)
  }

  /** Settles a good answer, and only then answers with it. */
  private async finish(answer: UpstreamAnswer): Promise<Answer> {
    const { run, came } = this
    const { usage, ...told } = await this.readUsage(answer)
    const end: End = run.exchange.gone.aborted
      ? leftEnd
      : { outcome: 'completed', statusCode: 200, errorCode: null }
    const costNanos = await run.settle({ end, usage, ...told, answer })
    const cost = formatUsd(Math.min(costNanos, run.grant.holdNanos))
    const headers: Record<string, string> = {
      ...answerHeaders(run, answer, 'application/json'),
      'x-relay-cost-usd': cost,
    }
    if (came.bytes <= limits.answers.pieceBytesMax) {
      this.share.end()
      return new Answer(came.first(), { status: 200, headers })
    }
    headers['content-length'] = String(came.bytes)
    return new Answer(new AnswerStream(came.pieces, this.share), { status: 200, headers })
  }

  /** What it says it has used. Nothing of what is made of it to find that out stays. */
  private async readUsage(answer: UpstreamAnswer) {
    const { run } = this
    const bytes = this.came.first()
    const said = run.endpoint.plain(bytes)
    if (!said) {
      this.isGood = !isErrorBody(run, bytes)
      throw failureOfBody(run, answer, bytes)
    }
    const { reported, serviceTier, model } = said
    const countOutput = () => countDelivered(run.call, said.delivered())
    const heard = { reported, countOutput, isAhead: false, isInputDue: false }
    return { usage: await usageOf(run, heard), serviceTier, model }
  }

  /** Settles one that has failed: nobody is charged, and the row keeps what the operator may owe. */
  async fail(error: unknown): Promise<Error> {
    const { run, answer, isGood, wasSent, came } = this
    this.share.end()
    const failure = failureOf(run, error)
    const how = { failure, isCommitted: false, isStream: isGood, wasSent, answer }
    const payer = payerOf(run, how)
    const end = endOf(run, failure, { isCommitted: false, payer })
    const due = await wasteOf(run, came, payer).catch((error: unknown) => {
      // What cannot be counted is not known, and the call is settled all the same.
      const call = run.exchange.requestId
      run.services.log.failed('call_failed', error, { call })
      return { usage: noUsage }
    })
    await run.settle({ end, ...due, serviceTier: null, model: null, answer })
    return failure
  }
}

/** What is told of an answer that was not read whole: to ask again would cost as much, for as little. */
function refusedFor(read: 'too-long' | 'no-room' | 'cut'): Refused {
  if (read === 'cut') return new Refused('upstream_error')
  const refused =
    read === 'too-long'
      ? new Refused('upstream_error', {
          message: 'The answer of the provider is longer than is passed on. Nothing was charged.',
        })
      : new Refused('overloaded', {
          message: 'There was no room for this answer beside so many others. Nothing was charged.',
        })
  neverRetry(refused.wire)
  return refused
}

/** Steps 5 to 8 for a plain call: the answer goes out after it is settled. */
export async function relayPlain(run: Run): Promise<Answer> {
  const stopWatching = watchClient(run)
  const reply = new Reply(run, run.services.answers.open(run.accountId))
  try {
    return await reply.carry()
  } catch (error) {
    throw await reply.fail(error)
  } finally {
    stopWatching()
  }
}
