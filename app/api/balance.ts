import { readCost } from '../billing/billing.server.ts'
import { badRequest } from '../errors/refusal.ts'
import type { ApiRequest } from '../http/http.server.ts'
import { leftOf } from '../ledger/ledger.server.ts'
import { everything, totals } from '../usage/usage.server.ts'
import { dayOf, daysWithin, earliestDay } from '../values/days.ts'
import { inSight, type Sight } from './account/sight.ts'
import type { KeyContext } from './require-key.ts'
import type { Services } from '../services.ts'

/**
 * The three endpoints that OpenAI once had for the balance of an account. Chat clients (NextChat)
 * and other relays (one-api) poll them with the API key; they are numbers in JSON there, so dollars
 * here are floats for showing, and nothing is computed from them. A key is told no more by them
 * than by `/v1/key`, `/v1/credits` and `/v1/usage`.
 */
const dollars = (nanos: number) => nanos / 1e9

type Money = { usedNanos: number; leftNanos: number }
type Range = { from: string; to: string }

/** What one-api says is left of what has no limit: these clients know no other word for it. */
const unlimitedNanos = 100_000_000 * 1e9
const always: Range = { from: earliestDay, to: '9999-12-31' }

/** What the calls that a key sees cost in these days of UTC. */
async function costOf({ accountId, keyId, userId }: Sight, range: Range, { db }: Services) {
  if (keyId === null && userId === null) return readCost(db, accountId, range)
  const days = daysWithin(range)
  if (!days) return 0
  const { costNanos } = await totals(db, accountId, { ...everything, keyId, userId, ...days })
  return costNanos
}

/**
 * What a key has used and may still use, without what calls under way hold: its budget or cap where
 * there is one, else its account; of an account whose money it does not see no end.
 */
async function moneyOf(sight: Sight, services: Services): Promise<Money> {
  const { budget, availableNanos, seesMoney } = sight
  const ofAccount = seesMoney ? availableNanos : unlimitedNanos
  if (budget) {
    const leftNanos = Math.min(ofAccount, leftOf(budget))
    return { usedNanos: budget.spentNanos, leftNanos: Math.max(0, leftNanos) }
  }
  const usedNanos = await costOf(sight, always, services)
  return { usedNanos, leftNanos: Math.max(0, ofAccount) }
}

/** Far enough that no client shows a warning: prepaid credit does not expire. */
const accessUntil = 4_102_444_800

export const showSubscription = (request: ApiRequest, context: KeyContext) =>
  inSight(request, context, async (sight) => {
    const { usedNanos, leftNanos } = await moneyOf(sight, context.services)
    const limit = dollars(usedNanos + leftNanos)
    return {
      object: 'billing_subscription',
      has_payment_method: true,
      soft_limit_usd: limit,
      hard_limit_usd: limit,
      system_hard_limit_usd: limit,
      access_until: accessUntil,
    }
  })

const dayForm = /^\d{4}-\d{2}-\d{2}$/

/** A day that the query names, of any century. */
function dayIn(query: URLSearchParams, name: string, otherwise: string): string {
  const text = query.get(name)
  if (!text) return otherwise
  const ms = dayForm.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
  if (Number.isNaN(ms) || dayOf(ms) !== text)
    throw badRequest(`\`${name}\` must be a day that there is, such as 2026-11-25.`, name)
  return text
}

/** `total_usage` is in cents, for the days from `start_date` up to `end_date`. */
export const showUsage = (request: ApiRequest, context: KeyContext) =>
  inSight(request, context, async (sight) => {
    const query = new URL(request.url).searchParams
    const from = dayIn(query, 'start_date', always.from)
    const to = dayIn(query, 'end_date', always.to)
    const nanos = await costOf(sight, { from, to }, context.services)
    return { object: 'list', total_usage: dollars(nanos) * 100 }
  })

export const showCreditGrants = (request: ApiRequest, context: KeyContext) =>
  inSight(request, context, async (sight) => {
    const { usedNanos, leftNanos } = await moneyOf(sight, context.services)
    return {
      object: 'credit_summary',
      total_granted: dollars(usedNanos + leftNanos),
      total_used: dollars(usedNanos),
      total_available: dollars(leftNanos),
    }
  })
