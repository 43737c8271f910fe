import type { Charge } from './bucket.ts'
import type { LimitKind, Rule } from './rule.ts'

/** What a client is told of one kind of limit: that with the least left of it. */
type LimitFigure = { limit: number; remaining: number; resetMs: number }
export type LimitFigures = { requests?: LimitFigure; tokens?: LimitFigure }

/** A call that was let in. It ends once, whatever becomes of it. */
export class Pass {
  private hasEnded = false

  constructor(
    readonly id: string,
    readonly charges: readonly Charge[],
    readonly figures: LimitFigures,
    private readonly onEnd: (pass: Pass, tokens: number | undefined) => void,
  ) {}

  /** It is over, and has used so many tokens. */
  end(tokens: number) {
    this.over(tokens)
  }

  /** It never was one: all that it has taken is given back, its request as well. */
  undo() {
    this.over(undefined)
  }

  private over(tokens: number | undefined) {
    if (this.hasEnded) return
    this.hasEnded = true
    this.onEnd(this, tokens)
  }
}

/** One that was not: by which limit, and when it may be asked for again. */
export type Limited = {
  kind: LimitKind
  rule: Rule
  waitMs: number
  /** What the call was reckoned at. */
  tokens: number
  figures: LimitFigures
}
export type Entered = Pass | Limited

const parts = ['requests', 'tokens'] as const

/** Of all that a call is counted by, what has the least left. */
export function figuresOf(charges: readonly Charge[], nowUs: number, relays: number): LimitFigures {
  const figures: LimitFigures = {}
  for (const kind of parts) {
    let least = Infinity
    for (const { bucket } of charges) {
      const left = bucket.left(kind, nowUs, relays)
      if (!left || left.remaining / left.limit >= least) continue
      const { limit, remaining, resetUs } = left
      least = remaining / limit
      figures[kind] = { limit, remaining, resetMs: Math.ceil(resetUs / 1_000) }
    }
  }
  return figures
}
