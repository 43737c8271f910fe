import { ownClock, type Clock } from './clock.ts'

type Bounds = {
  /** How long an answer is taken for true. */
  keptMs: number
  /** And one that could not be had anew. */
  againMs: number
}

/**
 * What is asked of somebody else and seldom changes: once for all who want it at the same time,
 * and kept for a while. Where it cannot be had anew, what was known goes on; where nothing was,
 * all are told.
 */
export class Remembered<T> {
  private known: { value: T; untilMs: number } | undefined
  private asking: Promise<T> | undefined

  constructor(
    private readonly most: Bounds,
    private readonly clock: Pick<Clock, 'nowMs'> = ownClock,
  ) {}

  get(ask: () => Promise<T>): Promise<T> {
    const { known } = this
    if (known && this.clock.nowMs() < known.untilMs) return Promise.resolve(known.value)
    this.asking ??= ask()
      .then(
        (value) => this.keep(value, this.most.keptMs),
        (error: unknown) => {
          if (known) return this.keep(known.value, this.most.againMs)
          throw error
        },
      )
      .finally(() => (this.asking = undefined))
    return this.asking
  }

  private keep(value: T, ms: number): T {
    this.known = { value, untilMs: this.clock.nowMs() + ms }
    return value
  }
}
