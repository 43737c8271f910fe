import { minuteMs } from '../values/days.ts'
import { plainFactor } from '../values/factors.ts'
import type { Price } from './price-rows.ts'
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
type Sold = {
  /** Its own prices, the newest first. */
  prices: readonly Price[]
  /** What it is sold at where it has none: basis points of what it costs; null for not at all. */
  saleFactor: number | null
  served: readonly Served[]
}

/** Of prices, the newest first, the one that holds at a moment; none where that one is an end. */
export function inForce<P extends Omit<Price, 'id'>>(
  prices: readonly P[],
  at: Date,
): P | undefined {
  const newest = prices.find(({ effectiveFrom }) => effectiveFrom <= at)
  return newest?.terms.ended ? undefined : newest
}

/**
 * Who serves a model at what price. What has no price is no offer: neither its own in force, nor a
 * cost with a factor.
 */
export function offersAt({ prices, saleFactor, served }: Sold, at: Date): Offer[] {
  const sale = inForce(prices, at)
  return served.flatMap(({ upstream, theirName, costs }): Offer[] => {
    const cost = inForce(costs.own, at) ?? inForce(costs.listed, at) ?? null
    const price = sale ?? (saleFactor === null ? null : cost)
    if (!price) return []
    // A price of its own is what it is sold at, whatever it costs.
    const priceFactor = sale ? plainFactor : (saleFactor ?? plainFactor)
    const terms = termsAt(price.terms, at)
    return [{ upstream, theirName, price, terms, priceFactor, cost }]
  })
}

/** How long offers stay as they are: prices begin at their moments, and windows at whole minutes. */
export function stretchAround(
  { prices, served }: Sold,
  at: Date,
): { fromMs: number; toMs: number } {
  const fromMs = at.getTime() - (at.getTime() % minuteMs)
  const stretch = { fromMs, toMs: fromMs + minuteMs }
  const lists = served.flatMap(({ costs }) => [costs.own, costs.listed])
  for (const { effectiveFrom } of [prices, ...lists].flat()) {
    const beginsMs = effectiveFrom.getTime()
    if (beginsMs <= at.getTime()) stretch.fromMs = Math.max(stretch.fromMs, beginsMs)
    else stretch.toMs = Math.min(stretch.toMs, beginsMs)
  }
  return stretch
}
