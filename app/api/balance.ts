import { readCost } from '../billing/billing.server.ts'
import { badRequest } from '../errors/refusal.ts'
import type { ApiRequest } from '../http/http.server.ts'
import type { Standing } from '../keys/keys.server.ts'
import { requireKey, type KeyContext } from './require-key.ts'
import type { Services } from '../services.ts'
import { dayOf } from '../values/days.ts'

/**
 * The three endpoints that OpenAI once had for the balance of an account. Chat clients (NextChat)
 * and other relays (one-api) poll them with the API key; they are numbers in JSON there, so dollars
 * here are floats for showing, and nothing is computed from them.
 */
const dollars = (nanos: number) => nanos / 1e9

type Money = { usedNanos: number; leftNanos: number }

/** What this key has used and may still use: its budget where it has one, else its account. */
async function moneyOf(standing: Standing, { db }: Services): Promise<Money> {
  const { accountId, budget, availableNanos } = standing
  if (budget) {
    const { budgetNanos, spentNanos } = budget
    const leftNanos = Math.min(availableNanos, budgetNanos - spentNanos)
    return { usedNanos: spentNanos, leftNanos: Math.max(0, leftNanos) }
  }
  const usedNanos = await readCost(db, accountId, { from: '2000-01-01', to: '9999-12-31' })
  return { usedNanos, leftNanos: Math.max(0, availableNanos) }
}

/** Far enough that no client shows a warning: prepaid credit does not expire. */
const accessUntil = 4_102_444_800

export async function showSubscription(request: ApiRequest, context: KeyContext) {
  const standing = await requireKey(request, context)
  const { usedNanos, leftNanos } = await moneyOf(standing, context.services)
  const limit = dollars(usedNanos + leftNanos)
  return {
    object: 'billing_subscription',
    has_payment_method: true,
    soft_limit_usd: limit,
    hard_limit_usd: limit,
    system_hard_limit_usd: limit,
    access_until: accessUntil,
  }
}

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
export async function showUsage(request: ApiRequest, context: KeyContext) {
  const { accountId, budget } = await requireKey(request, context)
  const query = new URL(request.url).searchParams
  const from = dayIn(query, 'start_date', '2000-01-01')
  const to = dayIn(query, 'end_date', '9999-12-31')
  const nanos = budget?.spentNanos ?? (await readCost(context.services.db, accountId, { from, to }))
  return { object: 'list', total_usage: dollars(nanos) * 100 }
}

export async function showCreditGrants(request: ApiRequest, context: KeyContext) {
  const standing = await requireKey(request, context)
  const { usedNanos, leftNanos } = await moneyOf(standing, context.services)
  return {
    object: 'credit_summary',
    total_granted: dollars(usedNanos + leftNanos),
    total_used: dollars(usedNanos),
    total_available: dollars(leftNanos),
  }
}
