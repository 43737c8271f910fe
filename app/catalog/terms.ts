import { z } from 'zod'
import { limits } from '../config/limits.ts'
import { units, type Unit } from '../values/units.ts'
import { isWithin, When } from './windows.ts'

const { tiersMax, timesMax, windowsMax, serviceTiersMax, nanosPerMillionMax } = limits.prices

/** Prices are nano-dollars per million units, so every published price is a whole number. */
const price = z.number().int().min(0).max(nanosPerMillionMax)
const anyUnit = Object.fromEntries(units.map((unit) => [unit, price.optional()])) as Record<
  Unit,
  z.ZodOptional<typeof price>
>
const boundOf = ({ upToInputTokens }: { upToInputTokens: number | null }) =>
  upToInputTokens ?? Infinity

/** A unit that is not known here would be charged as another one, so that its row is not read. */
const Prices = z.strictObject({ ...anyUnit, input: price, output: price })

const Tier = z.object({
  /** The tier holds for calls of at most this many input tokens; null for any number. */
  upToInputTokens: z.number().int().positive().nullable(),
  prices: Prices,
})

const Time = z.object({
  /** When it holds; null for always. */
  when: z.array(When).min(1).max(windowsMax).nullable(),
  tiers: z
    .array(Tier)
    .min(1)
    .max(tiersMax)
    .refine((tiers) => tiers.at(-1)?.upToInputTokens === null, 'the last tier must have no bound')
    .refine(
      (tiers) =>
        tiers.every((tier, i) => {
          const before = tiers[i - 1]
          return !before || boundOf(before) < boundOf(tier)
        }),
      'tiers must rise',
    ),
})

/** The plain price in basis points, in which the prices of service tiers are said. */
export const plainPoints = 10_000

const Row = z.object({
  /** A call has the prices of the first that holds when it starts. */
  times: z
    .array(Time)
    .min(1)
    .max(timesMax)
    .refine(
      (times) => times.every(({ when }, i) => (when === null) === (i === times.length - 1)),
      'the last of the times, and no other, must be for always',
    ),
  /**
   * What a service tier costs, in basis points of the plain price: `flex: 5_000` is half of it,
   * `priority: 25_000` two and a half times. Absent means the plain price.
   */
  basisPoints: z.record(z.string(), z.number().int().min(1).max(1_000_000)),
  /** Service tiers this model is sold at besides the default one. */
  serviceTiers: z.array(z.string()).max(serviceTiersMax),
  /**
   * The row ends the price before it, whose terms it repeats: relays that know of no end go on
   * charging those.
   */
  ended: z.literal(true).optional(),
})

/** Rows written before there were basis points say whole multiples; they mean what they meant. */
const wholeMultiples = z.record(z.string(), z.number().int().min(1).max(100))
function withPoints(row: object): object {
  if ('basisPoints' in row) return row
  const { multipliers, ...rest } = row as { multipliers?: unknown }
  const multiples = wholeMultiples.safeParse(multipliers)
  if (!multiples.success) return row
  const points = Object.entries(multiples.data).map(([name, times]) => [name, times * plainPoints])
  return { ...rest, basisPoints: Object.fromEntries(points) as unknown }
}

/** Tiers as they were before prices had units by name: null where a class costs what input costs. */
function withPrices(tier: unknown): unknown {
  if (typeof tier !== 'object' || tier === null) return tier
  const { upToInputTokens, ...prices } = tier as Record<string, unknown>
  const known = Object.entries(prices).filter(([, each]) => each !== null)
  return { upToInputTokens, prices: Object.fromEntries(known) }
}

/** Rows of before there were times hold always. */
function withTimes(row: object): object {
  if ('times' in row) return row
  const { tiers, ...rest } = row as { tiers?: unknown }
  if (!Array.isArray(tiers)) return row
  return { ...rest, times: [{ when: null, tiers: tiers.map(withPrices) }] }
}

/** What a call is priced by. The whole call takes the first tier that covers its input tokens. */
export const Terms = z.preprocess(
  (row) => (typeof row === 'object' && row !== null ? withTimes(withPoints(row)) : row),
  Row,
)

export type Terms = z.infer<typeof Terms>
export type Tier = z.infer<typeof Tier>
export type Prices = z.infer<typeof Prices>
/** The terms of one moment. */
export type TermsNow = Omit<Terms, 'times' | 'ended'> & { tiers: Tier[] }

/** The terms of a row; null for one that cannot be read. */
export function readTerms(text: string): Terms | null {
  try {
    return Terms.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** The first of the times that holds at this moment. */
export const timeAt = ({ times }: Terms, at: Date) =>
  // The last of the times is for always.
  times.find(({ when }) => when === null || when.some((it) => isWithin(it, at)))!

/** What holds for a call that starts at this moment, however long it takes. */
export function termsAt(terms: Terms, at: Date): TermsNow {
  const { basisPoints, serviceTiers } = terms
  return { tiers: timeAt(terms, at).tiers, basisPoints, serviceTiers }
}

const oldUnits = new Set(['input', 'cachedInput', 'cacheWrite', 'output'])
/** What relays that know of four units alone may pass over: they take no call that could use it. */
const passedOver = new Set(['cacheWrite1h', 'searches'])

/**
 * A row as the database has it: in the old form where that can say it, for relays that know no
 * other. Of a row that is `forAll`, which comes by itself and not from an operator who was told to
 * wait for the last of them, they read what they know.
 */
export function storedTerms(terms: Terms, forAll = false): object {
  const { times, ...rest } = terms
  const [always, ...others] = times
  const isOld = ({ prices }: Tier) =>
    Object.keys(prices).every((unit) => oldUnits.has(unit) || (forAll && passedOver.has(unit)))
  if (!always || others.length > 0 || !always.tiers.every(isOld)) return terms
  const tiers = always.tiers.map(({ upToInputTokens, prices }) => {
    const { input, output, cachedInput = null, cacheWrite = null, ...more } = prices
    return { upToInputTokens, input, cachedInput, cacheWrite, output, ...more }
  })
  return { tiers, ...rest }
}
