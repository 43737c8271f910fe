import { limits } from '../config/limits.ts'
import { Bucket } from './bucket.ts'
import type { Held } from './rule.ts'

/** The buckets that this process remembers, as many as are allowed; the oldest idle one goes first. */
export class Buckets {
  private readonly known = new Map<string, Bucket>()

  constructor(private readonly most: number) {}

  get({ id, rule, knownMs }: Held, nowUs: number): Bucket {
    const known = this.known.get(id)
    if (known) {
      if (known.rule !== rule) known.become(rule, nowUs)
      known.knownMs = knownMs
      return known
    }
    if (this.known.size >= this.most) this.forgetSome(nowUs)
    const made = new Bucket(id, rule, knownMs)
    this.known.set(id, made)
    return made
  }

  get all(): Iterable<Bucket> {
    return this.known.values()
  }

  /**
   * Looks at a few of the oldest. What is in use moves to the end, so that they are others the next
   * time; where all of them are, the oldest is forgotten all the same: Redis knows it.
   */
  private forgetSome(nowUs: number) {
    let looked = 0
    for (const [id, bucket] of this.known) {
      if (bucket.isIdle(nowUs)) {
        this.known.delete(id)
        return
      }
      if (++looked > limits.rates.looksMax) break
      if (bucket.own > 0) {
        this.known.delete(id)
        this.known.set(id, bucket)
      }
    }
    for (const [id, { own }] of this.known) {
      if (own > 0) continue
      this.known.delete(id)
      return
    }
  }
}
