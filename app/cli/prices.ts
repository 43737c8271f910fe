import { plainPoints, Terms, type Model, type Price } from '../catalog/catalog.server.ts'
import { parseUsd } from '../values/money.ts'
import { money, timeText } from './verb-result.ts'
import type { Arguments } from './arguments.ts'

const sidePriceUsage =
  '[--cached USD] [--cache-write USD] [--tier TIER]... [--service-tier SERVICE]...'
export const priceUsage = `--input USD --output USD ${sidePriceUsage}`
export const optionalPriceUsage = `[--input USD] [--output USD] ${sidePriceUsage}`
type Tier = Terms['times'][number]['tiers'][number]
type BoundedTier = Tier & { upToInputTokens: number }

/** The price of a model at a moment, whether or not it is on sale. */
export const priceAt = (model: Model, at: Date): Price | undefined =>
  model.prices.find(({ effectiveFrom }) => effectiveFrom <= at)

type GivenPrices = { input: number; output: number } & Record<string, number | null>
const withoutNulls = ({ input, output, ...others }: GivenPrices): Tier['prices'] => ({
  input,
  output,
  ...Object.fromEntries(Object.entries(others).filter(([, price]) => price !== null)),
})

function readTier(args: Arguments, text: string): BoundedTier | undefined {
  const [bound = '', ...prices] = text.split(':')
  const [input, output, cachedInput = null, cacheWrite = null] = prices.map(parseUsd)
  const isWhole = /^[1-9]\d{0,8}$/.test(bound) && prices.length >= 2 && prices.length <= 4
  if (isWhole && input !== undefined && output !== undefined) {
    if (cachedInput !== undefined && cacheWrite !== undefined) {
      const prices = withoutNulls({ input, output, cachedInput, cacheWrite })
      return { upToInputTokens: Number(bound), prices }
    }
  }
  args.problems.push('tier must be TOKENS:INPUT:OUTPUT[:CACHED[:WRITE]], e.g. 200000:1.25:10')
  return undefined
}

/** What everything else is a multiple of, by the words that ask for it. */
const plainWords = ['auto', 'default', 'standard']

/** A service tier and its price in basis points of the plain one. */
function readServiceTier(args: Arguments, text: string): [name: string, points: number][] {
  const [, name = '', whole = '', parts = ''] =
    /^([A-Za-z][\w.-]{0,19}):(\d{1,2})(?:\.(\d{1,4}))?$/.exec(text) ?? []
  const points = Number(whole + parts.padEnd(4, '0'))
  if (name && points > 0 && !plainWords.includes(name)) return [[name, points]]
  args.problems.push('service-tier must be NAME:TIMES, e.g. flex:0.5 or priority:2.5')
  return []
}

/**
 * The price that the options name, as a function of the price before it: what is charged for
 * service tiers that are not named stays as it was. Each `--tier` is for calls up to its bound, the
 * plain options for all above.
 */
export function readTerms(args: Arguments): (before: Terms | undefined) => Terms {
  const last = {
    upToInputTokens: null,
    prices: withoutNulls({
      input: args.usd('input', 0),
      output: args.usd('output', 0),
      cachedInput: args.usd('cached', null),
      cacheWrite: args.usd('cache-write', null),
    }),
  }
  const bounded = args.all('tier').flatMap((text) => readTier(args, text) ?? [])
  bounded.sort((a, b) => a.upToInputTokens - b.upToInputTokens)
  const times = [{ when: null, tiers: [...bounded, last] }]
  const services = args.all('service-tier').flatMap((text) => readServiceTier(args, text))
  const parsed = Terms.safeParse({ times, basisPoints: {}, serviceTiers: [] })
  for (const { path, message } of parsed.error?.issues ?? [])
    args.problems.push(`the price is not right: ${[...path.slice(5), message].join(' ')}`)
  return (before) => ({
    times,
    basisPoints: { ...before?.basisPoints, ...Object.fromEntries(services) },
    serviceTiers: [
      ...new Set([...(before?.serviceTiers ?? []), ...services.map(([name]) => name)]),
    ],
  })
}

/** A price as programs read it; amounts are for a million tokens. */
export const priceDocument = (price: Omit<Price, 'id'> & { id?: number }) => ({
  ...(price.id === undefined ? {} : { id: price.id }),
  effective_from: timeText(price.effectiveFrom),
  // The last of the times is for always.
  per_million_tokens: price.terms.times.at(-1)!.tiers.map(({ upToInputTokens, prices }) => ({
    up_to_input_tokens: upToInputTokens,
    ...money('input', prices.input),
    ...money('cached_input', prices.cachedInput ?? null),
    ...money('cache_write', prices.cacheWrite ?? null),
    ...money('output', prices.output),
  })),
  multipliers: Object.fromEntries(
    Object.entries(price.terms.basisPoints).map(([name, points]) => [name, points / plainPoints]),
  ),
  service_tiers: price.terms.serviceTiers,
})
