import type { Offer } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { isUpstreams, type CallFailure, type PassedOn } from '../../errors/refusal.ts'
import type { Attempt, AttemptFailure, UpstreamAnswer } from '../../upstreams/upstreams.server.ts'
import { tellableCode } from '../../values/logs/tellable-code.ts'
import type { Cut } from '../early-end.ts'
import type { Way } from '../endpoint.ts'
import { headFor } from './client-headers.ts'
import type { Attempted, Charged, Run, Tried } from '../run.ts'
import { wayOf } from './way.ts'

type Place = {
  /** No other will follow, whatever becomes of it. */
  isLast: boolean
  /** Called as soon as its outcome is known. */
  giveBack?: (() => void) | undefined
}

const nothing = () => undefined
const bytesOf = (pieces: Buffer[]) => pieces.reduce((sum, piece) => sum + piece.length, 0)

/**
 * One attempt at a call: a request to one upstream with one of its keys, and what is known of it.
 * Whoever chooses among upstreams learns of its outcome once, whatever happens.
 */
export class Try implements Attempted {
  readonly way: Way
  answer: UpstreamAnswer | undefined
  /** Its answer is one that can be passed on, as far as is known. */
  isGood = false
  /** Something of its answer has gone out, or all of it is there: nobody else is asked any more. */
  hasBegun = false
  /** It was sent to the upstream, and not ended before that. */
  wasSent = false
  /** Nothing had come by the time when something should have. */
  isLate = false
  /** It said that it has done nothing. */
  isRefused = false
  /** What it failed of may be of its request alone: nothing is learned of the upstream. */
  saysNothing = false
  firstByteMs: number | null = null
  /** It never reached the upstream. */
  private wasUnreachable = false
  private code: string | null = null
  private kind: AttemptFailure | undefined
  private retryAfterMs: number | undefined
  private readonly beganMs = performance.now()
  private endedMs: number | undefined
  /** Of a long body that others may be made of: what is left when none will be. */
  private kept: number | undefined
  /** Its body is on the wire. */
  private isSent = false
  private mayLetGo = false
  private keepNoMore: () => void = nothing
  private readonly timer: NodeJS.Timeout

  constructor(
    private readonly run: Run,
    private readonly attempt: Attempt<Offer>,
    private readonly place: Place,
  ) {
    const { call, accountId, services, endpoint } = run
    const { pseudonyms } = services
    this.way = wayOf(attempt.target, endpoint, { accountId, call, pseudonyms })
    const { timeouts } = attempt.target.upstream.definition
    const { firstEventMs, totalMs, plainMs = firstEventMs } = timeouts
    run.endAttemptAfter(totalMs)
    this.timer = setTimeout(() => this.giveUp(), call.streamed ? firstEventMs : plainMs)
  }

  get offer(): Offer {
    return this.attempt.target.offer
  }

  get names() {
    const { upstream, key } = this.attempt.target
    return { upstream: upstream.name, key: key.name }
  }

  get status(): number | null {
    return this.answer?.status ?? null
  }

  get upstreamCode(): string | null {
    return this.code
  }

  get requestId(): string | null {
    const id = this.answer?.header('x-request-id') ?? this.answer?.header('request-id')
    return typeof id === 'string' && !this.tells(id)
      ? id.replace(/[^\x21-\x7e]/g, '').slice(0, 100)
      : null
  }

  /** What the upstream called its error, or the network the lack of an answer: the first of them. */
  noteCode(...names: (string | undefined)[]) {
    this.code ??= tellableCode(names.filter((it) => it === undefined || !this.tells(it))) ?? null
  }

  /** Whether what its upstream says tells the operator's key. */
  tells(text: string): boolean {
    return this.attempt.tells(text)
  }

  used(tokens: number) {
    this.attempt.used(tokens)
  }

  noteUnreachable() {
    this.wasUnreachable = true
  }

  /** It said that it takes no more for now. */
  get isLimited() {
    return this.kind === 'limit'
  }

  /** What its streams end with. */
  get endsWith() {
    return this.attempt.target.upstream.definition.end
  }

  get readOnSeconds() {
    return this.attempt.target.upstream.definition.readOnSeconds
  }

  /** What it failed of, where that is more than that it failed. */
  noteKind(kind: AttemptFailure, retryAfterMs?: number) {
    this.kind ??= kind
    this.retryAfterMs ??= retryAfterMs
  }

