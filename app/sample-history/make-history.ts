import type { PricedModel } from '../catalog/catalog.server.ts'
import type { Pool } from '../db/db.server.ts'
import { bookPast, type PastBooked, type PastCall, type Stretch } from '../ledger/ledger.server.ts'
import { makeUpCall } from './made-up-call.ts'
import { planStretches, type CallsAt } from './stretches.ts'
import { dayOf } from '../values/days.ts'
import { drawFrom } from '../values/draw-from.ts'

type History = {
  accountId: number
  /** Keys that may use any of the models, and as much as they like. */
  keyIds: number[]
  models: PricedModel[]
  calls: number
  days: number
  endMs: number
  actor: string
  /** Names the grants that pay for the calls, together with the month. */
  ref: string
}

const usd = 1_000_000_000
/** Every history is drawn from here, so that the same order makes the same one. */
const seed = 20_261_122
/** What is left over at the end of the first month, and thus of all. */
const spareUsd = 100

/** What the first so many calls of a pattern cost, by how many they are. */
function costsOf(pattern: PastCall[]): number[] {
  const costs = [0]
  // It begins with the cost of nothing.
  for (const { costNanos } of pattern) costs.push(costs.at(-1)! + costNanos)
  return costs
}

/**
 * The stretches with what pays for them: a grant before the first one of each calendar month, over
 * what those up to the next grant cost. So the balance is never below zero.
 */
function payFor(stretches: CallsAt[], costs: number[], history: History): Stretch[] {
  const { actor, ref, calls } = history
  const monthOf = ({ startMs }: CallsAt) => dayOf(startMs).slice(0, 7)
  const wanted = new Map<string, number>()
  for (const stretch of stretches) {
    const month = monthOf(stretch)
    // A stretch has no more calls than the pattern, and there is a cost for each number of them.
    wanted.set(month, (wanted.get(month) ?? 0) + costs[stretch.calls]!)
  }
  let isFirst = true
  return stretches.map((stretch) => {
    const month = monthOf(stretch)
    const costNanos = wanted.get(month)
    if (costNanos === undefined) return stretch
    wanted.delete(month)
    const balanceNanos = (Math.ceil(costNanos / usd) + (isFirst ? spareUsd : 0)) * usd
    isFirst = false
    if (balanceNanos === 0) return stretch
    const note = `pays for ${calls} made-up calls, in ${month}`
    return { ...stretch, grant: { balanceNanos, ref: `${ref}:${month}`, actor, note } }
  })
}

/**
 * Fills the time before `endMs` with made-up calls of an account and has the ledger book them: all
 * stretches of time are like the busiest one, so that the database can copy them.
 */
export function makeHistory(pool: Pool, history: History): Promise<PastBooked> {
  const { accountId, keyIds, models, calls, days, endMs } = history
  const { stretchMs, stretches } = planStretches(calls, days, endMs)
  const length = stretches.reduce((most, it) => Math.max(most, it.calls), 0)
  const draw = drawFrom(seed)
  const pattern = Array.from({ length }, () => makeUpCall(draw, keyIds, models, stretchMs))
  const paid = payFor(stretches, costsOf(pattern), history)
  return bookPast(pool, { accountId, pattern, stretchMs, stretches: paid })
}
