import { Answer } from '../http/http.server.ts'
import { isCallFailure, Refused, type CallFailure, type PassedOn } from '../errors/refusal.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import { answerHeaders } from './answer-headers.ts'
import { ClientStream } from './client-stream.ts'
import type { StreamForm } from './endpoint.ts'
import { endOf, failureOf, wordsOf } from './failures.ts'
import { forward } from './forward.ts'
import { dueOf, payerOf } from './dues.ts'
import { Meter } from './meter.ts'
import { pump, type StreamEnd } from './pump.ts'
import { leftEnd, type End, type Ended, type Run } from './run.ts'
import { failureOfAnswer, failureOfEvent, noteErrorEvent } from './upstream-failure.ts'

/** How a stream ended, for the books and for whoever still listens. */
type Ending = Ended & {
  /** The last bytes of a good stream. */
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
  readonly meter: Meter
  answer: UpstreamAnswer | undefined
  private isOut = false
  /** The upstream has no more to say to us. */
  private isOver = false
  private wasSent = false
  private isReadOn = false
  private stopReadingOn = () => undefined as void
  private readonly silence: NodeJS.Timeout

  constructor(
    readonly run: Run,
    form: StreamForm,
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
    const headers = {
      ...answerHeaders(this.run, this.answer, 'text/event-stream; charset=utf-8'),
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    }
    this.begin(new Answer(this.out, { status: 200, headers }))
  }

  /**
   * Nobody reads any more (docs/decisions/0017). What a model thinks, and how long a file is that
   * it reads, is only known from the usage at the end, and before the first event nothing is known:
   * then the upstream is read on, for a while and where there is a place for it. Else it is ended
   * at once.
   */
  leave(by: 'client' | 'stalled') {
    const { run, meter, out, isOver } = this
    if (isOver || run.earlyEnd.by !== undefined) return
    clearTimeout(this.silence)
    const isWorthIt = isMoreThanSaid(run) || !meter.uncounted.hasBegun
    if (!isWorthIt || !this.readOn(by)) return run.earlyEnd.cut(by)
    // One that only takes nothing would hold the upstream up.
    out.destroy()
  }

  /**
   * The key is revoked: the client is told at once. Of a model that reasons the upstream is read on
   * as if the client had left, or a revocation would make its thoughts free. True where that is
   * done.
   */
  revoke(): boolean {
    const { run, out, isOver } = this
    if (this.isReadOn) return true
    if (isOver || !this.isOut || !isMoreThanSaid(run) || run.earlyEnd.by !== undefined) return false
    if (!this.readOn('revoked')) return false
    this.finish({ failure: new Refused('invalid_api_key') })
    // A reader that takes nothing must not hold the upstream up.
    out.onRoom()
    return true
  }

  /** Lets the upstream go on for a while, where there is a place for it. */
  private readOn(by: 'client' | 'stalled' | 'revoked'): boolean {
    const { env, readOns } = this.run.services
    const msMax = env.OPENAI_READ_ON_SECONDS * 1_000
    const giveBack = msMax > 0 ? readOns.take(this.run.accountId) : undefined
    if (!giveBack) return false
    this.isReadOn = true
    const { earlyEnd } = this.run
    earlyEnd.note(by)
    const timer = setTimeout(() => earlyEnd.signal.abort(), msMax)
    this.stopReadingOn = () => {
      clearTimeout(timer)
      giveBack()
    }
    return true
  }

  /** Forwards and pumps to the end of the upstream, and settles. */
  async carry(): Promise<Ending> {
    const { run, out, meter } = this
    const how = await this.pumpAll(run, out, meter)
    this.isOver = true
    this.stopReadingOn()
    const ending = await this.endingOf(how)
    await run.settle(ending)
    return ending
  }

  private async pumpAll(run: Run, out: ClientStream, meter: Meter): Promise<StreamEnd> {
    try {
      this.wasSent = !run.earlyEnd.signal.aborted
      this.answer = await forward(run)
      const failure = await failureOfAnswer(run, this.answer)
      if (failure) return { kind: 'broken', error: failure }
      const first = () => {
        run.noteFirstByte()
        this.commit()
      }
      const how = await pump(this.answer.body, meter, out, first, run.endpoint.limits.eventBytesMax)
      if (how.kind !== 'error-event') return how
      if (!how.first) {
        noteErrorEvent(run, how.event)
        return how
      }
      return { kind: 'broken', error: failureOfEvent(run, this.answer, how.event) }
    } catch (error) {
      return { kind: 'broken', error }
    }
  }

  private async endingOf(how: StreamEnd): Promise<Ending> {
    const { run, meter, answer, isCommitted } = this
    // An upstream that says what went wrong was not kept from speaking.
    const isKeptWaiting = how.kind !== 'complete' && how.kind !== 'error-event' && this.out.isSlow
    if (isKeptWaiting) run.earlyEnd.note('stalled')
    const told = { serviceTier: meter.serviceTier, answer }
    if (how.kind === 'complete') {
      const end = goodEndOf(run)
      const due = await dueOf(run, meter, 'whoever asked')
      return { end, ...due, ...told, model: meter.model, last: how.last }
    }
    const error = how.kind === 'broken' ? how.error : undefined
    const failure = failureOf(run, error)
    const payer = payerOf(run, {
      failure,
      isCommitted,
      isStream: !isCallFailure(error),
      wasSent: this.wasSent,
      answer,
    })
    const end = endOf(run, failure, { isCommitted, payer })
    return { end, ...(await dueOf(run, meter, payer)), ...told, model: meter.model, failure }
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
    const { dialect } = this.run.endpoint
    this.out.finish(last ?? (failure && dialect.errorEvent(wordsOf(failure, 'stream'))))
    return true
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
        await run.release(end, passage.answer).catch(() => undefined)
        if (!passage.finish({ failure })) reject(failure)
      },
    )
  })
}
