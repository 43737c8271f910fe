import type { Params } from '../db/db.server.ts'

type UsageDay = Params<'ledger/add-usage-days'>['days'][number]
type AccountDay = Params<'ledger/add-account-days'>['days'][number]

/** What the daily totals of combinations come to by account and day, in the order of locks. */
export function accountDaysOf(days: readonly UsageDay[]): AccountDay[] {
  const sums = new Map<string, { -readonly [K in keyof AccountDay]: AccountDay[K] }>()
  for (const { accountId, day, keyId: _, model: _m, statusCode: _s, outcome: _o, ...row } of days) {
    const id = `${accountId} ${day}`
    const sum = sums.get(id)
    if (!sum) {
      sums.set(id, { accountId, day, ...row })
      continue
    }
    sum.calls += row.calls
    sum.inputTokens += row.inputTokens
    sum.cachedTokens += row.cachedTokens
    sum.cacheWriteTokens += row.cacheWriteTokens
    sum.outputTokens += row.outputTokens
    sum.reasoningTokens += row.reasoningTokens
    sum.costNanos += row.costNanos
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}
