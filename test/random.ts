/** Numbers that look random and are the same for the same seed (mulberry32). */
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
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
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
