import { Answer } from '../http/http.server.ts'
import { Refused, type CallFailure, type PassedOn } from '../errors/refusal.ts'
import { answerHeaders } from './answer-headers.ts'
import { firstTry, lastOf, nextTry } from './attempts/attempts.ts'
import { ClientStream } from './client-stream.ts'
import type { StreamForm } from './endpoint.ts'
import { endOf, failureOf, statusOf, wordsInStream } from './failures.ts'
import { dueOf, payerOf, type Payer } from './dues.ts'
import { Meter } from './meter.ts'
import { pump, type StreamEnd } from './pump.ts'
import { leftEnd, type End, type Ended, type Run } from './run.ts'
import type { Try } from './attempts/try.ts'
import {
  failureOfAnswer,
  failureOfEvent,
  isGoodAnswer,
  isForTheClient,
  noteErrorEvent,
} from './upstream-failure.ts'

/** How a stream ended, for the books and for whoever still listens. */
type Ending = Ended & {
  /** The upstream's own last bytes: of a good stream, or that say how it has failed. */
  last?: Buffer
  /** What the client is told of a bad one. */
  failure?: CallFailure | PassedOn
}

/** How the books have a stream whose upstream came to its end, whoever still listened. */
function goodEndOf({ earlyEnd: { by } }: Run): End {
  if (by === 'client' || by === 'stalled') return leftEnd
  if (by === 'revoked') return { outcome: 'revoked', statusCode: 200, errorCode: 'invalid_api_key' }
  return { outcome: 'completed', statusCode: 200, errorCode: null }
}

/** Whether only the upstream knows what it has cost: thoughts, or files that it has read. */
const isMoreThanSaid = ({ call }: Run) => call.mayThink || call.unsized

/** One stream on its way: what its client reads, and whether its status line has gone out. */
class Passage {
  readonly out: ClientStream
  /** Of the attempt under way, or of the last one. */
  private meter: Meter
  /** The attempt under way; undefined between two of them, and when the last one is over. */
  private tried: Try | undefined
  private isOut = false
  /** No upstream has any more to say to us. */
  private isOver = false
  private isReadOn = false
  private stopReadingOn = () => undefined as void
  private readonly silence: NodeJS.Timeout

  constructor(
    readonly run: Run,
    private readonly form: StreamForm,
    private readonly begin: (answer: Answer) => void,
  ) {
    this.meter = new Meter(form, run.call)
    const { pingEveryMs } = run.services
    this.out = new ClientStream(pingEveryMs)
    this.silence = setTimeout(() => this.commit(), pingEveryMs)
  }

  get isCommitted() {
    return this.isOut
  }

  /** The answer begins, as a 200. */
  commit() {
    clearTimeout(this.silence)
    if (this.isOut) return
    this.isOut = true
    const headers = answerHeaders(this.run, 'text/event-stream; charset=utf-8')
    headers.push('cache-control', 'no-cache', 'x-accel-buffering', 'no')
    this.begin(new Answer(this.out, { status: 200, headers }))
  }

  /**
   * Nobody reads any more (docs/decisions/0017). What a model thinks, and how long a file is that
   * it reads, is only known from the usage at the end, and before the first event nothing is known:
   * then the upstream is read on, for a while and where there is a place for it. Else it is ended
   * at once, and so is a call that is between two upstreams.
   */
  leave(by: 'client' | 'stalled') {
    const { run, meter, out } = this
    if (this.isOver || run.earlyEnd.by !== undefined) return
    clearTimeout(this.silence)
    const isWorthIt = isMoreThanSaid(run) || !meter.uncounted.hasBegun
    if (!this.tried || !isWorthIt || !this.readOn(by)) return run.earlyEnd.cut(by)
    // One that only takes nothing would hold the upstream up.
    out.destroy()
  }

