import { written, type Params, type Written } from '../db/db.server.ts'
import type { Outcome } from '../values/outcomes.ts'
import { slotOf } from '../values/zones/zone-days.ts'
import type { Changeable } from './call-row.ts'
import type { AccountState } from './decide.ts'
import type { CallFacts, Usage } from './ops.ts'

type UsageQuarter = Params<'ledger/add-usage-quarters'>['quarters'][number]
type AccountQuarter = Params<'ledger/add-account-quarters'>['quarters'][number]
type Counted = Pick<
  Usage,
  'inputTokens' | 'cachedTokens' | 'cacheWriteTokens' | 'outputTokens' | 'reasoningTokens'
>
type Sum = { -readonly [K in keyof AccountQuarter]: AccountQuarter[K] }

/** What the totals of combinations come to by account and slot, in the order of locks. */
export function accountQuartersOf(quarters: readonly UsageQuarter[]): AccountQuarter[] {
  const sums = new Map<string, Sum>()
  for (const row of quarters) {
    const id = `${row.accountId} ${row.slot}`
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
const sumOf = (row: UsageQuarter): Sum => ({
  accountId: row.accountId,
  slot: row.slot,
  calls: row.calls,
  inputTokens: row.inputTokens,
  cachedTokens: row.cachedTokens,
  cacheWriteTokens: row.cacheWriteTokens,
  outputTokens: row.outputTokens,
  reasoningTokens: row.reasoningTokens,
  costNanos: row.costNanos,
})

type Folded = Pick<AccountState, 'foldedSlot'>

/** The first slot of each account that has changed though it may be in days already (0056). */
export function lateSlots(
  quarters: readonly UsageQuarter[],
  accounts: ReadonlyMap<number, Folded>,
): { accountId: number; slot: number }[] {
  const late = new Map<number, number>()
  for (const { accountId, slot } of quarters)
    if (
      slot < (accounts.get(accountId)?.foldedSlot ?? 0) &&
      slot < (late.get(accountId) ?? Infinity)
    )
      late.set(accountId, slot)
  return [...late].map(([accountId, slot]) => ({ accountId, slot }))
}

/** What calls, as those of one batch, add to the totals. */
export class UsageQuarters {
  private readonly quarters = new Map<string, Changeable<UsageQuarter>>()

  add(
    facts: Pick<CallFacts, 'accountId' | 'keyId' | 'model' | 'startedAt'>,
    { statusCode, outcome }: { statusCode: number; outcome: Outcome },
    usage: Counted,
    costNanos: number,
    calls: number,
  ) {
    const { accountId, keyId, model } = facts
    const slot = slotOf(facts.startedAt.getTime())
    const id = `${accountId} ${slot} ${keyId} ${statusCode} ${outcome} ${model}`
    let row = this.quarters.get(id)
    if (!row) {
      row = {
        accountId,
        slot,
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
      this.quarters.set(id, row)
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
  rows(): UsageQuarter[] {
    return [...this.quarters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  }

  /** Adds them; days that have been folded of them are not believed any more. */
  statements(accounts: ReadonlyMap<number, Folded>): Written[] {
    if (this.quarters.size === 0) return []
    const quarters = this.rows()
    return [
      written('ledger/add-usage-quarters', { quarters }),
      written('ledger/add-account-quarters', { quarters: accountQuartersOf(quarters) }),
      ...lateSlots(quarters, accounts).map((late) => written('ledger/fold/move-marks-back', late)),
    ]
  }
}
