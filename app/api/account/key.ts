import type { ApiRequest } from '../../http/http.server.ts'
import { keyStatusOf, readKey, refusedKey } from '../../keys/keys.server.ts'
import { leftOf, type KeyBudget } from '../../ledger/ledger.server.ts'
import { formatUsd } from '../../values/money.ts'
import type { KeyContext } from '../require-key.ts'
import { inSight } from './sight.ts'

const timeOf = (at: Date | null) => at?.toISOString() ?? null
const listOf = (json: string | null) => (json === null ? null : (JSON.parse(json) as string[]))
/** A budget that was lowered since is overspent; nothing is left of it all the same. */
const leftUsd = (budget: KeyBudget) => formatUsd(Math.max(0, leftOf(budget)))

const budgetDocument = (budget: KeyBudget) => {
  const { budgetNanos, spentNanos, heldNanos, period, endsMs, isMembers } = budget
  return {
    // All keys of a member share their cap.
    of: isMembers ? 'member' : 'key',
    period: period ?? null,
    renews_at: endsMs ? new Date(endsMs).toISOString() : null,
    budget_usd: formatUsd(budgetNanos),
    spent_usd: formatUsd(spentNanos),
    held_usd: formatUsd(heldNanos),
    left_usd: leftUsd(budget),
  }
}

/**
 * `GET /v1/key`: the key that asks: what it may do, its budgets and what is left of them, and the
 * limits on its calls. `left_usd` is what the tightest of its budgets has left, null without one.
 */
export const showKey = (request: ApiRequest, context: KeyContext) =>
  inSight(request, context, async ({ accountId, ownId, budget, budgets }) => {
    const { db, rates } = context.services
    const key = await readKey(db, accountId, ownId)
    if (!key) throw refusedKey(request)
    const held = await rates.rules.heldBy({ accountId, keyId: key.id, model: null })
    return {
      object: 'key',
      id: key.id,
      name: key.name,
      key: `${key.prefix}…${key.lastFour}`,
      status: keyStatusOf(key),
      created_at: timeOf(key.createdAt),
      last_used_at: timeOf(key.lastUsedAt),
      expires_at: timeOf(key.expiresAt),
      models: listOf(key.models),
      addresses: listOf(key.addresses),
      spent_usd: formatUsd(key.spentNanos),
      held_usd: formatUsd(key.heldNanos),
      left_usd: budget && leftUsd(budget),
      budgets: budgets.map(budgetDocument),
      limits: held.map(({ rule }) => ({
        of: rule.scope === 'key' ? 'key' : 'account',
        requests_per_minute: rule.requests?.limit ?? null,
        tokens_per_minute: rule.tokens?.limit ?? null,
        calls_at_once: rule.calls ?? null,
      })),
    }
  })
