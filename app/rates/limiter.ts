import { limits } from '../config/limits.ts'
import type { RedisClient } from '../redis/redis.server.ts'
import type { Log } from '../telemetry/log.ts'
import { waitUs } from '../values/rates/gcra.ts'
import { Batch, type EnterOp, type LeaveOp, type Outage, type RateOp, type Said } from './batch.ts'
import { partOfCalls, type Bucket, type Charge } from './bucket.ts'
import { Buckets } from './buckets.ts'
import { Pace } from './pace.ts'
import { figuresOf, Pass, type Entered, type Limited } from './pass.ts'
import type { Held, LimitKind } from './rule.ts'
import { script } from './script.ts'

const { batchMax, waitMsMax, carefulMs, bucketsMax, leasesAtOnce } = limits.rates

/** A call that wants in: counted by these, and reckoned at so many tokens. */
export type Wish = { id: string; held: readonly Held[]; tokens: number }

type Parts = {
  redis: Pick<RedisClient, 'script'>
  log: Pick<Log, 'counted'>
  nowUs?: () => number
  waitMs?: number
}

const countsCalls = ({ charges }: { charges: readonly Charge[] }) =>
  charges.some(({ bucket }) => bucket.rule.calls !== undefined)

/**
 * Lets calls in by their limits. Redis decides for all relays, one script for all calls that wait;
 * while it is away, each relay goes by what was said last, and keeps to its part of every limit. No
 * call waits for it longer than a moment, and only those do that ask before it is known to be away.
 */
export class Limiter {
  private readonly buckets = new Buckets(bucketsMax)
  /** Those under way that are counted as such. */
  private readonly leased = new Map<string, Pass>()
  private queue: RateOp[] = []
  private isBusy = false
  private isAway = false
  /** What has come of Redis since it was heard last, and since when it is away. */
  private outage: Outage | undefined
  private awayUs = 0
  private since = ''
  private relays = 1
  private heardUs = 0
  private readonly pace: Pace
  private readonly nowUs: () => number
  private readonly waitMs: number

  constructor(private readonly parts: Parts) {
    this.nowUs = parts.nowUs ?? (() => performance.now() * 1_000)
    this.waitMs = parts.waitMs ?? waitMsMax
    this.pace = new Pace(this.nowUs, () => this.pump())
  }

  /** How many relays live, this one among them: so many parts has a limit while Redis is away. */
  noteRelays(count: number) {
    this.relays = Math.max(1, count)
  }

  get live() {
    return this.relays
  }

  /** Into how many parts limits are divided now. */
  private get divided() {
    return this.isAway ? this.relays : 1
  }

  /** Whether it will most likely be let in, as far as is known without asking. */
  isLikely({ held, tokens }: Wish): boolean {
    const nowUs = this.nowUs()
    return held.every((it) => {
      const bucket = this.buckets.get(it, nowUs)
      const { calls } = bucket.rule
      if (!this.isAway && calls !== undefined && bucket.all >= calls) return false
      return bucket.refusal(bucket.tokensOf(tokens), nowUs, this.divided) === undefined
    })
  }

  /** Lets a call in, or says what keeps it out. Never rejects. */
  enter({ id, held, tokens }: Wish): Promise<Entered> {
    const nowUs = this.nowUs()
    const charges = held.map((it) => {
      const bucket = this.buckets.get(it, nowUs)
      return { bucket, tokens: bucket.tokensOf(tokens) }
    })
    if (this.isAway) return Promise.resolve(this.enterHere({ id, charges }))
    // What has refused a request for so long refuses every other meanwhile: Redis need not be asked.
    const sure = charges.find(({ bucket }) => bucket.refusesUntilUs > nowUs)
    if (sure) {
      const { bucket } = sure
      const forUs = bucket.refusesUntilUs - nowUs
      return Promise.resolve(this.limited(charges, bucket, { kind: 'requests', waitUs: forUs }))
    }
    return new Promise((resolve) => {
      this.queue.push({ kind: 'enter', id, charges, resolve })
      this.pace.enter()
    })
  }

  /** Says that calls under way are so still. */
  renew() {
    const ids = new Map<Bucket, string[]>()
    for (const { id, charges } of this.leased.values())
      for (const { bucket } of charges)
        if (bucket.rule.calls !== undefined) ids.set(bucket, [...(ids.get(bucket) ?? []), id])
    for (const [bucket, all] of ids)
      for (let from = 0; from < all.length; from += leasesAtOnce)
        this.queue.push({ kind: 'renew', bucket, ids: all.slice(from, from + leasesAtOnce) })
    this.pace.soon()
  }

