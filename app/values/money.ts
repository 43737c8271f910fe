const nanosPerUsd = 1_000_000_000n

/**
 * Dollars as people write them (`12`, `-0.5`, `0.000000150`) in nano-dollars. Exact: a tenth digit
 * after the point, an exponent, a sign of currency, or more than a safe integer holds (about nine
 * million dollars) make it undefined rather than rounded.
 */
export function parseUsd(text: string): number | undefined {
  const [, sign, whole, fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d{1,9}))?$/.exec(text) ?? []
  if (whole === undefined) return undefined
  const size = BigInt(whole) * nanosPerUsd + BigInt(fraction.padEnd(9, '0'))
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  return Number(sign ? -size : size)
}

/**
 * Nano-dollars as dollars with all nine decimals, e.g. `-0.000000150`. Takes a safe integer, or a
 * bigint or decimal text for sums beyond it; throws a RangeError for a number that is not exact.
 */
export function formatUsd(nanos: number | string | bigint): string {
  if (typeof nanos === 'number' && !Number.isSafeInteger(nanos)) {
    throw new RangeError('an amount of money is a whole number of nano-dollars')
  }
  const amount = BigInt(nanos)
  const size = amount < 0n ? -amount : amount
  const fraction = String(size % nanosPerUsd).padStart(9, '0')
  return `${amount < 0n ? '-' : ''}${size / nanosPerUsd}.${fraction}`
}

/** The same amount for people: two decimals, or as many more as it takes. It is never rounded. */
export function formatUsdShort(nanos: number | string | bigint): string {
  return formatUsd(nanos).replace(/0{1,7}$/, '')
}

const nanosPerCent = nanosPerUsd / 100n

/**
 * An amount in whole cents, for a figure that is read at a glance: `110.61`. Rounded down, also below
 * zero, so that it never says more than there is; `isExact` where nothing was left off.
 */
export function formatUsdDown(nanos: number): { text: string; isExact: boolean } {
  const amount = BigInt(nanos)
  const over = ((amount % nanosPerCent) + nanosPerCent) % nanosPerCent
  const text = formatUsd(amount - over).slice(0, -7)
  return { text, isExact: over === 0n }
}

/**
 * An amount with so many decimals more than nano-dollars have, in dollars: nine decimals, or as
 * many as it takes. It is never rounded; takes what is not below zero.
 */
export function formatFineUsd(amount: bigint, decimals: number): string {
  const nano = 10n ** BigInt(decimals)
  const parts = String(amount % nano).padStart(decimals, '0')
  return formatUsd(amount / nano) + parts.replace(/0+$/, '')
}
