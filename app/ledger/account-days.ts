import type { Params } from '../db/db.server.ts'
import type { Outcome } from '../values/outcomes.ts'
import { dayOf, type Changeable } from './call-row.ts'
import type { CallFacts, Usage } from './ops.ts'

type UsageDay = Params<'ledger/add-usage-days'>['days'][number]
type AccountDay = Params<'ledger/add-account-days'>['days'][number]
type Counted = Pick<
  Usage,
  'inputTokens' | 'cachedTokens' | 'cacheWriteTokens' | 'outputTokens' | 'reasoningTokens'
>
type Sum = { -readonly [K in keyof AccountDay]: AccountDay[K] }

/** What the daily totals of combinations come to by account and day, in the order of locks. */
export function accountDaysOf(days: readonly UsageDay[]): AccountDay[] {
  const sums = new Map<string, Sum>()
  for (const row of days) {
    const id = `${row.accountId} ${row.day}`
    const sum = sums.get(id)
    if (!sum) {
      sums.set(id, sumOf(row))
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
const sumOf = (row: UsageDay): Sum => ({
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

/** What calls, as those of one batch, add to the daily totals. */
export class UsageDays {
  private readonly days = new Map<string, Changeable<UsageDay>>()

  add(
    facts: Pick<CallFacts, 'accountId' | 'keyId' | 'model' | 'startedAt'>,
    { statusCode, outcome }: { statusCode: number; outcome: Outcome },
    usage: Counted,
    costNanos: number,
    calls: number,
  ) {
    const { accountId, keyId, model } = facts
    const day = dayOf(facts.startedAt)
    const id = `${accountId} ${day} ${keyId} ${statusCode} ${outcome} ${model}`
    let row = this.days.get(id)
    if (!row) {
      row = {
        accountId,
        day,
        keyId,
        model,
        statusCode,
        outcome,
        calls: 0,
        inputTokens: 0,
        cachedTokens: 0,
        cacheWriteTokens: 0,
        outputTokens: 0,
        reasoningTokens: 0,
        costNanos: 0,
      }
      this.days.set(id, row)
    }
    row.calls += calls
    row.inputTokens += usage.inputTokens
    row.cachedTokens += usage.cachedTokens
    row.cacheWriteTokens += usage.cacheWriteTokens
    row.outputTokens += usage.outputTokens
    row.reasoningTokens += usage.reasoningTokens
    row.costNanos += costNanos
  }

  /** In the order of locks. */
  rows(): UsageDay[] {
    return [...this.days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  }
}
