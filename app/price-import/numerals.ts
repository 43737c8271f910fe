import { limits } from '../config/limits.ts'
import type { Numeral } from './json-text.ts'

const { numeralCharsMax, exponentMax, nanosMax } = limits.priceLists

/** Why something cannot be taken from a list, in words for whoever reads the plan. */
export class Unreadable extends Error {}

/** What is said of the free ones, of which lists have hundreds. */
export const noPrice = 'it has no price'

const shown = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

const form = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** A number of dollars or of units is brought to whole nano-dollars: so many zeros, over a divisor. */
export type Scale = { zeros: number; over?: bigint }

/**
 * `numeral` × 10^zeros ÷ over, which must be a whole number that a price can be.
 * @throws Unreadable
 */
export function wholeOf({ text }: Numeral, { zeros, over = 1n }: Scale): number {
  const [, minus = '', whole = '', parts = '', exponent = '0'] = form.exec(text) ?? []
  if (whole === '') throw new Unreadable(`${shown(text)} is no number of dollars`)
  if (text.length > numeralCharsMax) throw new Unreadable(`${shown(text)} is too long for a price`)
  const digits = BigInt(whole + parts)
  if (digits === 0n) return 0
  if (minus) throw new Unreadable(`${shown(text)} is negative`)
  if (!(Math.abs(Number(exponent)) <= exponentMax))
    throw new Unreadable(`${shown(text)} is beyond all prices`)
  const shift = zeros + Number(exponent) - parts.length
  const amount = shift >= 0 ? digits * 10n ** BigInt(shift) : digits
  const divisor = shift >= 0 ? over : over * 10n ** BigInt(-shift)
  if (amount % divisor !== 0n)
    throw new Unreadable(`${shown(text)} does not come out in whole nano-dollars per million`)
  const nanos = amount / divisor
  if (nanos > BigInt(nanosMax)) throw new Unreadable(`${shown(text)} is more than a price can be`)
  return Number(nanos)
}

/** A whole number of something else than money, such as tokens; undefined where it is none. */
export function countOf({ text }: Numeral): number | undefined {
  const count = /^\d{1,15}(?:\.0{1,3})?$/.test(text) ? Number(text) : scientific(text)
  return Number.isSafeInteger(count) ? count : undefined
}

/** What JavaScript writes as `1e21` or `2e5` is as whole as any. */
const scientific = (text: string) =>
  /^\d(?:\.\d{1,6})?e\+?\d{1,2}$/i.test(text) ? Number(text) : NaN