  /** Looks whether Redis is back; and while calls are counted, whether it knows them still. */
  async look(): Promise<void> {
    const isHeard = this.nowUs() - this.heardUs < limits.rates.lookEveryMs * 1_000
    if (!this.isAway && (this.leased.size === 0 || isHeard || this.isBusy)) return
    const nothing = new Batch([], this.nowUs())
    const answer = await this.inTime(this.ask(nothing))
    if (!nothing.isAnswer(answer)) return
    if (!this.isAway) return this.noteSince(String(answer[0]))
    this.isAway = false
    // Who was only late has lost nothing, and no other relay will have gone on for long.
    const isLong = this.nowUs() - this.awayUs > limits.rates.lateMsMost * 1_000
    if (isLong) this.outage ??= 'away'
    this.renew()
  }

  private ask(batch: Batch) {
    return this.parts.redis.script(script, batch.keys, [batch.argument])
  }

  private pump() {
    if (this.isBusy || this.isAway || this.queue.length === 0) return
    this.pace.asked()
    void this.send(this.queue.splice(0, batchMax))
  }

  private async send(ops: RateOp[]) {
    this.isBusy = true
    const batch = new Batch(ops, this.nowUs(), this.outage)
    const answering = this.ask(batch)
    const answer = await this.inTime(answering)
    this.isBusy = false
    if (batch.isAnswer(answer)) this.take(batch, answer)
    else {
      this.goOnHere(ops, answer === 'late')
      if (answer === 'late')
        void answering.then((late) => batch.isAnswer(late) && this.takeLate(batch, late))
    }
    if (!this.pace.isWaiting) this.pump()
  }

