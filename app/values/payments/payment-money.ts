/** Currencies that are paid in; each has a hundred minor units. */
export type Currency = 'USD' | 'CNY'

const minorDigits = 2
const rateDigits = 6
/** A rate is kept in millionths of the currency for a dollar. */
export const rateOfUsd = 10 ** rateDigits

const nanosPerMinor = 10n ** BigInt(9 - minorDigits)

/** An exact decimal such as `7.2` in so many smaller units; undefined where it is none. */
function parseDecimal(text: string, digits: number): number | undefined {
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined || /[1-9]/.test(fraction.slice(digits))) return undefined
  const units = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return units > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(units)
}

/** What providers write an amount as: `35`, `35.0` and `35.00` are 3,500. Never rounded. */
export const parseMinor = (text: string) => parseDecimal(text, minorDigits)

export const parseRate = (text: string) => {
  const rate = parseDecimal(text, rateDigits)
  return rate === 0 ? undefined : rate
}

const formatDecimal = (units: number, digits: number) => {
  const text = String(units).padStart(digits + 1, '0')
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** `35.00`, as providers and people read it. */
export const formatMinor = (minor: number): string => formatDecimal(minor, minorDigits)

/** `7.2`, without zeros that say nothing. */
export const formatRate = (rate: number): string =>
  formatDecimal(rate, rateDigits).replace(/\.?0+$/, '')

/**
 * What a credit costs in minor units at this rate. A part of one is asked for whole: the operator
 * is never paid less than the credit is worth, and nobody pays more than a hundredth too much.
 */
export function minorFor(creditNanos: number, rate: number): number {
  const scaled = BigInt(creditNanos) * BigInt(rate)
  const unit = nanosPerMinor * BigInt(rateOfUsd)
  return Number((scaled + unit - 1n) / unit)
}

/** What an amount is worth at this rate; a part of a nano-dollar is not given. */
export const creditFor = (amountMinor: number, rate: number): number =>
  Number((BigInt(amountMinor) * nanosPerMinor * BigInt(rateOfUsd)) / BigInt(rate))

/**
 * What of a credit goes back with so much of its amount: in proportion, a part of a nano-dollar
 * left with the customer; all of it with all of the amount, and never more.
 */
export function creditShare(creditNanos: number, partMinor: number, amountMinor: number): number {
  const part = BigInt(Math.min(partMinor, amountMinor))
  return Number((BigInt(creditNanos) * part) / BigInt(amountMinor))
}
