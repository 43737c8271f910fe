import { z } from 'zod'
import type { Db } from '../db/db.server.ts'
import { modelKinds } from '../values/model-kinds.ts'
import { seedAliases } from './aliases.ts'
import { insertModel, insertPrice } from './change.ts'
import published from './openai-prices.json' with { type: 'json' }
import { Terms } from './terms.ts'

const price = z.number().nullable().optional()
const PublishedTier = z.object({
  up_to_input_tokens: z.number().nullable(),
  input: z.number(),
  cached_input: price,
  cache_write: price,
  output: z.number(),
})
const PublishedModel = z.object({
  model: z.string(),
  kind: z.enum(modelKinds),
  context_tokens: z.number(),
  max_output_tokens: z.number(),
  reasoning: z.boolean(),
  vision: z.boolean(),
  input: z.number(),
  cached_input: price,
  cache_write: price,
  output: z.number(),
  retires: z.string().optional(),
  tiers: z.array(PublishedTier).optional(),
  service_tier_multipliers: z.record(z.string(), z.number()).optional(),
  service_tiers: z.array(z.string()).optional(),
})
const Published = z.object({ as_of: z.string(), models: z.array(PublishedModel) })

const termsOf = (model: z.infer<typeof PublishedModel>): Terms =>
  Terms.parse({
    tiers: (model.tiers ?? [{ ...model, up_to_input_tokens: null }]).map((tier) => ({
      upToInputTokens: tier.up_to_input_tokens,
      input: tier.input,
      cachedInput: tier.cached_input ?? null,
      cacheWrite: tier.cache_write ?? null,
      output: tier.output,
    })),
    multipliers: model.service_tier_multipliers ?? {},
    serviceTiers: model.service_tiers ?? [],
  })

/** Published prices are in force from the beginning of time, so that an operator's own come after. */
const epoch = new Date('2000-01-01T00:00:00Z')

/** Fills the catalogue with the published models and prices it does not have. Repeating is harmless. */
export async function seedCatalog(db: Db): Promise<void> {
  const { as_of, models } = Published.parse(published)
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
    await insertPrice(db, {
      model: model.model,
      effectiveFrom: epoch,
      terms: termsOf(model),
      actor: `list price ${as_of}`,
    })
  }
  await seedAliases(db)
}
