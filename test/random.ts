import { drawFrom } from '../app/values/draw-from.ts'

/** Numbers that look random and are the same for the same seed. */
export type Random = {
  /** From 0 to 1, which is left out. */
  part(): number
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number
  /** True with this probability. */
  chance(of: number): boolean
  /** Any of these, each as likely. */
  oneOf<T>(these: readonly T[]): T
}

export function randomFrom(seed: number): Random {
  const next = drawFrom(seed)
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    part: next,
    whole,
    oneOf<T>(these: readonly T[]) {
      const one = these[whole(0, these.length - 1)]
      if (one === undefined) throw new RangeError('there is nothing to choose from')
      return one
    },
    chance: (of) => next() < of,
  }
}
