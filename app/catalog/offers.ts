import { plainFactor } from '../values/factors.ts'
import { inForce, type Price, type PriceRow } from './price-rows.ts'
import type { Served } from './served.ts'
import { termsAt, type TermsNow } from './terms.ts'

/** One upstream that serves a model, what it is called there, and what it is charged by. */
export type Offer = {
  upstream: string
  theirName: string
  /** A row of either table of prices: the sale's own, or the cost's. */
  price: Price
  /** Of `price`, at the moment that the offer was asked for. */
  terms: TermsNow
  /** Basis points of `price` at which the model is sold. */
  priceFactor: number
  /** What the operator pays there; null where it is not known. */
  cost: Price | null
}

/** What offers are made of. */
export type Sold = {
  /** Its own prices, the newest first. */
  prices: readonly PriceRow[]
  /** What it is sold at where it has none: basis points of what it costs; null for not at all. */
  saleFactor: number | null
  served: readonly Served[]
}

/**
 * Who serves a model at what price. What has no price is no offer: neither its own in force, nor a
 * cost with a factor. A row that cannot be read is in force as any other is, and is no price.
 */
export function offersAt({ prices, saleFactor, served }: Sold, at: Date): Offer[] {
  const sale = inForce(prices, at)
  if (sale?.terms === null) return []
  return served.flatMap(({ upstream, theirName, costs }): Offer[] => {
    const costRow = inForce(costs.own, at) ?? inForce(costs.listed, at)
    const cost = costRow && costRow.terms !== null ? costRow : null
    const price = sale ?? (saleFactor === null ? null : cost)
    if (!price) return []
    // A price of its own is what it is sold at, whatever it costs.
    const priceFactor = sale ? plainFactor : (saleFactor ?? plainFactor)
    const terms = termsAt(price.terms, at)
    return [{ upstream, theirName, price, terms, priceFactor, cost }]
  })
}
