import { earliestDay } from '../values/days.ts'
import { formatFineUsd } from '../values/money.ts'
import { plainFactor } from '../values/factors.ts'
import { saidFor, units, type Unit } from '../values/units.ts'
import type { PricedModel } from './catalog.ts'
import { plainPoints, type Prices, type Terms } from './terms.ts'
import { windowText } from './windows.ts'

/** What one unit costs: dollars for so many of it, with two decimals or as many more as it takes. */
type ListedUnit = { unit: Unit; usd: string; per: 1 | 1_000 | 1_000_000 }
type ListedTier = { upToInputTokens: number | null; units: ListedUnit[] }
/** The hours, by UTC as they are typed, at which tiers hold; null where they hold always, or at all others. */
type ListedTime = { hours: string | null; tiers: ListedTier[] }
export type ListedPrice = {
  /** Since when it holds; null of a published list's first one, of which nobody knows. */
  since: Date | null
  times: ListedTime[]
  /** How many times the plain price a call at a service tier costs. */
  serviceTiers: { name: string; times: number }[]
}

// Nano-dollars a million, by two factors of basis points: so many decimals beyond the nano-dollar.
const decimalsOf = { 1: 8 + 6, 1_000: 8 + 3, 1_000_000: 8 }
const short = (usd: string) => usd.replace(/(\.\d\d\d*?)0*$/, '$1')

function unitsOf(prices: Prices, factor: bigint): ListedUnit[] {
  return units.flatMap((unit) => {
    const price = prices[unit]
    const per = saidFor[unit]
    if (price === undefined) return []
    return [{ unit, usd: short(formatFineUsd(BigInt(price) * factor, decimalsOf[per])), per }]
  })
}

/** A published list's first price is kept as from the beginning of time. */
const sinceOf = (at: Date) => (at.getTime() > Date.parse(earliestDay) ? at : null)

const listed = (terms: Terms, since: Date | null, factor: bigint): ListedPrice => ({
  since,
  times: terms.times.map(({ when, tiers }) => ({
    hours: when && when.map(windowText).join(', '),
    tiers: tiers.map(({ upToInputTokens, prices }) => ({
      upToInputTokens,
      units: unitsOf(prices, factor),
    })),
  })),
  serviceTiers: terms.serviceTiers.map((name) => ({
    name,
    times: (terms.basisPoints[name] ?? plainPoints) / plainPoints,
  })),
})

/**
 * What a model is sold at now, to whoever pays so many basis points of the price. There is one
 * price, or where it follows what its upstreams cost, each of theirs that is another. A unit
 * without a price of its own costs what its whole does, and is not listed.
 */
export function listedPrices(
  { offers }: Pick<PricedModel, 'offers'>,
  accountFactor: number = plainFactor,
): ListedPrice[] {
  const seen = new Map<string, ListedPrice>()
  for (const { price, priceFactor } of offers) {
    const { terms, effectiveFrom } = price
    const one = listed(terms, sinceOf(effectiveFrom), BigInt(priceFactor) * BigInt(accountFactor))
    const { since: _, ...charged } = one
    const text = JSON.stringify(charged)
    if (!seen.has(text)) seen.set(text, one)
  }
  return [...seen.values()]
}
