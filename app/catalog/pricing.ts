import { roundUpNanos, type Ask, type Usage } from '../ledger/ledger.server.ts'
import type { TokenClass } from '../values/token-classes.ts'
import type { Terms, Tier } from './terms.ts'

const plainTiers = new Set(['auto', 'default', 'standard'])

/**
 * Whether a call may ask for this service tier: the default ones always, others where the model is
 * sold at them. One that costs more but has no known price is refused, one that costs less is not.
 */
export function isPriced(terms: Terms, serviceTier: string | null): boolean {
  if (serviceTier === null || plainTiers.has(serviceTier)) return true
  if (!terms.serviceTiers.includes(serviceTier)) return false
  return serviceTier === 'flex' || Object.hasOwn(terms.multipliers, serviceTier)
}

/** The upstream may report any word as the tier; one without a price of its own costs the plain one. */
function multiplierOf({ multipliers }: Terms, serviceTier: string | null): bigint {
  if (serviceTier === null || !Object.hasOwn(multipliers, serviceTier)) return 1n
  return BigInt(multipliers[serviceTier] ?? 1)
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

/** The upper bound of a call's cost, given upper bounds of its tokens. */
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
  const tiers = reachable(terms, bound.inputTokens)
  const multiplier = multiplierOf(terms, serviceTier)
  const input = BigInt(Math.max(...tiers.map(dearestInput)))
  const output = BigInt(Math.max(...tiers.map((tier) => tier.output)))
  return {
    inputScaled: input * BigInt(bound.inputTokens) * multiplier,
    outputScaledPerToken: output * BigInt(bound.choices) * multiplier,
    outputTokensWanted: bound.outputTokensWanted,
    outputTokensMax: bound.outputTokensMax,
  }
}

type Item = {
  kind: TokenClass
  tokens: number
  /** Nano-dollars per million tokens, the multiplier of the service tier included. */
  price: bigint
}

/**
 * What a call is charged for: each class of tokens with its price. Cached and written tokens are
 * part of the input, reasoning is part of the output (OpenAI's convention); a class without a price
 * of its own costs what plain input costs.
 */
export function itemsOf(
  terms: Terms,
  usage: Omit<Usage, 'source' | 'flag' | 'reasoningTokens'>,
  serviceTier: string | null,
): { tier: Tier; multiplier: bigint; items: Item[] } {
  const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens } = usage
  // The last tier has no bound, so that each number of tokens reaches one.
  const tier = reachable(terms, inputTokens).at(-1)!
  const multiplier = multiplierOf(terms, serviceTier)
  const item = (kind: TokenClass, tokens: number, listPrice: number): Item => {
    const price = BigInt(listPrice) * multiplier
    return { kind, tokens, price }
  }
  const items = [
    item('input', inputTokens - cachedTokens - cacheWriteTokens, tier.input),
    item('cachedInput', cachedTokens, tier.cachedInput ?? tier.input),
    item('cacheWrite', cacheWriteTokens, tier.cacheWrite ?? tier.input),
    item('output', outputTokens, tier.output),
  ]
  return { tier, multiplier, items }
}

/** What an item comes to, in millionths of a nano-dollar. */
export const amountOf = ({ tokens, price }: Item): bigint => BigInt(tokens) * price

/** What a call costs, in nano-dollars, rounded up once. */
export function costOf(terms: Terms, usage: Usage, serviceTier: string | null): number {
  const { items } = itemsOf(terms, usage, serviceTier)
  return roundUpNanos(items.reduce((sum, item) => sum + amountOf(item), 0n))
}
