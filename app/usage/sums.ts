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

type PartSums = {
  calls: number
  inputTokens: number
  outputTokens: number
  costNanos: number
}
type PartRow = Record<keyof PartSums, number | null>

const partOf = ({ calls, inputTokens, outputTokens, costNanos }: PartRow): PartSums => ({
  calls: calls ?? 0,
  inputTokens: inputTokens ?? 0,
  outputTokens: outputTokens ?? 0,
  costNanos: costNanos ?? 0,
})
const byCost = (a: PartSums, b: PartSums) => b.costNanos - a.costNanos || b.calls - a.calls

/** What the calls of a filter come to by model, the dearest first. Exact, like `sumUsage`. */
export async function sumModels(
  db: Db,
  accountId: number,
  filter: Filter,
): Promise<(PartSums & { model: string })[]> {
  const range = { accountId, from: filter.from ?? earliestDay, to: filter.to ?? latestDay }
  const rows = await run(db, 'usage/sum-models', { ...range, ...rollupParams(filter) })
  return rows.map((row) => ({ model: row.model, ...partOf(row) })).sort(byCost)
}

/** The same by key. */
export async function sumKeys(
  db: Db,
  accountId: number,
  filter: Filter,
): Promise<(PartSums & { keyId: number })[]> {
  const range = { accountId, from: filter.from ?? earliestDay, to: filter.to ?? latestDay }
  const rows = await run(db, 'usage/sum-keys', { ...range, ...rollupParams(filter) })
  return rows.map((row) => ({ keyId: row.keyId, ...partOf(row) })).sort(byCost)
}

/** The first of some sums, and all others together, so that the lines still add up. */
export function foldRest<T extends PartSums>(
  sums: T[],
  most: number,
): { first: T[]; rest: (PartSums & { others: number }) | null } {
  if (sums.length <= most) return { first: sums, rest: null }
  const others = sums.slice(most - 1)
  const sum = (name: keyof PartSums) => others.reduce((total, row) => total + row[name], 0)
  const rest = {
    others: others.length,
    calls: sum('calls'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    costNanos: sum('costNanos'),
  }
  return { first: sums.slice(0, most - 1), rest }
}