  /** `late` where there was no answer in time, of however busy a process. */
  private inTime<T>(work: Promise<T>): Promise<T | 'late'> {
    return new Promise((resolve) => {
      // An answer that is there by now is read before it.
      const timer = setTimeout(() => setImmediate(() => resolve('late')), this.waitMs)
      void work.then((answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
    })
  }

  private take(batch: Batch, answer: readonly unknown[]) {
    const nowUs = this.nowUs()
    this.heardUs = nowUs
    const { since, ageMs, refusals } = batch.take(answer, nowUs)
    if (batch.after) {
      this.outage = undefined
      this.since = since
    }
    this.noteSince(since)
    let at = 0
    for (const op of batch.ops) {
      if (op.kind !== 'enter') continue
      const refusal = refusals[at++]
      if (refusal) op.resolve(this.refusedThere(op, refusal, nowUs))
      else op.resolve(this.letInThere(op, ageMs < carefulMs))
    }
  }

  private refusedThere(
    { charges }: EnterOp,
    { bucket, kind }: NonNullable<Said['refusals'][number]>,
    nowUs: number,
  ): Limited {
    const { rate } = (kind === 'calls' ? undefined : bucket.rule[kind]) ?? {}
    if (kind === 'calls' || !rate) return this.limited(charges, bucket, { kind, waitUs: 0 })
    const { tokens = 0 } = charges.find((it) => it.bucket === bucket) ?? {}
    const units = kind === 'requests' ? 1 : tokens
    const forUs = waitUs(rate, bucket[kind].fullUs, units, nowUs)
    if (kind === 'requests') bucket.refusesUntilUs = nowUs + forUs
    return this.limited(charges, bucket, { kind, waitUs: forUs })
  }

  /** While not all relays have told what they have under way, each keeps to its part besides. */
  private letInThere(op: EnterOp, isCareful: boolean): Entered {
    if (isCareful) {
      const full = op.charges.find(
        ({ bucket: { rule, own } }) =>
          rule.calls !== undefined && own >= partOfCalls(rule.calls, this.relays),
      )
      if (full) {
        this.undo(op)
        return this.limited(op.charges, full.bucket, { kind: 'calls', waitUs: 0 })
      }
    }
    return this.letIn(op)
  }

  private letIn({ id, charges }: Pick<EnterOp, 'id' | 'charges'>): Pass {
    for (const { bucket } of charges) bucket.own++
    const figures = figuresOf(charges, this.nowUs(), this.divided)
    const pass = new Pass(id, charges, figures, this.ended)
    if (countsCalls(pass)) this.leased.set(id, pass)
    return pass
  }

  private limited(
    charges: readonly Charge[],
    bucket: Bucket,
    { kind, waitUs: forUs }: { kind: LimitKind; waitUs: number },
  ): Limited {
    const { tokens = 0 } = charges.find((it) => it.bucket === bucket) ?? {}
    const figures = figuresOf(charges, this.nowUs(), this.divided)
    return { kind, rule: bucket.rule, waitMs: Math.ceil(forUs / 1_000), tokens, figures }
  }

  private enterHere({ id, charges }: Pick<EnterOp, 'id' | 'charges'>): Entered {
    const nowUs = this.nowUs()
    for (const { bucket, tokens } of charges) {
      const refusal = bucket.refusal(tokens, nowUs, this.relays)
      if (refusal) return this.limited(charges, bucket, refusal)
    }
    for (const { bucket, tokens } of charges) bucket.takeHere(tokens, nowUs, this.relays)
    return this.letIn({ id, charges })
  }

  private readonly ended = ({ id, charges }: Pass, used: number | undefined) => {
    this.leased.delete(id)
    for (const { bucket } of charges) bucket.own--
    if (used === undefined) return this.undo({ id, charges })
    const more = charges.map(({ bucket, tokens }) => ({
      bucket,
      tokens: bucket.rule.tokens ? used - tokens : 0,
    }))
    this.leave(id, more)
  }

  /** Whom it kept out may come again at once. */
  private undo({ id, charges }: Pick<EnterOp, 'id' | 'charges'>) {
    for (const { bucket } of charges) bucket.refusesUntilUs = 0
    const op: LeaveOp = { kind: 'undo', id, charges: charges.map(givenBack) }
    if (this.isAway) return this.correctHere(op)
    this.queue.push(op)
    this.pace.soon()
  }

  private leave(id: string, charges: readonly Charge[]) {
    if (!countsCalls({ charges }) && charges.every(({ tokens }) => tokens === 0)) return
    if (this.isAway) return this.correctHere({ kind: 'leave', id, charges })
    this.queue.push({ kind: 'leave', id, charges })
    this.pace.leave()
  }

  private correctHere({ kind, charges }: LeaveOp) {
    const nowUs = this.nowUs()
    for (const { bucket, tokens } of charges) {
      bucket.correctHere(tokens, nowUs, this.relays)
      if (kind === 'undo') bucket.undoHere(nowUs, this.relays)
    }
  }

  /** Redis is away: what it has not answered is decided here, and so is all that comes. */
  private goOnHere(ops: readonly RateOp[], isLate: boolean) {
    this.isAway = true
    this.awayUs = this.nowUs()
    if (!isLate) this.outage = 'lost'
    this.parts.log.counted('limits_apart', isLate ? 'late' : 'away')
    const all = [...ops, ...this.queue]
    this.queue = []
    for (const op of all) {
      if (op.kind === 'enter') op.resolve(this.enterHere(op))
      else if (op.kind !== 'renew') this.correctHere(op)
    }
  }

  /** It was carried out after all: what Redis has taken need not be told, and what it let in is none. */
  private takeLate(batch: Batch, answer: readonly unknown[]) {
    const nowUs = this.nowUs()
    const { refusals } = batch.takeLate(answer)
    let at = 0
    for (const op of batch.ops) {
      if (op.kind === 'renew') continue
      const isTaken = op.kind !== 'enter' || refusals[at++] === undefined
      if (!isTaken) continue
      const requests = requestsOf[op.kind]
      for (const { bucket, tokens } of op.charges) bucket.owe(requests, -tokens, nowUs)
      if (op.kind === 'enter' && countsCalls(op) && !this.leased.has(op.id))
        this.queue.push({ kind: 'leave', id: op.id, charges: op.charges.map(nothingOf) })
    }
  }

  /** Redis has begun anew, or others have: it is told of the calls under way. */
  private noteSince(since: string) {
    const isAnother = this.since !== '' && this.since !== since
    this.since = since
    if (isAnother) this.renew()
  }
}

/** What is owed of a request when Redis has carried it out after all. */
const requestsOf = { enter: -1, leave: 0, undo: 1 }

const givenBack = ({ bucket, tokens }: Charge): Charge => ({ bucket, tokens: -tokens })
const nothingOf = ({ bucket }: Charge): Charge => ({ bucket, tokens: 0 })
