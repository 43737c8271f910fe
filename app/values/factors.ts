/** Factors of prices are whole basis points; this one changes nothing. */
export const plainFactor = 10_000
/**
 * A hundred times the price is more than anybody sells at. None is 0: what is given away has a
 * price of 0, which says so.
 */
export const factorMost = 1_000_000

/** `0.9`, `1.2` or `1` as basis points; undefined where it is no whole number of them, or none. */
export function parseFactor(text: string): number | undefined {
  const [, whole, parts = ''] = /^(\d{1,3})(?:\.(\d{1,4}))?$/.exec(text) ?? []
  if (whole === undefined) return undefined
  const points = Number(whole + parts.padEnd(4, '0'))
  return points >= 1 && points <= factorMost ? points : undefined
}

/** Basis points as people write them: `0.9`. */
export const formatFactor = (points: number) => String(points / plainFactor)
