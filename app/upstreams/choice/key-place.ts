import { limits } from '../../config/limits.ts'
import { Breaker } from './breaker.ts'
import { seedOf, type Seed } from './choose.ts'
import type { OwnHeaders } from '../upstream.ts'

/** A key with an upstream: what it is sent by, and how it fares, by itself and with each model. */
export class KeyPlace {
  readonly seed: Seed
  readonly weight = 1
  readonly priority = 0
  /** Opens where the key itself is refused, for all models. */
  readonly breaker = new Breaker()
  private readonly models = new Map<string, Breaker>()

  constructor(
    /** Null where no row has it. */
    readonly id: number | null,
    readonly name: string,
    readonly headers: OwnHeaders,
  ) {
    this.seed = seedOf(name)
  }

  /** How a model fares with it, by our name. */
  with(model: string): Breaker {
    const known = this.models.get(model)
    if (known) return known
    if (this.models.size >= limits.breaker.modelsMax) this.forgetOne()
    const breaker = new Breaker()
    this.models.set(model, breaker)
    return breaker
  }

  /** The breakers of one model, or of all. */
  *breakers(model: string | null = null): Iterable<{ model: string | null; breaker: Breaker }> {
    if (model === null) yield { model: null, breaker: this.breaker }
    for (const [name, breaker] of this.models)
      if (model === null || model === name) yield { model: name, breaker }
  }

  /** Whether it is left alone because it, or this model with it, has failed. */
  fails(model: string, now: number): boolean {
    const all = [this.breaker, this.models.get(model)]
    return all.some((it) => it !== undefined && ['open', 'trying'].includes(it.state(now)))
  }

  /** The oldest one, which begins anew where it is asked for again. */
  private forgetOne() {
    for (const model of this.models.keys()) return this.models.delete(model)
  }
}
