import { limits } from '../config/limits.ts'
import { roundUpNanos, type Ask, type Usage } from '../ledger/ledger.server.ts'
import type { TokenClass } from '../values/token-classes.ts'
import { plainPoints, type Terms, type Tier } from './terms.ts'

const plainTiers = new Set(['auto', 'default', 'standard'])
const points = BigInt(plainPoints)

/**
 * Whether a call may ask for this service tier: the default ones always, others where the model is
 * sold at them. One that costs more but has no known price is refused, one that costs less is not.
 */
export function isPriced(terms: Terms, serviceTier: string | null): boolean {
  if (serviceTier === null || plainTiers.has(serviceTier)) return true
  if (!terms.serviceTiers.includes(serviceTier)) return false
  return serviceTier === 'flex' || Object.hasOwn(terms.basisPoints, serviceTier)
}

/** The upstream may report any word as the tier; one without a price of its own costs the plain one. */
function pointsOf({ basisPoints }: Terms, serviceTier: string | null): number {
  if (serviceTier === null || !Object.hasOwn(basisPoints, serviceTier)) return plainPoints
  return basisPoints[serviceTier] ?? plainPoints
}

/**
 * The service tier that a call is charged at: what the upstream says it served. Where it says
 * nothing, what was asked for, unless that is cheaper: an upstream that knows of no such tier has
 * charged the plain price.
 */
export function tierCharged(terms: Terms, asked: string | null, said: string | null) {
  if (said !== null && said !== '') return said
  return pointsOf(terms, asked) < plainPoints ? null : asked
}

const dearestInput = (tier: Tier) =>
  Math.max(tier.input, tier.cachedInput ?? 0, tier.cacheWrite ?? 0)

/** The tiers a call of at most this many input tokens may end up in. */
function reachable(terms: Terms, inputTokensMax: number): Tier[] {
  const last = terms.tiers.findIndex(
    (t) => t.upToInputTokens === null || inputTokensMax <= t.upToInputTokens,
  )
  return terms.tiers.slice(0, last + 1)
}

/** A bound may be rounded up: what it bounds is below it still. */
const dividedUp = (amount: bigint, by: bigint) => (amount + by - 1n) / by

/**
 * The upper bound of a call's cost, given upper bounds of its tokens, at the dearest tier that so
 * much input can reach. A service tier that costs less is held at the plain price, because the
 * upstream may serve the call at that one all the same.
 */
export function askFor(
  terms: Terms,
  bound: {
    inputTokens: number
    outputTokensWanted: number | null
    outputTokensMax: number
    choices: number
  },
  serviceTier: string | null,
): Ask {
  const factor = BigInt(Math.max(plainPoints, pointsOf(terms, serviceTier)))
  const inputOf = (tokens: number) => {
    const price = Math.max(...reachable(terms, tokens).map(dearestInput))
    return dividedUp(BigInt(price) * BigInt(tokens) * factor, points)
  }
  const outputPrice = Math.max(...reachable(terms, bound.inputTokens).map((tier) => tier.output))
  const tokensLeast = Math.floor(bound.inputTokens / limits.tokens.bytesPerTokenMost)
  return {
    inputScaled: inputOf(bound.inputTokens),
    inputLeastScaled: inputOf(tokensLeast),
    outputScaledPerToken: dividedUp(BigInt(outputPrice) * BigInt(bound.choices) * factor, points),
    outputTokensWanted: bound.outputTokensWanted,
    outputTokensMax: bound.outputTokensMax,
  }
}

type Item = {
  kind: TokenClass
  tokens: number
  /** Per million tokens at the service tier: nano-dollars and four more decimals. */
  price: bigint
}

/** How many decimals beyond the nano-dollar an item's price has, and what its tokens come to. */
export const priceDecimals = 4
export const amountDecimals = priceDecimals + 6

/**
 * What a call is charged for: each class of tokens with its price. Cached and written tokens are
 * part of the input, reasoning is part of the output (OpenAI's convention); a class without a price
 * of its own costs what plain input costs.
 */
export function itemsOf(
  terms: Terms,
  usage: Omit<Usage, 'source' | 'flag' | 'reasoningTokens'>,
  serviceTier: string | null,
): { tier: Tier; basisPoints: number; items: Item[] } {
  const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens } = usage
  // The last tier has no bound, so that each number of tokens reaches one.
  const tier = reachable(terms, inputTokens).at(-1)!
  const basisPoints = pointsOf(terms, serviceTier)
  const item = (kind: TokenClass, tokens: number, listPrice: number): Item => {
    const price = BigInt(listPrice) * BigInt(basisPoints)
    return { kind, tokens, price }
  }
  const items = [
    item('input', inputTokens - cachedTokens - cacheWriteTokens, tier.input),
    item('cachedInput', cachedTokens, tier.cachedInput ?? tier.input),
    item('cacheWrite', cacheWriteTokens, tier.cacheWrite ?? tier.input),
    item('output', outputTokens, tier.output),
  ]
  return { tier, basisPoints, items }
}

/** What an item comes to: nano-dollars and ten more decimals. */
export const amountOf = ({ tokens, price }: Item): bigint => BigInt(tokens) * price

/** What a call costs, in nano-dollars, rounded up once. */
export function costOf(terms: Terms, usage: Usage, serviceTier: string | null): number {
  const { items } = itemsOf(terms, usage, serviceTier)
  const amount = items.reduce((sum, item) => sum + amountOf(item), 0n)
  // Rounding up twice to ever coarser units is rounding up once to the coarser.
  return roundUpNanos(dividedUp(amount, points))
}