  /**
   * The key is revoked: the client is told at once. Of a model that reasons the upstream is read on
   * as if the client had left, or a revocation would make its thoughts free. True where that is
   * done.
   */
  revoke(): boolean {
    const { run, out } = this
    if (this.isReadOn) return true
    if (!this.tried) return false
    if (this.isOver || !this.isOut || !isMoreThanSaid(run) || run.earlyEnd.by !== undefined)
      return false
    if (!this.readOn('revoked')) return false
    this.finish({ failure: new Refused('invalid_api_key') })
    // A reader that takes nothing must not hold the upstream up.
    out.onRoom()
    return true
  }

  /** Lets the upstream go on for a while, where there is a place for it. */
  private readOn(by: 'client' | 'stalled' | 'revoked'): boolean {
    const { readOns } = this.run.services
    const msMax = (this.tried?.readOnSeconds ?? 0) * 1_000
    const giveBack = msMax > 0 ? readOns.take(this.run.accountId) : undefined
    if (!giveBack) return false
    this.isReadOn = true
    const { earlyEnd } = this.run
    earlyEnd.note(by)
    const { signal } = earlyEnd
    const timer = setTimeout(() => signal.abort(), msMax)
    this.stopReadingOn = () => {
      clearTimeout(timer)
      giveBack()
    }
    return true
  }

  /** Has the call tried where it can go until it has come to an end, and settles. */
  async carry(): Promise<Ending> {
    const { run } = this
    try {
      const ending = await this.carryAll()
      await run.settle(ending)
      if (ending.last) await run.keep(() => this.meter.id)
      return ending
    } finally {
      run.tries.at(-1)?.close()
    }
  }

  private over() {
    this.isOver = true
    this.stopReadingOn()
  }

  private async carryAll(): Promise<Ending> {
    const { run } = this
    let tried: Try
    try {
      tried = firstTry(run)
    } catch (error) {
      return this.badEnd(failureOf(run, undefined, error), 'nobody')
    }
    for (;;) {
      const how = await this.pumpOne(tried)
      if (how.kind === 'complete') return this.goodEnd(how.last)
      // An upstream that says what went wrong was not kept from speaking.
      const hasSaid = how.kind === 'error-event' || how.kind === 'failed'
      if (!hasSaid && this.out.isSlow) run.earlyEnd.note('stalled')
      const failure = failureOf(run, tried, how.kind === 'broken' ? how.error : undefined)
      const payer = this.payerOf(tried, failure)
      const next = await nextTry(run, tried, failure)
      if (!next) {
        const ending = await this.badEnd(lastOf(run, failure), payer)
        const isTheirs = how.kind === 'failed' && run.earlyEnd.by === undefined
        if (isTheirs && isForTheClient(run, tried, how.event)) ending.last = how.event
        return ending
      }
      run.waive(tried, this.dueIfKnown(payer))
      tried = next
    }
  }

  /** Forwards one attempt and pumps to the end of its upstream. */
  private async pumpOne(tried: Try): Promise<StreamEnd> {
    const { run, out, form } = this
    this.meter = new Meter(form, run.call, tried.way.reasoning, tried.endsWith)
    this.tried = tried
    try {
      const answer = await tried.send()
      if (!isGoodAnswer(run, answer))
        return { kind: 'broken', error: await failureOfAnswer(run, tried, answer) }
      tried.noteGood()
      const told = {
        first: () => {
          tried.begin()
          this.commit()
        },
        more: () => answer.body.noteWords(),
      }
      const { eventBytesMax } = run.endpoint.limits
      const how = await pump(answer.body, this.meter, out, told, eventBytesMax)
      if (how.kind === 'complete') tried.begin()
      if (how.kind !== 'error-event' && how.kind !== 'failed') return how
      if (how.kind === 'error-event' && how.first)
        return { kind: 'broken', error: failureOfEvent(run, tried, { answer, event: how.event }) }
      noteErrorEvent(run, tried, how.event)
      return how
    } catch (error) {
      return { kind: 'broken', error }
    } finally {
      this.tried = undefined
    }
  }

