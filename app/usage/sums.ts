import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import { addDays, countDays, earliestDay, latestDay } from '../values/days.ts'
import { rollupParams } from './filter.ts'
import { isNarrowed, type Filter } from './filter.ts'

const { daysFilledMax } = limits.usage

const measures = [
  ...(['calls', 'inputTokens', 'cachedTokens', 'cacheWriteTokens', 'outputTokens'] as const),
  ...(['reasoningTokens', 'costNanos'] as const),
]
type Sums = Record<(typeof measures)[number], number>
export type Day = Sums & { day: string }

const nothing = Object.fromEntries(measures.map((name) => [name, 0])) as Sums
const sumsOf = (row: Record<keyof Sums, number | null>) =>
  Object.fromEntries(measures.map((name) => [name, row[name] ?? 0])) as Sums

async function readDays(db: Db, accountId: number, filter: Filter): Promise<Day[]> {
  const range = { accountId, from: filter.from ?? earliestDay, to: filter.to ?? latestDay }
  const rows = isNarrowed(filter)
    ? await run(db, 'usage/sum-days', { ...range, ...rollupParams(filter) })
    : await run(db, 'usage/list-days', range)
  return rows.map((row) => ({ day: row.day, ...sumsOf(row) }))
}

/** Every day of the filter's range, those without calls too. */
function fillGaps(used: Day[], filter: Filter): Day[] {
  const first = used[0]?.day ?? filter.from ?? filter.to
  const last = used.at(-1)?.day ?? filter.to ?? filter.from
  if (!first || !last) return []
  let [from, to] = [filter.from ?? first, filter.to ?? last]
  if (countDays(from, to) > daysFilledMax) [from, to] = [first, last]
  if (countDays(from, to) > daysFilledMax) from = addDays(to, 1 - daysFilledMax)
  const byDay = new Map(used.map((row) => [row.day, row]))
  const days: Day[] = []
  for (let day = from; day <= to; day = addDays(day, 1))
    days.push(byDay.get(day) ?? { day, ...nothing })
  return days
}

/**
 * What the calls of a filter come to, in all and by UTC day, from the rollup: exact for every
 * filter, and kept when the calls themselves are dropped. `totals` covers the whole range; `days`
 * is cut to its last 400 days where it is longer.
 */
export async function sumUsage(
  db: Db,
  accountId: number,
  filter: Filter,
): Promise<{ totals: Sums; days: Day[] }> {
  const used = await readDays(db, accountId, filter)
  const totals = { ...nothing }
  for (const row of used) for (const name of measures) totals[name] += row[name]
  return { totals, days: fillGaps(used, filter) }
}

/** The totals alone. */
export const totals = async (db: Db, accountId: number, filter: Filter): Promise<Sums> =>
  (await sumUsage(db, accountId, filter)).totals

type ModelSums = {
  model: string
  calls: number
  inputTokens: number
  outputTokens: number
  costNanos: number
}

/** What the calls of a filter come to by model, the dearest first. Exact, like `sumUsage`. */
export async function sumModels(db: Db, accountId: number, filter: Filter): Promise<ModelSums[]> {
  const range = { accountId, from: filter.from ?? earliestDay, to: filter.to ?? latestDay }
  const rows = await run(db, 'usage/sum-models', { ...range, ...rollupParams(filter) })
  const models = rows.map(({ model, calls, inputTokens, outputTokens, costNanos }) => ({
    model,
    calls: calls ?? 0,
    costNanos: costNanos ?? 0,
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
  }))
  return models.sort((a, b) => b.costNanos - a.costNanos || b.calls - a.calls)
}
