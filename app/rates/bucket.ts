import {
  corrected,
  moved,
  partOf,
  taken,
  unitsAtOnce,
  unitsLeft,
  waitUs,
  type Rate,
} from '../values/rates/gcra.ts'
import type { LimitKind, Rule } from './rule.ts'

/** What one call takes of a bucket. */
export type Charge = { bucket: Bucket; tokens: number }

/** A rate as this process remembers it, by its own clock in microseconds. */
class Level {
  /** When all that was taken of it will have come due: by Redis, and by what was taken here since. */
  fullUs = 0
  /** The same as Redis has said it last. */
  saidUs = 0
  /** Taken since without Redis having been told. */
  owed = 0
  /** Of that, what it is just being told. */
  private telling = 0

  take(rate: Rate, units: number, nowUs: number) {
    this.fullUs = taken(rate, this.fullUs, units, nowUs)
  }

  correct(rate: Rate, units: number, nowUs: number) {
    this.fullUs = corrected(rate, this.fullUs, units, nowUs)
  }

  /** Another rate holds. */
  move(from: Rate | undefined, to: Rate | undefined, nowUs: number) {
    if (!from || !to) return
    this.fullUs = moved(from, to, this.fullUs, nowUs)
    this.saidUs = moved(from, to, this.saidUs, nowUs)
  }

  tell(): number {
    this.telling = this.owed
    return this.owed
  }

  /** Redis has taken what it was told, and says for how long it is full. */
  told(forUs: number, nowUs: number) {
    this.toldLate()
    this.saidUs = this.fullUs = nowUs + forUs
  }

  /** It has taken that, and what it says of it is too old. */
  toldLate() {
    this.owed -= this.telling
    this.telling = 0
  }
}

/** What is counted of calls that one limit holds for in one name. */
export class Bucket {
  readonly requests = new Level()
  readonly tokens = new Level()
  /** Calls under way in this process. */
  own = 0
  /** And in all, as Redis has said last; -1 where it has not. */
  all = -1
  /** When what is owed began. */
  owedSinceUs: number | undefined
  /** Since when Redis knew what it has said. */
  since = ''
  /** Until then no request is let in, whatever comes of others. */
  refusesUntilUs = 0

  constructor(
    readonly id: string,
    private ruleNow: Rule,
    /** Of which moment that is known; see `Held`. */
    public knownMs: number,
  ) {}

  get rule(): Rule {
    return this.ruleNow
  }

  /** Another limit holds; it refuses nobody for what the one before did. */
  become(rule: Rule, nowUs: number) {
    const before = this.ruleNow
    this.ruleNow = rule
    this.refusesUntilUs = 0
    this.moveFrom(before, nowUs)
  }

  private moveFrom(before: Rule, nowUs: number) {
    for (const kind of ['requests', 'tokens'] as const)
      this[kind].move(before[kind]?.rate, this.ruleNow[kind]?.rate, nowUs)
  }

  /** Redis says for how long it is full, as it was asked when this rule held. */
  told(
    by: Rule,
    { requestsUs, tokensUs }: Record<'requestsUs' | 'tokensUs', number>,
    nowUs: number,
  ) {
    this.requests.told(requestsUs, nowUs)
    this.tokens.told(tokensUs, nowUs)
    if (by !== this.ruleNow) this.moveFrom(by, nowUs)
  }

  noteTold() {
    if (this.requests.owed === 0 && this.tokens.owed === 0) this.owedSinceUs = undefined
  }

  /** Nothing would be lost with it. */
  isIdle(nowUs: number) {
    const { own, requests, tokens, owedSinceUs } = this
    return (
      own === 0 && owedSinceUs === undefined && requests.fullUs <= nowUs && tokens.fullUs <= nowUs
    )
  }

  /** Of a call's tokens, what is taken of it: one that is larger than all of it waits for all of it. */
  tokensOf(tokens: number): number {
    const { rate } = this.rule.tokens ?? {}
    return rate ? Math.min(tokens, unitsAtOnce(rate)) : 0
  }

  /**
   * What keeps a call out, as far as is known here, and for how long. `parts`: into how many the limit
   * is divided, where each relay keeps to its own; a part is one call at least.
   */
  refusal(
    tokens: number,
    nowUs: number,
    parts: number,
  ): { kind: LimitKind; waitUs: number } | undefined {
    const { requests, calls, tokens: ofTokens } = this.rule
    if (requests) {
      const forUs = waitUs(partOf(requests.rate, parts), this.requests.fullUs, 1, nowUs)
      if (forUs > 0) return { kind: 'requests', waitUs: forUs }
    }
    if (ofTokens && tokens > 0) {
      const forUs = waitUs(partOf(ofTokens.rate, parts), this.tokens.fullUs, tokens, nowUs)
      if (forUs > 0) return { kind: 'tokens', waitUs: forUs }
    }
    if (calls !== undefined && this.own >= partOfCalls(calls, parts))
      return { kind: 'calls', waitUs: 0 }
    return undefined
  }

  /** Takes what a call takes, without Redis. */
  takeHere(tokens: number, nowUs: number, parts: number) {
    const { requests, tokens: ofTokens } = this.rule
    if (requests) this.requests.take(partOf(requests.rate, parts), 1, nowUs)
    if (ofTokens) this.tokens.take(partOf(ofTokens.rate, parts), tokens, nowUs)
    this.owe(1, tokens, nowUs)
  }

  /** Has so many tokens more, or less, be taken, without Redis. */
  correctHere(tokens: number, nowUs: number, parts: number) {
    const { tokens: ofTokens } = this.rule
    if (!ofTokens || tokens === 0) return
    this.tokens.correct(partOf(ofTokens.rate, parts), tokens, nowUs)
    this.owe(0, tokens, nowUs)
  }

  /** Gives a request back, without Redis. */
  undoHere(nowUs: number, parts: number) {
    const { requests } = this.rule
    if (requests) this.requests.correct(partOf(requests.rate, parts), -1, nowUs)
    this.owe(-1, 0, nowUs)
  }

  /** What Redis is to be told when it is back. */
  owe(requests: number, tokens: number, nowUs: number) {
    if (this.rule.requests) this.requests.owed += requests
    if (this.rule.tokens) this.tokens.owed += tokens
    this.owedSinceUs ??= nowUs
  }

  /** How many units are left of a limit that is there, and when all of it is. */
  left(kind: 'requests' | 'tokens', nowUs: number, parts: number) {
    const limit = this.rule[kind]
    if (!limit) return undefined
    const { fullUs } = this[kind]
    const all = unitsLeft(partOf(limit.rate, parts), fullUs, nowUs) * parts
    const remaining = Math.min(all, limit.limit)
    return { limit: limit.limit, remaining, resetUs: Math.max(0, fullUs - nowUs) }
  }
}

/** A relay's part of the calls that may be at once: one at least, or nobody would be let in. */
export const partOfCalls = (calls: number, parts: number) => Math.max(1, Math.floor(calls / parts))
