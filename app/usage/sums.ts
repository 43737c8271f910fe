import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import { addDays, countDays } from '../values/days.ts'
import { dayIn, msOfSlot } from '../values/zones/zone-days.ts'
import {
  isNarrowed,
  rangeParams,
  rollupParams,
  slotParams,
  type Filter,
  type RangeParams,
  type Slots,
} from './filter.ts'

const { daysFilledMax } = limits.usage

const measures = [
  ...(['calls', 'inputTokens', 'cachedTokens', 'cacheWriteTokens', 'outputTokens'] as const),
  ...(['reasoningTokens', 'costNanos'] as const),
]
export type Sums = Record<(typeof measures)[number], number>
export type Day = Sums & { day: string }

const nothing = Object.fromEntries(measures.map((name) => [name, 0])) as Sums

/** What some lines of the rollups, or some sums, come to together. */
export function addUp(rows: Record<keyof Sums, number | null>[]): Sums {
  const sums = { ...nothing }
  for (const row of rows) for (const name of measures) sums[name] += row[name] ?? 0
  return sums
}

const readRows = (db: Db, accountId: number, filter: Filter, range: RangeParams) =>
  isNarrowed(filter)
    ? run(db, 'usage/sum-days', { accountId, ...range, ...rollupParams(filter) })
    : run(db, 'usage/list-days', { accountId, ...range })

/** By day, the oldest first: a day may be folded in part, and the rest of it in slots. */
async function readDays(db: Db, accountId: number, filter: Filter): Promise<Day[]> {
  const rows = await readRows(db, accountId, filter, rangeParams(filter))
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
  return { totals: addUp(used), days: fillGaps(used, filter) }
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

/** The totals of some slots, whatever days a filter has. */
export const sumSlots = async (
  db: Db,
  accountId: number,
  filter: Filter,
  slots: Slots,
): Promise<Sums> => addUp(await readRows(db, accountId, filter, slotParams(slots)))
