import type { Params } from '../db/db.server.ts'
import { dayOf } from '../values/days.ts'
import type { SeedCall } from './template.ts'

type UsageDay = Params<'ledger/add-usage-days'>['days'][number]

/** The first so many calls of a template, and what they come to. */
export type Share = {
  template: SeedCall[]
  size: number
  charges: number
  costNanos: number
  spentNanos: Map<number, number>
}

/** The shares of these sizes, by size. */
export function sharesOf(template: SeedCall[], sizes: Set<number>): Map<number, Share> {
  const shares = new Map<number, Share>()
  let [charges, costNanos] = [0, 0]
  const spentNanos = new Map<number, number>()
  for (const [i, { keyId, costNanos: cost }] of template.entries()) {
    costNanos += cost
    if (cost > 0) charges++
    spentNanos.set(keyId, (spentNanos.get(keyId) ?? 0) + cost)
    const size = i + 1
    if (!sizes.has(size)) continue
    shares.set(size, { template, size, charges, costNanos, spentNanos: new Map(spentNanos) })
  }
  return shares
}

/** The daily totals of a share whose calls began so much later than in the template. */
export function daysOf({ template, size }: Share, shiftMs: number): UsageDay[] {
  const days = new Map<string, { -readonly [K in keyof UsageDay]: UsageDay[K] }>()
  const dayNames = new Map<number, string>()
  for (const call of template.slice(0, size)) {
    const { accountId, keyId, model, statusCode, outcome } = call
    const ms = call.startedAt.getTime() + shiftMs
    const dayNumber = Math.floor(ms / 86_400_000)
    const key = `${dayNumber} ${keyId} ${statusCode} ${outcome} ${model}`
    let row = days.get(key)
    if (!row) {
      const day = dayNames.get(dayNumber) ?? dayOf(ms)
      dayNames.set(dayNumber, day)
      row = {
        ...{ accountId, day, keyId, model, statusCode, outcome, calls: 0, inputTokens: 0 },
        ...{ cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 },
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
