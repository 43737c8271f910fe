import { limits } from '../config/limits.ts'
import { keyspace } from '../redis/redis.server.ts'
import type { Bucket, Charge } from './bucket.ts'
import type { LimitKind, Rule } from './rule.ts'
import type { Entered } from './pass.ts'

/** A call that wants in; what it takes, and who waits for what becomes of it. */
export type EnterOp = {
  kind: 'enter'
  id: string
  charges: readonly Charge[]
  resolve(entered: Entered): void
}
/** A call that has ended: what it has used more, or less, than it took; or that never was one. */
export type LeaveOp = { kind: 'leave' | 'undo'; id: string; charges: readonly Charge[] }
/** Calls that are under way still. */
type RenewOp = { kind: 'renew'; bucket: Bucket; ids: readonly string[] }
export type RateOp = EnterOp | LeaveOp | RenewOp

const { leaseMs, keptMs } = limits.rates
const whole = Math.round

/**
 * Redis was away for long enough for others to have calls under way that it knows nothing of; or
 * may have lost what it knew as well.
 */
export type Outage = 'away' | 'lost'

/** What Redis has said to a batch. */
export type Said = {
  since: string
  ageMs: number
  /** By call that wanted in, in turn: what has refused it, if anything. */
  refusals: ({ bucket: Bucket; kind: LimitKind } | undefined)[]
}

/** What the script calls them. */
const codes = { enter: 1, leave: 2, undo: 4 }
const kinds: readonly (LimitKind | undefined)[] = [undefined, 'requests', 'tokens', 'calls']

/** One asking of Redis: its keys and its argument, as the script takes them. */
export class Batch {
  readonly keys: readonly string[]
  readonly argument: string
  private readonly buckets: Bucket[] = []
  /** Those that hold when it is asked: until it is answered others may. */
  private readonly rules: readonly Rule[]
  private readonly places = new Map<Bucket, number>()

  constructor(
    readonly ops: readonly RateOp[],
    nowUs: number,
    /** What has come of Redis meanwhile. */
    readonly after?: Outage,
  ) {
    const o = ops.map((op) => this.written(op))
    this.rules = this.buckets.map(({ rule }) => rule)
    const counting = this.buckets.filter(({ rule }) => rule.calls !== undefined)
    const leasesAt = new Map(counting.map((it, i) => [it, 2 + this.buckets.length + i]))
    this.keys = [
      keyspace.rates,
      ...this.buckets.map(({ id }) => keyspace.rate(id)),
      ...counting.map(({ id }) => keyspace.leases(id)),
    ]
    const b = this.buckets.map((it) => told(it, nowUs, leasesAt.get(it) ?? 0))
    this.argument = JSON.stringify({
      b,
      o,
      l: leaseMs,
      k: keptMs,
      ...(after && { r: after === 'lost' ? 2 : 1 }),
    })
  }

  /** Whether it is the script that has answered: what is in its place may say anything. */
  isAnswer(answer: unknown): answer is unknown[] {
    if (!Array.isArray(answer) || answer.length !== 2 + this.entering + 3 * this.buckets.length)
      return false
    const [since, ...numbers] = answer as unknown[]
    return typeof since === 'string' && numbers.every(Number.isSafeInteger)
  }

  private get entering() {
    return this.ops.filter(({ kind }) => kind === 'enter').length
  }

  /** Takes what Redis has said of the buckets, and answers the rest. */
  take(answer: readonly unknown[], nowUs: number): Said {
    const [since, ageMs] = answer
    const { entering } = this
    const said = answer.slice(2).map(Number)
    this.buckets.forEach((bucket, i) => {
      const at = entering + 3 * i
      const { [at]: requestsUs = 0, [at + 1]: tokensUs = 0, [at + 2]: calls = -1 } = said
      bucket.told(this.rules[i] ?? bucket.rule, { requestsUs, tokensUs }, nowUs)
      if (calls >= 0) bucket.all = calls
      bucket.since = String(since)
      bucket.noteTold()
    })
    return { since: String(since), ageMs: Number(ageMs), refusals: this.refusals(said, entering) }
  }

  /** The same of an answer that came when nobody waited for it any more. */
  takeLate(answer: readonly unknown[]): Pick<Said, 'refusals'> {
    for (const bucket of this.buckets) {
      bucket.requests.toldLate()
      bucket.tokens.toldLate()
      bucket.noteTold()
    }
    return { refusals: this.refusals(answer.slice(2).map(Number), this.entering) }
  }

  private refusals(said: readonly number[], entering: number): Said['refusals'] {
    return said.slice(0, entering).map((code) => {
      const bucket = this.buckets[Math.floor(code / 4) - 1]
      const kind = kinds[code % 4]
      return bucket && kind && { bucket, kind }
    })
  }

  private written(op: RateOp): (number | string)[] {
    if (op.kind === 'renew') return [3, this.placeOf(op.bucket), ...op.ids]
    const charges = op.charges.flatMap(({ bucket, tokens }) => [this.placeOf(bucket), tokens])
    return [codes[op.kind], op.id, ...charges]
  }

  private placeOf(bucket: Bucket): number {
    const known = this.places.get(bucket)
    if (known !== undefined) return known
    this.places.set(bucket, this.buckets.push(bucket))
    return this.buckets.length
  }
}

/** A bucket as the script wants it told. */
function told(bucket: Bucket, nowUs: number, leases: number): (number | string)[] {
  const { requests, tokens, calls = 0 } = bucket.rule
  return [
    requests?.rate.everyUs ?? 0,
    tokens?.rate.everyUs ?? 0,
    requests?.rate.burstUs ?? 0,
    tokens?.rate.burstUs ?? 0,
    calls,
    bucket.requests.tell(),
    bucket.tokens.tell(),
    whole(nowUs - (bucket.owedSinceUs ?? nowUs)),
    whole(bucket.requests.saidUs - nowUs),
    whole(bucket.tokens.saidUs - nowUs),
    bucket.since,
    leases,
    bucket.knownMs,
  ]
}
