import { priceOf, Terms, type Prices, type Tier, type When } from '../catalog/catalog.server.ts'
import type { Unit } from '../values/units.ts'
import { noPrice, Unreadable } from './numerals.ts'

/** What a unit costs, and from more than so many input tokens on. */
export type Rate = { base: number; above: { tokens: number; nanos: number }[] }
export type Rates = Map<Unit, Rate>

/** What a rate comes to in a call of so many input tokens. */
function nanosAt({ base, above }: Rate, inputTokens: number): number {
  const [last] = above
    .filter(({ tokens }) => inputTokens > tokens)
    .sort((a, b) => b.tokens - a.tokens)
  return last?.nanos ?? base
}

/**
 * Rates of single units as tiers of whole calls. A list says from more than how many tokens on a
 * price holds, a tier up to how many: the same number.
 * @throws Unreadable where nothing has a price.
 */
export function tiersOf(rates: Rates): Tier[] {
  if (rates.size === 0) throw new Unreadable(noPrice)
  const steps = [...rates.values()].flatMap(({ above }) => above.map(({ tokens }) => tokens))
  const bounds = [...new Set(steps)].filter((step) => step > 0).sort((a, b) => a - b)
  return [...bounds, null].map((upToInputTokens): Tier => {
    const tokens = upToInputTokens ?? Number.MAX_SAFE_INTEGER
    const known = [...rates].map(([unit, rate]) => [unit, nanosAt(rate, tokens)] as const)
    // What is sold by something else than tokens has none of one kind or of both.
    const prices: Prices = { input: 0, output: 0, ...Object.fromEntries(known) }
    return { upToInputTokens, prices }
  })
}

/** Whether a unit is charged at a rate, whatever the input; looked at beside every step of either. */
export function isCharged(tiers: Tier[], unit: Unit, rate: Rate): boolean {
  const above = rate.above.map(({ tokens }) => tokens)
  const steps = [...above, ...tiers.map((it) => it.upToInputTokens)]
  const inputs = steps.flatMap((step) => (step === null ? [1] : [step, step + 1]))
  return inputs.every((input) => {
    const tier = tiers.find(({ upToInputTokens: most }) => most === null || input <= most)
    return tier !== undefined && priceOf(tier.prices, unit) === nanosAt(rate, input)
  })
}

/** Prices of one part of the day; `when` is null for what holds at all other times. */
export type Timed = { when: When[] | null; tiers: Tier[] }

type Services = Pick<Terms, 'basisPoints' | 'serviceTiers'>
const noServices: Services = { basisPoints: {}, serviceTiers: [] }

/** @throws Unreadable where a row cannot say it: too many tiers, a window without a length. */
export function termsOf(times: Timed[], services = noServices): Terms {
  const { data, error } = Terms.safeParse({ times, ...services })
  if (data) return data
  const [issue] = error.issues
  throw new Unreadable(`no row can say it: ${issue?.path.join('.')} ${issue?.message}`)
}
