import { answerOf, run, statement, type Bound, type Db, type Row } from '../db/db.server.ts'
import {
  addDays,
  dayOfId,
  earliestDay,
  firstIdOf,
  latestDay,
  nextId,
  rollupParams,
} from './days.ts'
import type { Filter } from './filter.ts'

export type Search = {
  accountId: number
  filter: Filter
  before: Buffer | null
  after: Buffer | null
  /** How many ids at most. */
  rows: number
}
type Combination = Row<'usage/sum-combinations'>
/** Ids from `from` up to, and without, `to`. */
type Range = { from: Buffer; to: Buffer }
type Way = 'newest' | 'oldest'

/** Each is a descent into one index; a statement with more of them is slow to plan. */
const streamsMax = 64
/** Each stretch of days looked at is so many times longer than the one before it. */
const stretchGrowth = 4

const max = (a: Buffer, b: Buffer) => (a.compare(b) > 0 ? a : b)
const min = (a: Buffer, b: Buffer) => (a.compare(b) < 0 ? a : b)

function rangeOf({ filter, before, after }: Search): Range {
  const from = firstIdOf(filter.from ?? earliestDay)
  const to = firstIdOf(addDays(filter.to ?? latestDay, 1))
  return { from: after ? max(from, nextId(after)) : from, to: before ? min(to, before) : to }
}

/** The ids of one combination, as one of many selects that the database answers at once. */
const streamOf = (way: Way, search: Search, { calls, ...facets }: Combination, range: Range) => {
  const { accountId, rows } = search
  const params = { accountId, ...facets, ...range, rows: Math.min(rows, calls ?? rows) }
  return way === 'newest'
    ? statement('usage/newest-ids-of', params)
    : statement('usage/oldest-ids-of', params)
}

/** One round trip, and no sort in the database: the streams are merged by whoever reads them. */
async function readStreams(db: Db, streams: Bound[]): Promise<Buffer[]> {
  const ids: Buffer[] = []
  for (let at = 0; at < streams.length; at += streamsMax) {
    const some = streams.slice(at, at + streamsMax)
    const bound = {
      statement: some[0]!.statement,
      text: some.map(({ text }) => `(${text})`).join(' union all '),
      values: some.flatMap(({ values }) => values),
    }
    const found = answerOf('usage/newest-ids-of', bound, await db.send(bound))
    ids.push(...found.map(({ id }) => id))
  }
  return ids
}

/** The days from one id to another that the account has calls of, as far as they are still kept. */
async function spanOf(db: Db, accountId: number, { from, to }: Range) {
  const { firstDay, lastDay, keptFrom } = await run(db, 'usage/read-span', { accountId })
  if (!firstDay || !lastDay) return undefined
  const firsts = [dayOfId(from), firstDay, keptFrom ? dayOfId(keptFrom) : firstDay].sort()
  const day = dayOfId(to)
  // The range ends before `to`: at midnight, with the day before.
  const end = to.compare(firstIdOf(day)) > 0 ? day : addDays(day, -1)
  return { first: firsts.at(-1)!, last: end < lastDay ? end : lastDay }
}

/** Stretches of days one after another from the end where the search begins, each longer. */
function* stretches(way: Way, { first, last }: { first: string; last: string }) {
  let days = 1
  if (way === 'newest') {
    for (let to = last; to >= first; days *= stretchGrowth) {
      const start = addDays(to, 1 - days)
      const from = start < first ? first : start
      yield { from, to }
      to = addDays(from, -1)
    }
  } else {
    for (let from = first; from <= last; days *= stretchGrowth) {
      const end = addDays(from, days - 1)
      const to = end > last ? last : end
      yield { from, to }
      from = addDays(to, 1)
    }
  }
}

/**
 * The rollup says which combinations of key, model, status and outcome a stretch of days has that
 * fit; each is one unbroken stretch of the index `calls_facets`. So a page costs what it shows,
 * times the number of combinations, however rare its calls are (docs/decisions/0006).
 */
async function findFiltered(db: Db, search: Search, way: Way, range: Range) {
  const { accountId, rows } = search
  const span = await spanOf(db, accountId, range)
  const found: Buffer[] = []
  if (!span) return found
  const params = { accountId, ...rollupParams(search.filter) }
  for (const days of stretches(way, span)) {
    const combinations = await run(db, 'usage/sum-combinations', { ...params, ...days })
    const within = {
      from: max(range.from, firstIdOf(days.from)),
      to: min(range.to, firstIdOf(addDays(days.to, 1))),
    }
    const ids = await readStreams(
      db,
      combinations.map((combination) => streamOf(way, search, combination, within)),
    )
    found.push(...ids.sort((a, b) => (way === 'newest' ? b.compare(a) : a.compare(b))))
    if (found.length >= rows) break
  }
  return found.slice(0, rows)
}

const isNarrowed = ({ model, keyId, status, outcome }: Filter) =>
  model !== null || keyId !== null || status !== null || outcome !== null

/** The ids of the calls nearest to where the search begins: newest first, or oldest if `after`. */
export async function findIds(db: Db, search: Search): Promise<Buffer[]> {
  const { accountId, rows } = search
  const range = rangeOf(search)
  const way = search.after ? 'oldest' : 'newest'
  if (range.from.compare(range.to) >= 0) return []
  if (isNarrowed(search.filter)) return findFiltered(db, search, way, range)
  const params = { accountId, ...range, rows }
  const found =
    way === 'newest'
      ? await run(db, 'usage/newest-ids', params)
      : await run(db, 'usage/oldest-ids', params)
  return found.map(({ id }) => id)
}
