import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { run, type Db, type Pool, type Row } from '../db/db.server.ts'
import { modelKinds } from '../values/model-kinds.ts'
import { seedAliases } from './aliases.ts'
import anthropic from './anthropic-prices.json' with { type: 'json' }
import { insertModel, insertPrice } from './change.ts'
import openai from './openai-prices.json' with { type: 'json' }
import { readTerms, Terms } from './terms.ts'

const price = z.number().nullable().optional()
const tokenPrices = {
  input: z.number(),
  cached_input: price,
  cache_write: price,
  cache_write_1h: price,
  output: z.number(),
}
const PublishedTier = z.object({
  up_to_input_tokens: z.number().nullable(),
  ...tokenPrices,
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
  ...tokenPrices,
  searches: z.number().optional(),
  retires: z.string().optional(),
  tiers: z.array(PublishedTier).optional(),
  service_tier_basis_points: z.record(z.string(), z.number()).optional(),
  service_tiers: z.array(z.string()).optional(),
})
type PublishedModel = z.infer<typeof PublishedModel>
const Published = z.object({ as_of: z.string(), models: z.array(PublishedModel) })

/** The published lists, by who owns their models. */
const lists = Object.entries({ openai, anthropic }).map(([owner, list]) => {
  const { as_of: day, models } = Published.parse(list)
  return { owner, day, models }
})

/** Absent units fall back to what they are part of. */
const given = <P extends Record<string, number | null | undefined>>(prices: P) =>
  Object.fromEntries(Object.entries(prices).filter(([, each]) => each != null))

/** What a model is sold at, from its line of the published list. */
export const termsOf = (model: PublishedModel): Terms =>
  Terms.parse({
    times: [
      {
        when: null,
        tiers: (model.tiers ?? [{ ...model, up_to_input_tokens: null }]).map((tier) => ({
          upToInputTokens: tier.up_to_input_tokens,
          prices: given({
            input: tier.input,
            cachedInput: tier.cached_input,
            cacheWrite: tier.cache_write,
            cacheWrite1h: tier.cache_write_1h,
            output: tier.output,
            searches: model.searches,
          }),
        })),
      },
    ],
    basisPoints: model.service_tier_basis_points ?? {},
    serviceTiers: model.service_tiers ?? [],
  })

/** A model's first published price holds from the beginning of time: whatever comes is after it. */
const epoch = new Date('2000-01-01T00:00:00Z')
/** Who is named in the rows that come from here. The command line names whoever calls it. */
const listPrice = 'list price'
/** Whether a price row is of a published list; whoever has one was seeded. */
export const isListPrice = ({ actor }: { actor: string }) => actor.startsWith(`${listPrice} `)

/**
 * Whether a published price is to follow what a model was seeded with. A list price that has
 * changed since is followed by the new one, which begins on its date; one that an operator has set
 * stands, and so does whatever they have set for later.
 */
function isNews(before: Row<'catalog/list-prices'>[], terms: Terms, asOf: Date): boolean {
  const inForce = before.find(({ effectiveFrom }) => effectiveFrom <= asOf)
  if (!inForce || !isListPrice(inForce)) return false
  const known = readTerms(inForce.terms)
  // What cannot be read here may be what a newer relay has written: it stands too.
  return known !== null && !isDeepStrictEqual(known, terms)
}

/** Adds a model with its price, both or neither; false where there is one of that name. */
const addModel = (
  db: Pool,
  model: PublishedModel,
  { owner, day }: { owner: string; day: string },
) =>
  db.transact(async (tx) => {
    const isNew = await insertModel(tx, {
      name: model.model,
      kind: model.kind,
      contextTokens: model.context_tokens,
      outputTokensMax: model.max_output_tokens,
      reasoning: Number(model.reasoning),
      vision: Number(model.vision),
      ownedBy: owner,
      retiresOn: model.retires ?? null,
    })
    if (!isNew) return false
    const terms = termsOf(model)
    const actor = `${listPrice} ${day}`
    const row = { model: model.model, effectiveFrom: epoch, terms, actor } as const
    await insertPrice(tx, { ...row, forAll: true })
    return true
  })

async function mendContext(db: Db, model: PublishedModel) {
  const { model: name, context_tokens: contextTokens, context_tokens_were: were } = model
  if (were !== undefined) await run(db, 'catalog/mend-context', { name, contextTokens, were })
}

/** The names that a call can say already. */
async function takenNames(db: Db) {
  const models = await run(db, 'catalog/list-models', {})
  const aliases = await run(db, 'catalog/list-aliases', {})
  return new Set([...models.map(({ name }) => name), ...aliases.map(({ alias }) => alias)])
}

/**
 * Fills the catalogue with the published models it does not have, and with the published prices
 * that have changed. What an operator has added under one of their names, a model or another name
 * of one, stays theirs: it is given no price. Repeating is harmless, also by two at once.
 */
export async function seedCatalog(db: Pool): Promise<void> {
  const prices = await run(db, 'catalog/list-prices', {})
  const taken = await takenNames(db)
  const seeded = new Set(prices.filter(isListPrice).map(({ model }) => model))
  for (const list of lists) {
    const asOf = new Date(`${list.day}T00:00:00Z`)
    for (const model of list.models) {
      const { model: name } = model
      if (!taken.has(name)) {
        if (await addModel(db, model, list)) seeded.add(name)
        continue
      }
      await mendContext(db, model)
      const terms = termsOf(model)
      const before = prices.filter((row) => row.model === name)
      if (!isNews(before, terms, asOf)) continue
      await insertPrice(db, {
        model: name,
        effectiveFrom: asOf,
        terms,
        actor: `${listPrice} ${list.day}`,
        forAll: true,
      })
    }
  }
  await seedAliases(db, seeded)
}
