import { readOverview } from '../../billing/billing.server.ts'
import { Refused } from '../../errors/refusal.ts'
import type { ApiRequest } from '../../http/http.server.ts'
import { clockNow } from '../../values/clock.ts'
import { formatUsd } from '../../values/money.ts'
import type { KeyContext } from '../require-key.ts'
import { inSight } from './sight.ts'

type Overview = Awaited<ReturnType<typeof readOverview>>

const timeOf = (at: Date | null) => at?.toISOString() ?? null

/** The plan's credit; null where there is none, and there is no plan that would bring any. */
function planDocument(overview: Overview) {
  const { planNanos, monthlyNanos, renewsAt, planEndsAt, planIsForSome } = overview
  if (monthlyNanos === null && planNanos === 0) return null
  return {
    left_usd: formatUsd(planNanos),
    monthly_usd: monthlyNanos === null ? null : formatUsd(monthlyNanos),
    renews_at: timeOf(renewsAt),
    ends_at: timeOf(planEndsAt),
    // What it does not pay for, the balance does.
    for_some_models_only: planIsForSome === 1,
  }
}

/**
 * `GET /v1/credits`: the money of the account at one moment. What is available is the balance and the
 * plan without what calls under way hold. Throws `Refused` for a key that may not see it.
 */
export const showCredits = (request: ApiRequest, context: KeyContext) =>
  inSight(request, context, async ({ accountId, seesMoney }) => {
    const { db, topUp } = context.services
    if (!seesMoney) {
      const message =
        'This API key may not see the money of its account: it has a budget of its own, or its ' +
        'person may not. GET /v1/key says what is left to it.'
      throw new Refused('permission_denied', { message })
    }
    const overview = await readOverview(db, accountId, clockNow())
    return {
      object: 'credits',
      currency: 'USD',
      status: overview.status,
      available_usd: formatUsd(overview.availableNanos),
      balance_usd: formatUsd(overview.balanceNanos),
      plan: planDocument(overview),
      held_usd: formatUsd(overview.heldNanos),
      open_calls: overview.openHolds,
      top_up_url: topUp.url() ?? null,
    }
  })
