import { listedPrices, type ListedPrice, type PricedModel } from '../../catalog/catalog.server.ts'
import { endpoints, servedKinds } from '../../relay/relay.server.ts'
import type { PageServices } from '../../services.ts'
import { clockNow } from '../../values/clock.ts'
import { unitCodes } from '../../values/units.ts'
import type { Buyer } from './buyer.server.ts'

/** All that is on sale and can be called here, by name. */
export const offeredModels = ({ catalog }: PageServices): PricedModel[] =>
  catalog.list(clockNow()).filter(({ kind }) => servedKinds.has(kind))

/** Whether a model is talked to at chat completions, as the playground does. */
export const isTalkedTo = ({ kind, served }: PricedModel): boolean =>
  kind === 'chat' && served.some(({ endpoints }) => endpoints.includes('chat/completions'))

/** Part of a name, of another name of it, or of who makes it; every word of what is looked for. */
export function isFound({ name, aliases, ownedBy }: PricedModel, find: string): boolean {
  const text = [name, ...aliases, ownedBy].join(' ').toLowerCase()
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** Where a model can be called: the endpoints of its kind that one who serves it has. */
export const endpointsOf = ({ kind, served }: PricedModel): string[] =>
  endpoints
    .filter((it) => it.kind === kind && !it.isHelper)
    .filter(({ upstreamPath: path }) => served.some((it) => it.endpoints.includes(path)))
    .map(({ path }) => path)

const priceDocument = ({ since, times, serviceTiers }: ListedPrice) => ({
  since: since?.toISOString() ?? null,
  times: times.map(({ hours, tiers }) => ({
    hours,
    tiers: tiers.map(({ upToInputTokens, units }) => ({
      up_to_input_tokens: upToInputTokens,
      units: Object.fromEntries(units.map(({ unit, usd, per }) => [unitCodes[unit], { usd, per }])),
    })),
  })),
  service_tiers: Object.fromEntries(serviceTiers.map(({ name, times }) => [name, times])),
})

/** A model as programs read it, at what the buyer pays. */
export const modelDocument = (model: PricedModel, { factor }: Buyer) => ({
  id: model.name,
  object: 'model',
  kind: model.kind,
  owned_by: model.ownedBy,
  aliases: model.aliases,
  context_tokens: model.contextTokens,
  output_tokens_max: model.outputTokensMax,
  reasoning: model.reasoning === 1,
  vision: model.vision === 1,
  endpoints: endpointsOf(model),
  prices: listedPrices(model, factor).map(priceDocument),
})
