import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { run, type Db, type Row } from '../db/db.server.ts'
import { modelKinds } from '../values/model-kinds.ts'
import { seedAliases } from './aliases.ts'
import { insertModel, insertPrice } from './change.ts'
import published from './openai-prices.json' with { type: 'json' }
import { readTerms, Terms } from './terms.ts'

const price = z.number().nullable().optional()
const PublishedTier = z.object({
  up_to_input_tokens: z.number().nullable(),
  input: z.number(),
  cached_input: price,
  cache_write: price,
  output: z.number(),
})
export const PublishedModel = z.object({
  model: z.string(),
  kind: z.enum(modelKinds),
  context_tokens: z.number(),
  /** What was seeded before, and is not what the model reads. */
  context_tokens_were: z.number().optional(),
  max_output_tokens: z.number(),
  reasoning: z.boolean(),
  vision: z.boolean(),
  input: z.number(),
  cached_input: price,
  cache_write: price,
  output: z.number(),
  retires: z.string().optional(),
  tiers: z.array(PublishedTier).optional(),
  service_tier_basis_points: z.record(z.string(), z.number()).optional(),
  service_tiers: z.array(z.string()).optional(),
})
const Published = z.object({ as_of: z.string(), models: z.array(PublishedModel) })

/** What a model is sold at, from its line of the published list. */
export const termsOf = (model: z.infer<typeof PublishedModel>): Terms =>
  Terms.parse({
    tiers: (model.tiers ?? [{ ...model, up_to_input_tokens: null }]).map((tier) => ({
      upToInputTokens: tier.up_to_input_tokens,
      input: tier.input,
      cachedInput: tier.cached_input ?? null,
      cacheWrite: tier.cache_write ?? null,
      output: tier.output,
    })),
    basisPoints: model.service_tier_basis_points ?? {},
    serviceTiers: model.service_tiers ?? [],
  })

/** A model's first published price holds from the beginning of time: whatever comes is after it. */
const epoch = new Date('2000-01-01T00:00:00Z')
/** Who is named in the rows that come from here. The command line names whoever calls it. */
const listPrice = 'list price'

/**
 * Since when the published price is to be in force; undefined where it stays as it is. A list price
 * that has changed since is followed by the new one, which begins on its date; one that an operator
 * has set stands, and so does whatever they have set for later.
 */
function sinceWhen(before: Row<'catalog/list-prices'>[], terms: Terms, asOf: Date) {
  const inForce = before.find(({ effectiveFrom }) => effectiveFrom <= asOf)
  if (!inForce) return epoch
  if (!inForce.actor.startsWith(`${listPrice} `)) return undefined
  const known = readTerms(inForce.terms)
  // What cannot be read here may be what a newer relay has written: it stands too.
  if (!known) return undefined
  const isSame = isDeepStrictEqual(known, terms)
  return isSame ? undefined : asOf
}

/**
 * Fills the catalogue with the published models it does not have, and with the published prices
 * that have changed. Repeating is harmless, also by two at once.
 */
export async function seedCatalog(db: Db): Promise<void> {
  const { as_of, models } = Published.parse(published)
  const asOf = new Date(`${as_of}T00:00:00Z`)
  const prices = await run(db, 'catalog/list-prices', {})
  for (const model of models) {
    await insertModel(db, {
      name: model.model,
      kind: model.kind,
      contextTokens: model.context_tokens,
      outputTokensMax: model.max_output_tokens,
      reasoning: Number(model.reasoning),
      vision: Number(model.vision),
      ownedBy: 'openai',
      retiresOn: model.retires ?? null,
    })
    const { context_tokens: contextTokens, context_tokens_were: were } = model
    if (were !== undefined)
      await run(db, 'catalog/mend-context', { name: model.model, contextTokens, were })
    const terms = termsOf(model)
    const before = prices.filter((price) => price.model === model.model)
    const effectiveFrom = sinceWhen(before, terms, asOf)
    const actor = `${listPrice} ${as_of}`
    if (effectiveFrom) await insertPrice(db, { model: model.model, effectiveFrom, terms, actor })
  }
  await seedAliases(db)
}
