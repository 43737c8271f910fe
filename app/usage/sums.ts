import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import { addDays, countDays } from '../values/days.ts'
import { dayIn, msOfSlot } from '../values/zones/zone-days.ts'
import { isNarrowed, rangeParams, rollupParams, type Filter } from './filter.ts'

const { daysFilledMax } = limits.usage

const measures = [
  ...(['calls', 'inputTokens', 'cachedTokens', 'cacheWriteTokens', 'outputTokens'] as const),
  ...(['reasoningTokens', 'costNanos'] as const),
]
type Sums = Record<(typeof measures)[number], number>
export type Day = Sums & { day: string }

const nothing = Object.fromEntries(measures.map((name) => [name, 0])) as Sums

/** By day, the oldest first: a day may be folded in part, and the rest of it in slots. */
async function readDays(db: Db, accountId: number, filter: Filter): Promise<Day[]> {
  const range = { accountId, ...rangeParams(filter) }
  const rows = isNarrowed(filter)
    ? await run(db, 'usage/sum-days', { ...range, ...rollupParams(filter) })
    : await run(db, 'usage/list-days', range)
  const days = new Map<string, Day>()
  for (const row of rows) {
    const day = row.day ?? dayIn(filter.zone, msOfSlot(row.slot ?? 0))
    const sum = days.get(day) ?? { day, ...nothing }
    for (const name of measures) sum[name] += row[name] ?? 0
    days.set(day, sum)
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1))
}

function withGaps(used: Day[], from: string, to: string): Day[] {
  const byDay = new Map(used.map((row) => [row.day, row]))
  const days: Day[] = []
  for (let day = from; day <= to; day = addDays(day, 1))
    days.push(byDay.get(day) ?? { day, ...nothing })
  return days
}

/** Every day of the filter's range, those without calls too. */
function fillGaps(used: Day[], filter: Filter): Day[] {
  const first = used[0]?.day ?? filter.from ?? filter.to
  const last = used.at(-1)?.day ?? filter.to ?? filter.from
  if (!first || !last) return []
  let [from, to] = [filter.from ?? first, filter.to ?? last]
  if (countDays(from, to) > daysFilledMax) [from, to] = [first, last]
  if (countDays(from, to) > daysFilledMax) from = addDays(to, 1 - daysFilledMax)
  return withGaps(used, from, to)
}

/**
 * What the calls of a filter come to, in all and by the days of its zone, from the rollups: exact
 * for every filter, and kept when the calls themselves are dropped. `totals` covers the whole
 * range; `days` is cut to its last 400 days where it is longer.
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

/** The same by day alone, all of them from the first with a call to the last, however many. */
export async function sumDays(db: Db, accountId: number, filter: Filter): Promise<Day[]> {
  const used = await readDays(db, accountId, filter)
  const [first, last] = [used[0], used.at(-1)]
  return first && last ? withGaps(used, first.day, last.day) : []
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

const partMeasures = ['calls', 'inputTokens', 'outputTokens', 'costNanos'] as const

/** What is told apart has a row of the days that are folded, and one of the rest. */
function united<Row extends PartRow, Id>(rows: Row[], idOf: (row: Row) => Id): Map<Id, PartSums> {
  const sums = new Map<Id, PartSums>()
  for (const row of rows) {
    const sum = sums.get(idOf(row)) ?? { calls: 0, inputTokens: 0, outputTokens: 0, costNanos: 0 }
    for (const name of partMeasures) sum[name] += row[name] ?? 0
    sums.set(idOf(row), sum)
  }
  return sums
}
const byCost = (a: PartSums, b: PartSums) => b.costNanos - a.costNanos || b.calls - a.calls

/** What the calls of a filter come to by model, the dearest first. Exact, like `sumUsage`. */
export async function sumModels(
  db: Db,
  accountId: number,
  filter: Filter,
): Promise<(PartSums & { model: string })[]> {
  const params = { accountId, ...rangeParams(filter), ...rollupParams(filter) }
  const rows = await run(db, 'usage/sum-models', params)
  return [...united(rows, ({ model }) => model)]
    .map(([model, sum]) => ({ model, ...sum }))
    .sort(byCost)
}

/** The same by key. */
export async function sumKeys(
  db: Db,
  accountId: number,
  filter: Filter,
): Promise<(PartSums & { keyId: number })[]> {
  const params = { accountId, ...rangeParams(filter), ...rollupParams(filter) }
  const rows = await run(db, 'usage/sum-keys', params)
  return [...united(rows, ({ keyId }) => keyId)]
    .map(([keyId, sum]) => ({ keyId, ...sum }))
    .sort(byCost)
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
