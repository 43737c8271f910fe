import type { Params } from '../../db/db.server.ts'
import { dayMs, dayOf } from '../../values/days.ts'
import type { Changeable, NewCall } from '../call-row.ts'

type UsageDay = Params<'ledger/add-usage-days'>['days'][number]

/** A call of the past, by when it began and ended within its stretch of time; it has used no plan. */
export type PastCall = Omit<
  NewCall,
  | 'id'
  | 'accountId'
  | 'startedAt'
  | 'endedAt'
  | 'planNanos'
  | 'balanceNanos'
  | 'overrunNanos'
  | 'waivedNanos'
  | 'otherModel'
> & { startsMs: number; endsMs: number }

/** The first so many calls of a pattern, and what they come to. */
export type Share = {
  pattern: readonly PastCall[]
  size: number
  charges: number
  costNanos: number
  spentNanos: Map<number, number>
}

/** The shares of these sizes, by size. */
export function sharesOf(pattern: readonly PastCall[], sizes: Set<number>): Map<number, Share> {
  const shares = new Map<number, Share>()
  let [charges, costNanos] = [0, 0]
  const spentNanos = new Map<number, number>()
  for (const [i, { keyId, costNanos: cost }] of pattern.entries()) {
    costNanos += cost
    if (cost > 0) charges++
    spentNanos.set(keyId, (spentNanos.get(keyId) ?? 0) + cost)
    const size = i + 1
    if (!sizes.has(size)) continue
    shares.set(size, { pattern, size, charges, costNanos, spentNanos: new Map(spentNanos) })
  }
  return shares
}

/** The daily totals of a share in a stretch that begins then. */
export function daysOf({ pattern, size }: Share, accountId: number, startMs: number): UsageDay[] {
  const days = new Map<string, Changeable<UsageDay>>()
  const dayNames = new Map<number, string>()
  for (let i = 0; i < size; i++) {
    // A share is never larger than the pattern it is a part of.
    const call = pattern[i]!
    const { keyId, model, statusCode, outcome } = call
    const ms = startMs + call.startsMs
    const dayNumber = Math.floor(ms / dayMs)
    const key = `${dayNumber} ${keyId} ${statusCode} ${outcome} ${model}`
    let row = days.get(key)
    if (!row) {
      const day = dayNames.get(dayNumber) ?? dayOf(ms)
      dayNames.set(dayNumber, day)
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
      days.set(key, row)
    }
    row.calls++
    row.inputTokens += call.inputTokens
    row.cachedTokens += call.cachedTokens
    row.cacheWriteTokens += call.cacheWriteTokens
    row.outputTokens += call.outputTokens
    row.reasoningTokens += call.reasoningTokens
    row.costNanos += call.costNanos
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}
