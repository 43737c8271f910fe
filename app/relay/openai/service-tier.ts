import { isPriced, type PricedModel } from '../../catalog/catalog.server.ts'
import { badRequest } from '../../errors/refusal.ts'
import type { Body } from './json-request.ts'

/** Of the offers of a model those that have a price for this tier. */
export const offersAt = ({ offers }: PricedModel, tier: string | null) =>
  tier === null ? offers : offers.filter(({ terms }) => isPriced(terms, tier))

/** The tier that a call asks for; null where it asks for none. Throws `Refused`. */
export function readServiceTier(body: Body, model: PricedModel): string | null {
  const tier = body.service_tier ?? null
  if (tier === null) return null
  if (typeof tier !== 'string' || tier.length > 20 || offersAt(model, tier).length === 0) {
    throw badRequest(`This service tier is not available for ${model.name}.`, 'service_tier')
  }
  return tier
}
