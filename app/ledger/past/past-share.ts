import type { NewCall } from '../call-row.ts'
import { UsageQuarters } from '../quarters.ts'

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

/** The totals of a share in a stretch that begins then. */
export function quartersOf({ pattern, size }: Share, accountId: number, startMs: number) {
  const quarters = new UsageQuarters()
  for (let i = 0; i < size; i++) {
    // A share is never larger than the pattern it is a part of.
    const call = pattern[i]!
    const { keyId, model, costNanos } = call
    const startedAt = new Date(startMs + call.startsMs)
    quarters.add({ accountId, keyId, model, startedAt }, call, call, costNanos, 1)
  }
  return quarters.rows()
}
