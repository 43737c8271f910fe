import { z } from 'zod'

/** Prices are nano-dollars per million tokens, so every published price is a whole number. */
const price = z.number().int().min(0).max(1_000_000_000_000_000)

const Tier = z.object({
  /** The tier holds for calls of at most this many input tokens; null for any number. */
  upToInputTokens: z.number().int().positive().nullable(),
  input: price,
  cachedInput: price.nullable(),
  cacheWrite: price.nullable(),
  output: price,
})

const boundOf = ({ upToInputTokens }: { upToInputTokens: number | null }) =>
  upToInputTokens ?? Infinity

/** The plain price in basis points, in which the prices of service tiers are said. */
export const plainPoints = 10_000

/** Rows written before there were basis points say whole multiples; they mean what they meant. */
const wholeMultiples = z.record(z.string(), z.number().int().min(1).max(100))
function withPoints(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || 'basisPoints' in row) return row
  const { multipliers, ...rest } = row as { multipliers?: unknown }
  const multiples = wholeMultiples.safeParse(multipliers)
  if (!multiples.success) return row
  const points = Object.entries(multiples.data).map(([name, times]) => [name, times * plainPoints])
  return { ...rest, basisPoints: Object.fromEntries(points) as unknown }
}

const Row = z
  .object({
    tiers: z.array(Tier).min(1).max(10),
    /**
     * What a service tier costs, in basis points of the plain price: `flex: 5_000` is half of it,
     * `priority: 25_000` two and a half times. Absent means the plain price.
     */
    basisPoints: z.record(z.string(), z.number().int().min(1).max(1_000_000)),
    /** Service tiers this model is sold at besides the default one. */
    serviceTiers: z.array(z.string()).max(10),
  })
  .refine(({ tiers }) => tiers.at(-1)?.upToInputTokens === null, 'the last tier must have no bound')
  .refine(
    ({ tiers }) =>
      tiers.every((tier, i) => {
        const before = tiers[i - 1]
        return !before || boundOf(before) < boundOf(tier)
      }),
    'tiers must rise',
  )

/** What a call is priced by. The whole call takes the first tier that covers its input tokens. */
export const Terms = z.preprocess(withPoints, Row)

export type Tier = z.infer<typeof Tier>
export type Terms = z.infer<typeof Terms>
