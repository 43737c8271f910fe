import { run, type Db } from '../db/db.server.ts'
import { addDays, earliestDay, firstIdAt, latestDay, msOfId, nextId } from '../values/days.ts'
import { dayIn, endOf, msOfSlot, startOf } from '../values/zones/zone-days.ts'
import { readCombinations } from './combinations.ts'
import { isNarrowed, type Filter } from './filter.ts'
import { readStretch, type Range, type Way } from './read-days.ts'

export type Search = {
  accountId: number
  filter: Filter
  before: Buffer | null
  after: Buffer | null
  /** How many ids at most. */
  rows: number
}

/** Each stretch of days looked at is so many times longer than the one before it. */
const stretchGrowth = 4

const max = (a: Buffer, b: Buffer) => (a.compare(b) > 0 ? a : b)
const min = (a: Buffer, b: Buffer) => (a.compare(b) < 0 ? a : b)

function rangeOf({ filter, before, after }: Search): Range {
  const from = firstIdAt(startOf(filter.from ?? earliestDay, filter.zone))
  const to = firstIdAt(endOf(filter.to ?? latestDay, filter.zone))
  return { from: after ? max(from, nextId(after)) : from, to: before ? min(to, before) : to }
}

const readIds = (db: Db, way: Way, params: Range & { accountId: number; rows: number }) =>
  way === 'newest' ? run(db, 'usage/newest-ids', params) : run(db, 'usage/oldest-ids', params)

/** The range without the time before the first call in it, or after the last, as one goes. */
async function spanOf(db: Db, accountId: number, way: Way, range: Range) {
  const [[edge], { firstSlot, lastSlot, keptFrom }] = await Promise.all([
    readIds(db, way, { accountId, ...range, rows: 1 }),
    run(db, 'usage/read-span', { accountId }),
  ])
  if (!edge || firstSlot === null || lastSlot === null) return undefined
  const from = max(range.from, max(firstIdAt(msOfSlot(firstSlot)), keptFrom ?? range.from))
  const to = min(range.to, firstIdAt(msOfSlot(lastSlot + 1)))
  return way === 'newest' ? { from, to: nextId(edge.id) } : { from: max(from, edge.id), to }
}

/** Stretches of a zone's days one after another from the end where the search begins, each longer. */
function* stretches(way: Way, zone: string, { from, to }: Range) {
  const first = dayIn(zone, msOfId(from))
  const day = dayIn(zone, msOfId(to))
  // The range ends before `to`: at midnight, with the day before.
  const last = to.compare(firstIdAt(startOf(day, zone))) > 0 ? day : addDays(day, -1)
  let days = 1
  if (way === 'newest') {
    for (let end = last; end >= first; days *= stretchGrowth) {
      const start = addDays(end, 1 - days)
      const stretch = { from: start < first ? first : start, to: end }
      yield stretch
      end = addDays(stretch.from, -1)
    }
  } else {
    for (let start = first; start <= last; days *= stretchGrowth) {
      const end = addDays(start, days - 1)
      const stretch = { from: start, to: end > last ? last : end }
      yield stretch
      start = addDays(stretch.to, 1)
    }
  }
}

/**
 * The rollup says which combinations of key, model, status and outcome a stretch of days has that
 * fit; each is one unbroken stretch of the index `calls_facets`. So a page costs what it shows, and
 * a little for each combination, however rare its calls are (docs/decisions/0006).
 */
async function findFiltered(db: Db, search: Search, way: Way, range: Range) {
  const { accountId, rows } = search
  const span = await spanOf(db, accountId, way, range)
  const found: Buffer[] = []
  if (!span) return found
  const { zone } = search.filter
  for (const days of stretches(way, zone, span)) {
    const combinations = await readCombinations(db, accountId, { ...search.filter, ...days })
    if (combinations.length === 0) continue
    const start = firstIdAt(startOf(days.from, zone))
    const end = firstIdAt(endOf(days.to, zone))
    const within = { from: max(span.from, start), to: min(span.to, end) }
    const stretch = { accountId, combinations, within, rows: rows - found.length }
    found.push(...(await readStretch(db, way, stretch)))
    if (found.length >= rows) break
  }
  return found.slice(0, rows)
}

/** The ids of the calls nearest to where the search begins: newest first, or oldest if `after`. */
export async function findIds(db: Db, search: Search): Promise<Buffer[]> {
  const { accountId, rows } = search
  const range = rangeOf(search)
  const way = search.after ? 'oldest' : 'newest'
  if (range.from.compare(range.to) >= 0) return []
  if (isNarrowed(search.filter)) return findFiltered(db, search, way, range)
  return (await readIds(db, way, { accountId, ...range, rows })).map(({ id }) => id)
}
