import { limits } from '../config/limits.ts'
import { roundUpNanos, type Ask } from '../ledger/ledger.server.ts'
import type { Unit } from '../values/units.ts'
import {
  chargedUnits,
  dearestInputOf,
  type CacheWrites,
  dearestOutput,
  isFee,
  plainUnits,
  priceOf,
  type Used,
} from './charged-units.ts'
import { plainPoints, type Prices, type TermsNow, type Tier } from './terms.ts'

const plainTiers = new Set(['auto', 'default', 'standard'])
const points = BigInt(plainPoints)

/** Whether searches have a price, of however much input: one of 0 is a price too. */
export const sellsSearches = ({ terms }: { terms: Pick<TermsNow, 'tiers'> }): boolean =>
  terms.tiers.every(({ prices }) => prices.searches !== undefined)

/**
 * Whether a call may ask for this service tier: the default ones always, others where the model is
 * sold at them. One that costs more but has no known price is refused, one that costs less is not.
 */
export function isPriced(
  terms: Pick<TermsNow, 'basisPoints' | 'serviceTiers'>,
  serviceTier: string | null,
): boolean {
  if (serviceTier === null || plainTiers.has(serviceTier)) return true
  if (!terms.serviceTiers.includes(serviceTier)) return false
  return serviceTier === 'flex' || Object.hasOwn(terms.basisPoints, serviceTier)
}

/** The upstream may report any word as the tier; one without a price of its own costs the plain one. */
function pointsOf({ basisPoints }: TermsNow, serviceTier: string | null): number {
  if (serviceTier === null || !Object.hasOwn(basisPoints, serviceTier)) return plainPoints
  return basisPoints[serviceTier] ?? plainPoints
}

/**
 * The service tier that a call is charged at: what the upstream says it served. Where it says
 * nothing, what was asked for, unless that is cheaper: an upstream that knows of no such tier has
 * charged the plain price. One that is dearer costs so only where the upstream has heard of it.
 */
export function tierCharged(
  terms: TermsNow,
  asked: string | null,
  said: string | null,
  isHeardOf = true,
): string | null {
  if (said !== null && said !== '') return said
  const points = pointsOf(terms, asked)
  return points < plainPoints || (points > plainPoints && !isHeardOf) ? null : asked
}

/** Factors of a price, in basis points: of what a model is sold at, and of what an account pays. */
type Factors = { priceFactor: number; accountFactor: number }
const plainFactors: Factors = { priceFactor: plainPoints, accountFactor: plainPoints }

/** What one upstream would be charged by: its terms, and how many basis points of them. */
type Offered = { terms: TermsNow; priceFactor: number }

const isWithin = ({ upToInputTokens }: Tier, inputTokens: number) =>
  upToInputTokens === null || inputTokens <= upToInputTokens

/** The tier of a call of so many input tokens: the last has no bound, so that there is one. */
const tierOf = ({ tiers }: TermsNow, inputTokens: number): Tier =>
  // A row without such a last tier is not read.
  tiers.find((tier) => isWithin(tier, inputTokens))!

/** A bound may be rounded up: what it bounds is below it still. */
const dividedUp = (amount: bigint, by: bigint) => (amount + by - 1n) / by

const pointsTwice = points * points
const pointsThrice = pointsTwice * points
const plainTwice = plainPoints * plainPoints

/** Exact whatever it comes to; almost always it fits a number, which costs less to multiply. */
function times(price: number, count: number): bigint {
  const product = price * count
  return product <= Number.MAX_SAFE_INTEGER ? BigInt(product) : BigInt(price) * BigInt(count)
}

/** What one of something costs in the dearest of the tiers that so much input can end up in. */
function dearestIn(
  { tiers }: TermsNow,
  inputTokens: number,
  priceIn: (prices: Prices) => number,
): number {
  let most = 0
  for (const tier of tiers) {
    most = Math.max(most, priceIn(tier.prices))
    if (isWithin(tier, inputTokens)) break
  }
  return most
}

/** The most that so many of something come to, at whichever offer and tier they are dearest. */
function dearest(
  offers: readonly Offered[],
  serviceTier: string | null,
  inputTokens: number,
  priceIn: (prices: Prices) => number,
  count: number,
): bigint {
  let plain = 0
  let scaled = 0n
  for (const { terms, priceFactor } of offers) {
    const factor = Math.max(plainPoints, pointsOf(terms, serviceTier)) * priceFactor
    const each = dearestIn(terms, inputTokens, priceIn)
    if (factor === plainTwice) plain = Math.max(plain, each)
    else {
      const ofOffer = BigInt(each) * BigInt(factor)
      if (ofOffer > scaled) scaled = ofOffer
    }
  }
  const most = times(plain, count)
  if (scaled === 0n) return most
  const mostScaled = dividedUp(scaled * BigInt(count), pointsTwice)
  return mostScaled > most ? mostScaled : most
}

