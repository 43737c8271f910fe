import { priced, readModels, type PricedModel } from '../catalog/catalog.server.ts'
import type { Db } from '../db/db.server.ts'
import type { ModelKind } from '../values/model-kinds.ts'

/** What an endpoint of the relay serves, and a call can therefore be of. */
const served: ModelKind = 'chat'

/** Who answers made-up calls. */
const upstream = { name: 'openai', definition: { kind: 'openai', prices: null } } as const

/**
 * Models that calls of those days can have used, the cheapest first: they get the most calls. One
 * whose price has changed since, or does with the hour, is left out, because most calls are copies
 * and keep their price; and so is one without a price of its own.
 */
export async function modelsOfThen(
  db: Db,
  { from, to, most }: { from: Date; to: Date; most: number },
): Promise<PricedModel[]> {
  // Terms have one tier at least.
  const outputPrice = ({ terms }: PricedModel) => terms.tiers[0]!.prices.output
  return (await readModels(db, [upstream]))
    .filter((model) => model.kind === served)
    .flatMap((model) => priced(model, to) ?? [])
    .filter(({ prices, price }) => prices.includes(price) && price.effectiveFrom <= from)
    .filter(({ price }) => price.terms.times.length === 1)
    .sort((a, b) => outputPrice(a) - outputPrice(b))
    .slice(0, most)
}
