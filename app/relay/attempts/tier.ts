import { isPriced, type Offer } from '../../catalog/catalog.server.ts'
import type { Call, Way } from '../endpoint.ts'

/**
 * Whether an upstream may have served a call at the tier that its client asks for, without a word
 * of it: it was told, and what it charges has such a tier. The only upstream of a model is taken to
 * know what the model is sold at. Nothing but `drop` can change what the client says of it.
 */
export function hasHeardOfTier(
  { serviceTier, model }: Call,
  { offer: { cost }, way }: { offer: Offer; way: Way },
): boolean {
  if (serviceTier === null) return true
  if (way.drop.includes('service_tier')) return false
  return model.offers.length === 1 || (cost !== null && isPriced(cost.terms, serviceTier))
}
