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

/** What a call is priced by. The whole call takes the first tier that covers its input tokens. */
export const Terms = z
  .object({
    tiers: z.array(Tier).min(1).max(10),
    /** By service tier, e.g. `priority: 2`. Absent means the plain price. */
    multipliers: z.record(z.string(), z.number().int().min(1).max(100)),
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

export type Tier = z.infer<typeof Tier>
export type Terms = z.infer<typeof Terms>
