import type { Attempt, AttemptFailure, Offered, Target } from './candidates.ts'
import type { Breaker, Ticket } from './breaker.ts'
import type { KeyPlace } from './key-place.ts'
import type { UpstreamPlace } from './place.ts'
import type { UpstreamAnswer } from '../ask.ts'
import { isRated } from './key-rate.ts'
import { tellsSecret } from '../secrets.ts'
import type { UpstreamCall } from '../upstream.ts'

/** A key of an upstream that a call can go to for an offer, and how its model fares there. */
export type Place<O extends Offered> = {
  readonly target: Target<O>
  readonly upstream: UpstreamPlace
  readonly key: KeyPlace
  /** By our name. */
  readonly model: string
  readonly breaker: Breaker
}

/** Whoever writes down what breakers do. */
export type Told = {
  /** Of a credential, for all models of the key. */
  opened(place: Place<Offered>, why: AttemptFailure): void
  closed(place: Place<Offered>): void
  limited(place: Place<Offered>): void
}

const nobody = () => undefined

/** One request to a place: takes what it needs of breakers and bounds, and tells how it went once. */
export class BegunAttempt<O extends Offered> implements Attempt<O> {
  readonly target: Target<O>
  /** What it has failed of. */
  failure: AttemptFailure | undefined
  private readonly ofKey: Ticket
  private readonly ofModel: Ticket
  private isTold = false
  private wasSent = false
  private leave: () => void = nobody
  /** What it has taken of its key's limits, where there are any. */
  private reckoned: { tokens: number; relays: number } | undefined

  constructor(
    private readonly place: Place<O>,
    private readonly now: () => number,
    private readonly told: Told,
    { account, tokens, relays }: { account: number; tokens: number; relays: number },
  ) {
    this.target = place.target
    const at = now()
    this.ofKey = place.key.breaker.begin(at)
    this.ofModel = place.breaker.begin(at)
    const { runtime, load } = place.upstream
    if (isRated(runtime.definition.limits)) {
      const rate = load.rateOf(place.key.name)
      const asking = { tokens, nowMs: at, relays }
      this.reckoned = { tokens: rate.take(runtime.definition.limits, asking), relays }
    }
    if (runtime.definition.limits?.concurrent === undefined) return
    load.enter(account)
    this.leave = () => {
      load.leave(account)
      this.leave = nobody
    }
  }

  send(call: UpstreamCall): Promise<UpstreamAnswer> {
    const { upstream, key, target } = this.place
    this.wasSent = true
    const send = () => upstream.runtime.send(call, key.headers, target.offer.theirName)
    return this.leave === nobody ? send() : this.leaveAfter(send)
  }

  tells(text: string): boolean {
    const { key, upstream } = this.place
    return tellsSecret(text, key.headers, upstream.runtime.definition.credential?.header)
  }

  private async leaveAfter(send: () => Promise<UpstreamAnswer>): Promise<UpstreamAnswer> {
    try {
      const answer = await send()
      answer.body.once('close', () => this.leave())
      return answer
    } catch (error) {
      this.leave()
      throw error
    }
  }

  succeeded() {
    if (!this.tell()) return
    const { key, breaker } = this.place
    const at = this.now()
    const isKeyBack = key.breaker.succeeded(this.ofKey, at)
    if (breaker.succeeded(this.ofModel, at) || isKeyBack) this.told.closed(this.place)
  }

  failed(kind: AttemptFailure, retryAfterMs?: number) {
    if (!this.tell()) return
    this.used(0)
    this.failure = kind
    const { key, breaker } = this.place
    const at = this.now()
    if (kind === 'credential') {
      breaker.neutral(this.ofModel)
      if (key.breaker.failed(this.ofKey, at, true)) this.told.opened(this.place, kind)
      return
    }
    key.breaker.neutral(this.ofKey)
    if (kind === 'limit') this.told.limited(this.place)
    if (kind === 'limit' && retryAfterMs !== undefined)
      breaker.limited(this.ofModel, at, retryAfterMs)
    else {
      if (breaker.failed(this.ofModel, at)) this.told.opened(this.place, kind)
      // One that is overloaded says for how long, and has failed all the same.
      if (retryAfterMs !== undefined) breaker.leaveAlone(at, retryAfterMs)
    }
  }

  used(tokens: number) {
    if (!this.reckoned) return
    const { upstream, key } = this.place
    const { tokens: before, relays } = this.reckoned
    const more = { tokens: tokens - before, nowMs: this.now(), relays }
    upstream.load.rateOf(key.name).correct(more)
    this.reckoned.tokens = tokens
  }

  neutral() {
    if (!this.tell()) return
    this.used(0)
    this.place.key.breaker.neutral(this.ofKey)
    this.place.breaker.neutral(this.ofModel)
  }

  /** False where it was told before. */
  private tell(): boolean {
    if (this.isTold) return false
    this.isTold = true
    if (!this.wasSent) this.leave()
    return true
  }
}
