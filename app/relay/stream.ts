import { Answer } from '../http/http.server.ts'
import { noUsage } from '../ledger/ledger.server.ts'
import { PassedOn, Refused, type CallFailure } from '../errors/refusal.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import { answerHeaders } from './answer-headers.ts'
import { ClientStream } from './client-stream.ts'
import type { StreamForm } from './endpoint.ts'
import { endOf, failureOf, wordsOf } from './failures.ts'
import { forward } from './forward.ts'
import { Meter } from './meter.ts'
import { pump, type StreamEnd } from './pump.ts'
import type { Ended, Run } from './run.ts'
import { failureOfAnswer, failureOfEvent } from './upstream-failure.ts'
import { usageOf } from './used.ts'

/** How a stream ended, for the books and for whoever still listens. */
type Ending = Ended & {
  /** The last bytes of a good stream. */
  last?: Buffer
  /** What the client is told of a bad one. */
  failure?: CallFailure | PassedOn
}

/** One stream on its way: what its client reads, and whether its status line has gone out. */
class Passage {
  readonly out: ClientStream
  readonly meter: Meter
  answer: UpstreamAnswer | undefined
  private isOut = false
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
      ...answerHeaders(this.answer, 'text/event-stream; charset=utf-8'),
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    }
    this.begin(new Answer(this.out, { status: 200, headers }))
  }

  /** Forwards and pumps to the end of the upstream, and settles. */
  async carry(): Promise<Ending> {
    const { run, out, meter } = this
    const ending = await this.endingOf(await this.pumpAll(run, out, meter))
    await run.settle(ending)
    return ending
  }

  private async pumpAll(run: Run, out: ClientStream, meter: Meter): Promise<StreamEnd> {
    try {
      this.answer = await forward(run)
      const failure = await failureOfAnswer(run, this.answer)
      if (failure) return { kind: 'broken', error: failure }
      const first = () => {
        run.noteFirstByte()
        this.commit()
      }
      const how = await pump(this.answer.body, meter, out, first, run.endpoint.limits.eventBytesMax)
      if (how.kind !== 'error-event' || !how.first) return how
      return { kind: 'broken', error: failureOfEvent(run, this.answer, how.event) }
    } catch (error) {
      return { kind: 'broken', error }
    }
  }

  private async endingOf(how: StreamEnd): Promise<Ending> {
    const { run, meter, answer, isCommitted } = this
    const { serviceTier } = meter
    const count = () => usageOf(run, meter.reported, () => meter.uncounted.tokens())
    if (how.kind === 'complete') {
      const end = { outcome: 'completed', statusCode: 200, errorCode: null } as const
      return { end, usage: await count(), serviceTier, answer, last: how.last }
    }
    const failure = failureOf(run, how.kind === 'broken' ? how.error : undefined)
    const end = endOf(run, failure, isCommitted)
    // Before the first byte the answer is an error; and what fails by a mistake of ours is ours.
    const isFree = !isCommitted || end.errorCode === 'internal_error' || failure instanceof PassedOn
    return { end, usage: isFree ? noUsage : await count(), serviceTier, answer, failure }
  }

  /** Says what is left to be said. False where the answer has not begun: it may be an error then. */
  finish({ last, failure }: Pick<Ending, 'last' | 'failure'>): boolean {
    if (last) this.commit()
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
    passage.out.onStalled = () => run.earlyEnd.cut('stalled')
    if (gone.aborted) run.earlyEnd.cut('client')
    else gone.once('abort', () => run.earlyEnd.cut('client'))
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
