import {
  inForce,
  plainPoints,
  windowText,
  type Model,
  type Price,
} from '../../catalog/catalog.server.ts'
import { formatFineUsd } from '../../values/money.ts'
import { saidFor, saidForWords, units, type Unit } from '../../values/units.ts'
import { money, timeText } from '../verb-result.ts'
import { unitWords } from './unit-words.ts'

/** The price of a model at a moment, whether or not it is on sale. */
export function priceAt(model: Model, at: Date): Price | undefined {
  const row = inForce(model.prices, at)
  return row && row.terms !== null ? row : undefined
}

type Time = Price['terms']['times'][number]
type Prices = Time['tiers'][number]['prices']

const decimalsOf = { 1: 6, 1_000: 3, 1_000_000: 0 }
const usdOf = (nanosPerMillion: number, unit: Unit) =>
  formatFineUsd(BigInt(nanosPerMillion), decimalsOf[saidFor[unit]])

/** A price as people read it, for what `price add` takes it for: `10.00 a thousand`. */
export function unitPriceText(unit: Unit, nanosPerMillion: number): string {
  const usd = usdOf(nanosPerMillion, unit).replace(/(\.\d\d\d*?)0*$/, '$1')
  const per = saidFor[unit] === 1_000_000 ? '' : ` ${saidForWords[saidFor[unit]]}`
  return `${usd}${per}`
}

const unitsOf = (prices: Prices) =>
  units.flatMap((unit): [Unit, number][] => {
    const price = prices[unit]
    return price === undefined ? [] : [[unit, price]]
  })

/** The hours that a price holds at, as they are typed; null where it holds always. */
const whenText = ({ when }: Time) => when && when.map(windowText).join('+')

/** Prices as people read them, e.g. `input 0.15, output 0.60, searches 10.00 a thousand`. */
const pricesText = (prices: Prices) =>
  unitsOf(prices)
    .map(([unit, price]) => `${unitWords[unit]} ${unitPriceText(unit, price)}`)
    .join(', ')

/** A price in lines of a table: when it holds, up to how much input, and what it is. */
export const priceLines = ({ terms }: Pick<Price, 'terms'>) =>
  terms.times.flatMap((time) =>
    time.tiers.map(({ upToInputTokens, prices }) => [
      whenText(time) ?? (terms.times.length > 1 ? 'all others' : 'all'),
      upToInputTokens ?? 'any',
      pricesText(prices),
    ]),
  )

const timeDocument = (time: Time) => ({
  hours: whenText(time),
  tiers: time.tiers.map(({ upToInputTokens, prices }) => ({
    up_to_input_tokens: upToInputTokens,
    prices: Object.fromEntries(
      unitsOf(prices).map(([unit, price]) => [
        unitWords[unit],
        { usd: usdOf(price, unit), for: saidFor[unit], nanos_a_million: price },
      ]),
    ),
  })),
})

/**
 * A price as programs read it. What holds outside of special hours is there a second time, as it
 * was before there were any: tokens alone, amounts for a million of them.
 */
export const priceDocument = (price: Omit<Price, 'id'> & { id?: number }) => ({
  ...(price.id === undefined ? {} : { id: price.id }),
  effective_from: timeText(price.effectiveFrom),
  ...(price.terms.ended && { ended: true }),
  // The last of the times is for always.
  per_million_tokens: price.terms.times.at(-1)!.tiers.map(({ upToInputTokens, prices }) => ({
    up_to_input_tokens: upToInputTokens,
    ...money('input', prices.input),
    ...money('cached_input', prices.cachedInput ?? null),
    ...money('cache_write', prices.cacheWrite ?? null),
    ...money('output', prices.output),
  })),
  times: price.terms.times.map(timeDocument),
  multipliers: Object.fromEntries(
    Object.entries(price.terms.basisPoints).map(([name, points]) => [name, points / plainPoints]),
  ),
  service_tiers: price.terms.serviceTiers,
})
