import type { Params } from '../db/db.server.ts'

type UsageDay = Params<'ledger/add-usage-days'>['days'][number]
type AccountDay = Params<'ledger/add-account-days'>['days'][number]
type Sum = { -readonly [K in keyof AccountDay]: AccountDay[K] }

/** What the daily totals of combinations come to by account and day, in the order of locks. */
export function accountDaysOf(days: readonly UsageDay[]): AccountDay[] {
  const sums = new Map<string, Sum>()
  for (const row of days) {
    const id = `${row.accountId} ${row.day}`
    const sum = sums.get(id)
    if (!sum) {
      sums.set(id, dayOf(row))
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

/** Name by name: what is left of a row without some names costs as much as all the rest (measured). */
const dayOf = (row: UsageDay): Sum => ({
  accountId: row.accountId,
  day: row.day,
  calls: row.calls,
  inputTokens: row.inputTokens,
  cachedTokens: row.cachedTokens,
  cacheWriteTokens: row.cacheWriteTokens,
  outputTokens: row.outputTokens,
  reasoningTokens: row.reasoningTokens,
  costNanos: row.costNanos,
})