  private payerOf(tried: Try, failure: CallFailure | PassedOn) {
    const { isGood: isStream, wasSent, answer } = tried
    // Figures alone are no answer, nor are pings, nor who is about to speak.
    const hasBegun = tried.hasBegun && this.meter.uncounted.hasSaid
    return payerOf(this.run, { failure, hasBegun, isStream, wasSent, answer })
  }

  private async goodEnd(last: Buffer | undefined): Promise<Ending> {
    const { run, meter } = this
    this.over()
    const end = goodEndOf(run)
    const due = await dueOf(run, meter, 'whoever asked')
    return { end, ...due, ...this.told(), ...(last && { last }) }
  }

  private async badEnd(failure: CallFailure | PassedOn, payer: Payer): Promise<Ending> {
    const { run, isOut: isCommitted } = this
    this.over()
    const end = endOf(run, failure, { isCommitted, payer })
    const due = await dueOf(run, this.meter, payer)
    return { end, ...due, ...this.told(), failure }
  }

  private told() {
    const { serviceTier, model } = this.meter
    return { serviceTier, model }
  }

  /** What the operator may owe for an attempt, where that can be counted. */
  private dueIfKnown(payer: Payer): Promise<Pick<Ended, 'waived'>> {
    const { run, meter } = this
    return dueOf(run, meter, payer).catch((error: unknown) => {
      run.services.log.failed('call_failed', error, { call: run.exchange.requestId })
      return {}
    })
  }

  /** Says what is left to be said. False where the answer has not begun: it may be an error then. */
  finish({ last, failure }: Pick<Ending, 'last' | 'failure'>): boolean {
    if (!failure) this.commit()
    clearTimeout(this.silence)
    if (!this.isOut) {
      // Nobody will ever read it; its timer would keep the whole call in memory.
      this.out.destroy()
      return false
    }
    this.out.finish(last ?? (failure && this.errorEvent(failure)))
    return true
  }

  private errorEvent(failure: CallFailure | PassedOn): Buffer {
    const { endpoint, exchange } = this.run
    const words = wordsInStream(failure)
    const at = { status: statusOf(failure), requestId: exchange.requestId }
    return endpoint.dialect.errorEvent(words, at, this.meter.before)
  }
}

/**
 * Steps 5 to 8 for a stream. The status line waits for the first event, so that an upstream that
 * fails before it is answered with a true error status; or for the first ping, because proxies cut
 * silent connections. Its last event waits for the settlement.
 */
export function relayStream(run: Run, form: StreamForm): Promise<Answer> {
  const { gone } = run.exchange
  return new Promise((resolve, reject) => {
    const passage = new Passage(run, form, resolve)
    run.earlyEnd.onRevoked = () => passage.revoke()
    passage.out.onStalled = () => passage.leave('stalled')
    // Nothing has been forwarded yet, and nothing will be.
    if (gone.aborted) run.earlyEnd.cut('client')
    else
      gone.once('abort', () => {
        if (!passage.isCommitted) run.noteLeft()
        passage.leave('client')
      })
    passage.carry().then(
      (ending) => {
        // What ends before anything went out has failed.
        if (!passage.finish(ending)) reject(ending.failure!)
      },
      async (error: unknown) => {
        // Counting, or the settlement itself, has failed; the first settlement stands, if there was one.
        const { log } = run.services
        log.failed('call_failed', error, { call: run.exchange.requestId })
        const failure = new Refused('internal_error')
        const statusCode = passage.isCommitted ? 200 : failure.wire.status
        const end = { outcome: 'failed', statusCode, errorCode: failure.code } as const
        // Whoever books notes what fails there.
        await run.release(end).catch(() => undefined)
        if (!passage.finish({ failure })) reject(failure)
      },
    )
  })
}