  /**
   * Sends the call and answers the upstream's answer, whatever it is, with its body unread. Rejects
   * with undici's error where there is none.
   */
  async send(): Promise<UpstreamAnswer> {
    const { run } = this
    const { endpoint, call, earlyEnd } = run
    this.wasSent = !earlyEnd.signal.aborted
    const { upstream } = this.attempt.target
    const { body, onSent } = this.body()
    this.answer = await this.attempt.send({
      path: endpoint.upstreamPath,
      body,
      onSent,
      streamed: call.streamed,
      ...headFor(run, upstream),
      signal: earlyEnd.signal,
    })
    return this.answer
  }

  /**
   * The body as it goes out. A long one is all that is left of what the client sent, but for what a
   * bill may need; and it stays until nobody else can be asked any more. Then nothing is left of it
   * when it is on the wire: a stream lasts for minutes.
   */
  private body(): { body: Buffer[]; onSent?: () => void } {
    const { endpoint, call, grant, share, exchange } = this.run
    const body = endpoint.bodyFor(call, grant.outputTokensMax, this.way)
    const bytes = bytesOf(body)
    if (bytes <= limits.http.textBytesMax) return { body }
    const kept = endpoint.letGo(call)
    share.keep(bytes + kept)
    this.kept = kept
    const onSent = () => {
      this.isSent = true
      this.giveRoom()
    }
    if (this.place.isLast || exchange.gone.aborted) this.letGo()
    else this.keepFor(bytes)
    return { body, onSent }
  }

  /** Keeps the body until nobody else will be asked, its client leaves, or others need the room. */
  private keepFor(bytes: number) {
    const { accountId, earlyEnd, exchange, services } = this.run
    const letGo = () => {
      earlyEnd.isLastTry = true
      this.letGo()
    }
    const done = services.bodies.kept.keep(accountId, bytes, letGo)
    exchange.gone.once('abort', letGo)
    this.keepNoMore = () => {
      done()
      exchange.gone.off('abort', letGo)
    }
    if (this.mayLetGo) this.keepNoMore()
  }

  private letGo() {
    if (this.kept === undefined) return
    this.mayLetGo = true
    this.keepNoMore()
    this.run.endpoint.dropBody(this.run.call)
    this.giveRoom()
  }

  /** What is not yet on the wire takes its room until it is. */
  private giveRoom() {
    if (this.isSent && this.mayLetGo && this.kept !== undefined) this.run.share.keep(this.kept)
  }

  /** Its answer has a good head: whoever is at work no more needs a place among retries. */
  noteGood() {
    this.isGood = true
    this.place.giveBack?.()
  }

  /** The answer has begun, and all of it may take its time, but for silences. */
  noteFirst() {
    clearTimeout(this.timer)
    const { idleMs } = this.attempt.target.upstream.definition.timeouts
    this.answer?.body.endAfterSilence(idleMs, this.run.call.streamed ? 'words' : 'bytes')
  }

  /** Its first event is about to go out, or a whole good answer is there. */
  begin() {
    if (this.hasBegun) return
    this.hasBegun = true
    this.firstByteMs = this.run.elapsedMs()
    this.noteFirst()
    this.attempt.succeeded()
    this.end()
    this.run.services.upstreams.retries.noteAnswer()
    this.letGo()
  }

  /** It has failed; `by` where it was ended by somebody else. */
  fail(failure: CallFailure | PassedOn, by: Cut | undefined) {
    this.end()
    const isTheirs = by === undefined && isUpstreams(failure)
    if (!isTheirs || this.saysNothing) this.attempt.neutral()
    else if (this.isLate) this.attempt.failed('slow')
    else this.attempt.failed(this.kind ?? 'failure', this.retryAfterMs)
  }

  /** Nothing more becomes of it, whatever has become of it. */
  close() {
    this.end()
    this.attempt.neutral()
  }

  /** What it was, for the row of its call. */
  told(isBilled: boolean): Tried {
    const { status, code, requestId: id } = this
    const ms = Math.round((this.endedMs ?? performance.now()) - this.beganMs)
    return { ...this.names, status, code, id, ms, charged: this.chargedIf(isBilled) }
  }

  private chargedIf(isBilled: boolean): Charged {
    if (isBilled) return true
    return this.wasSent && !this.wasUnreachable && !this.isRefused ? 'maybe' : false
  }

  private giveUp() {
    this.isLate = true
    this.noteCode('first_event_timeout')
    this.run.earlyEnd.signal.abort()
  }

  private end() {
    clearTimeout(this.timer)
    this.endedMs ??= performance.now()
    this.place.giveBack?.()
    this.keepNoMore()
  }
}
