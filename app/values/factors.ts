/** Factors of prices are whole basis points; this one changes nothing. */
export const plainFactor = 10_000
/**
 * A hundred times the price is more than anybody sells at. None is 0: what is given away has a
 * price of 0, which says so.
 */
export const factorMost = 1_000_000
