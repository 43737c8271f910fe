import { limits } from '../../config/limits.ts'

/** A name as the choice has it: two numbers that every replica makes of it alike. */
export type Seed = { readonly a: number; readonly b: number }

/** Of everything in `all`, what has the highest number first, and within it by affinity. */
type Ranked = { readonly seed: Seed; readonly weight: number; readonly priority: number }

const { affinityCharsMax } = limits.choice

/** FNV-1a, twice over from two places, and stirred: a letter more changes half of all bits. */
export function seedOf(text: string): Seed {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  const length = Math.min(text.length, affinityCharsMax)
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca6b)
  }
  return { a: stirred(a ^ length), b: stirred(b) }
}

/** Murmur's last step. */
function stirred(bits: number): number {
  let x = bits
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

/**
 * Where one stands in the ranking of an affinity, the lowest first: a draw from an exponential
 * distribution of this weight, made of nothing but the two names. So each is first for its share of
 * all affinities, and one that comes or goes moves no affinity but to it or from it.
 */
function drawOf(affinity: Seed, { seed, weight }: Ranked): number {
  const high = stirred(affinity.a ^ Math.imul(seed.a, 0x9e3779b1) ^ seed.b)
  const low = stirred(affinity.b ^ Math.imul(seed.b, 0x85ebca77) ^ high)
  const uniform = (high * 0x200000 + (low >>> 11) + 0.5) / 2 ** 53
  // What has no weight comes last.
  return -Math.log(uniform) / weight
}

/**
 * All of them, the best first: by priority, the higher number first, then by weighted rendezvous of
 * the affinity.
 */
export function ranked<T extends Ranked>(all: readonly T[], affinity: string): readonly T[] {
  if (all.length < 2) return all
  const seed = seedOf(affinity)
  const drawn = all.map((it) => ({ it, draw: drawOf(seed, it) }))
  drawn.sort((a, b) => b.it.priority - a.it.priority || a.draw - b.draw || order(a.it, b.it))
  return drawn.map(({ it }) => it)
}

/** Of two without weight, the same first everywhere. */
const order = (a: Ranked, b: Ranked) => a.seed.a - b.seed.a || a.seed.b - b.seed.b
