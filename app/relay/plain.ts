import { Answer } from '../http/http.server.ts'
import { limits } from '../config/limits.ts'
import { neverRetry } from '../errors/errors.ts'
import { Refused, type CallFailure, type PassedOn } from '../errors/refusal.ts'
import { noUsage } from '../ledger/ledger.server.ts'
import { formatUsd } from '../values/money.ts'
import type { AnswerShare, UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import { answerHeaders } from './answer-headers.ts'
import { firstTry, lastOf, nextTry } from './attempts/attempts.ts'
import { wasteOf, payerOf, type Payer } from './dues.ts'
import type { Said } from './endpoint.ts'
import { EndedEarly, endOf, failureOf } from './failures.ts'
import { AnswerStream, Came, readAnswer } from './read-answer.ts'
import { leftEnd, type End, type Ended, type Run } from './run.ts'
import type { Try } from './attempts/try.ts'
import { failureOfAnswer, failureOfBody, isErrorBody, isGoodAnswer } from './upstream-failure.ts'
import { countDelivered, isTold, searchesIn, usageIn, usageOf } from './used.ts'

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

/** One plain answer on its way: what an attempt has brought of it so far. */
class Reply {
  private readonly came = new Came()

  constructor(
    private readonly run: Run,
    private readonly tried: Try,
    private readonly share: AnswerShare,
  ) {}

  /** Steps 5 to 8. Whatever it throws has not been settled. */
  async carry(): Promise<Answer> {
    const { run, tried, came } = this
    const answer = await tried.send()
    if (!isGoodAnswer(run, answer)) throw await failureOfAnswer(run, tried, answer)
    tried.noteGood()
    answer.body.once('data', () => tried.noteFirst())
    const { answerBytesMax } = run.endpoint.limits
    const read = await readAnswer(answer.body, came, this.share, answerBytesMax)
    if (read === 'cut') throw new EndedEarly()
    if (read !== 'whole') throw refusedFor(read)
    return await this.finish(answer)
  }

  /** Settles a good answer, and only then answers with it. */
  private async finish(answer: UpstreamAnswer): Promise<Answer> {
    const { run, came } = this
    const said = this.readSaid(answer)
    const { reported, serviceTier, model } = said
    const countOutput = () => countDelivered(run.call, said.delivered())
    const searches = searchesIn(isTold(reported) ? [] : said.delivered())
    const isInputDue = said.isInputDue === true
    const heard = { reported, countOutput, searches, isAhead: false, isInputDue }
    const usage = usageIn(heard) ?? (await usageOf(run, heard))
    const end: End = run.exchange.gone.aborted
      ? leftEnd
      : { outcome: 'completed', statusCode: 200, errorCode: null }
    const costNanos = await run.settle({ end, usage, serviceTier, model })
    await run.keep(() => said.id)
    const cost = formatUsd(Math.min(costNanos, run.grant.holdNanos))
    const headers = answerHeaders(run, 'application/json')
    headers.push('x-relay-cost-usd', cost)
    if (came.bytes <= limits.answers.pieceBytesMax) {
      this.share.end()
      return new Answer(came.first(), { status: 200, headers })
    }
    headers.push('content-length', String(came.bytes))
    return new Answer(new AnswerStream(came.pieces, this.share), { status: 200, headers })
  }

  /** What it says. Throws what it has failed of, where it is no answer. */
  private readSaid(answer: UpstreamAnswer): Said {
    const { run, tried } = this
    const bytes = this.came.first()
    const said = run.endpoint.plain(bytes, tried.way.reasoning)
    if (!said) {
      tried.isGood = !isErrorBody(run, bytes)
      throw failureOfBody(run, tried, { answer, bytes })
    }
    tried.begin()
    return said
  }

  /** Who pays for what it has used, now that it has failed. */
  payerOf(failure: CallFailure | PassedOn): Payer {
    const { isGood: isStream, wasSent, answer } = this.tried
    return payerOf(this.run, { failure, hasBegun: false, isStream, wasSent, answer })
  }

  /** What the operator may owe for it. */
  async waste(payer: Payer): Promise<Pick<Ended, 'usage' | 'waived'>> {
    const { run, came } = this
    const { reasoning } = this.tried.way
    return wasteOf(run, came, { payer, reasoning }).catch((error: unknown) => {
      // What cannot be counted is not known, and the call is settled all the same.
      run.services.log.failed('call_failed', error, { call: run.exchange.requestId })
      return { usage: noUsage }
    })
  }
}

/** What is told of an answer that was not read whole: to ask again would cost as much, for as little. */
function refusedFor(read: 'too-long' | 'no-room'): Refused {
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

/** Has the call tried where it can go, until it is answered or nobody is left to answer it. */
async function carryAll(run: Run, share: AnswerShare): Promise<Answer> {
  for (let tried = firstTry(run); ;) {
    const reply = new Reply(run, tried, share)
    try {
      return await reply.carry()
    } catch (error) {
      const failure = failureOf(run, tried, error)
      const payer = reply.payerOf(failure)
      const next = await nextTry(run, tried, failure)
      if (!next) throw await fail(run, lastOf(run, failure), reply)
      run.waive(tried, reply.waste(payer))
      share.keep(0)
      tried = next
    }
  }
}

/** Settles a call that has failed: nobody is charged, and the row keeps what the operator may owe. */
async function fail(run: Run, failure: CallFailure | PassedOn, reply?: Reply): Promise<Error> {
  const payer = reply?.payerOf(failure) ?? 'nobody'
  const end = endOf(run, failure, { isCommitted: false, payer })
  const due = (await reply?.waste(payer)) ?? { usage: noUsage }
  await run.settle({ end, ...due, serviceTier: null, model: null })
  return failure
}

/**
 * Steps 5 to 8 for a plain call: the answer goes out after it is settled. One that fails at one
 * upstream is tried at the next (docs/decisions/0033).
 */
export async function relayPlain(run: Run): Promise<Answer> {
  const stopWatching = watchClient(run)
  const share = run.services.answers.open(run.accountId)
  try {
    return await carryAll(run, share)
  } catch (error) {
    share.end()
    if (run.isSettled) throw error
    // Nobody could be asked at all, or it is a mistake of ours.
    throw await fail(run, failureOf(run, undefined, error))
  } finally {
    run.tries.at(-1)?.close()
    stopWatching()
  }
}