const requestIn = ({ requests = 0 }: Prices) => requests
const searchIn = ({ searches = 0 }: Prices) => searches

/**
 * The upper bound of a call's cost, given upper bounds of its tokens, at the dearest tier that so
 * much input can reach, of the dearest of the offers: whichever answers, the hold covers it. A
 * service tier that costs less is held at the plain price, because the upstream may serve the call
 * at that one all the same. Searches are held where the call may make some, and they have a price.
 * What the account pays of it is not in it.
 */
export function askFor(
  offers: readonly Offered[],
  bound: {
    inputTokens: number
    outputTokensWanted: number | null
    outputTokensMax: number
    choices: number
    /** How often its model may search; never where that is not said. */
    searches?: number
    /** For how long it may have something kept in a cache; for as long as there is where not said. */
    cacheWrites?: CacheWrites
  },
  serviceTier: string | null,
): Ask {
  const { inputTokens, outputTokensWanted, outputTokensMax, choices } = bound
  const { searches = 0, cacheWrites = 'hourly' } = bound
  const inputOf = (tokens: number) =>
    dearest(offers, serviceTier, tokens, dearestInputOf[cacheWrites], tokens) +
    dearest(offers, null, tokens, requestIn, 1) +
    dearest(offers, null, tokens, searchIn, searches)
  return {
    inputScaled: inputOf(inputTokens),
    inputLeastScaled: inputOf(Math.floor(inputTokens / limits.tokens.bytesPerTokenMost)),
    outputScaledPerToken: dearest(offers, serviceTier, inputTokens, dearestOutput, choices),
    outputTokensWanted,
    outputTokensMax,
    inputTokens,
    choices,
  }
}

type Item = {
  unit: Unit
  count: number
  /** Per million, with all factors: nano-dollars and twelve more decimals. */
  price: bigint
}

/** How many decimals beyond the nano-dollar an item's price has, and what its tokens come to. */
export const priceDecimals = 12
export const amountDecimals = priceDecimals + 6

/** What a call is charged for: each unit with its price. A service tier is no factor of a fee. */
export function itemsOf(
  terms: TermsNow,
  used: Used,
  serviceTier: string | null,
  { priceFactor, accountFactor }: Factors = plainFactors,
): { tier: Tier; basisPoints: number; items: Item[] } {
  const tier = tierOf(terms, used.inputTokens)
  const basisPoints = pointsOf(terms, serviceTier)
  const factors = BigInt(priceFactor) * BigInt(accountFactor)
  const ofFees = factors * points
  const ofOthers = factors * BigInt(basisPoints)
  const items = chargedUnits(used, tier.prices).map(([unit, count]): Item => {
    const price = BigInt(priceOf(tier.prices, unit)) * (isFee(unit) ? ofFees : ofOthers)
    return { unit, count, price }
  })
  return { tier, basisPoints, items }
}

/** What an item comes to: nano-dollars and eighteen more decimals. */
export const amountOf = ({ count, price }: Item): bigint => BigInt(count) * price

const million = 1_000_000

/** What a call of plain units costs at plain prices; undefined where that is more than a number holds. */
function plainCost(used: Used, prices: Prices): number | undefined {
  const counts = plainUnits(used, prices)
  if (!counts) return undefined
  const amount =
    counts.input * prices.input +
    counts.cachedInput * priceOf(prices, 'cachedInput') +
    counts.cacheWrite * priceOf(prices, 'cacheWrite') +
    counts.output * prices.output
  if (!(amount <= Number.MAX_SAFE_INTEGER)) return undefined
  // A quotient with decimals would be rounded before it is rounded up.
  const rest = amount % million
  return (amount - rest) / million + (rest > 0 ? 1 : 0)
}

/**
 * What a call costs, in nano-dollars, rounded up once. What comes to more than any account can hold
 * is charged to its hold like all that overruns it, and needs no exact figure. Almost every call is
 * reckoned in numbers, which cost a tenth of whole ones of any length.
 */
export function costOf(
  terms: TermsNow,
  used: Used,
  serviceTier: string | null,
  factors: Factors = plainFactors,
): number {
  const { priceFactor, accountFactor } = factors
  if (pointsOf(terms, serviceTier) * priceFactor * accountFactor === plainTwice * plainPoints) {
    const cost = plainCost(used, tierOf(terms, used.inputTokens).prices)
    if (cost !== undefined) return cost
  }
  const { items } = itemsOf(terms, used, serviceTier, factors)
  const amount = items.reduce((sum, item) => sum + amountOf(item), 0n)
  // Rounding up twice to ever coarser units is rounding up once to the coarser.
  return Math.min(roundUpNanos(dividedUp(amount, pointsThrice)), Number.MAX_SAFE_INTEGER)
}
