import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import { msOfId, firstIdAt } from '../values/days.ts'
import type { Combination } from './combinations.ts'

const { combinationsAtOnce, rowsFew } = limits.usage

/** Ids from `from` up to, and without, `to`. */
export type Range = { from: Buffer; to: Buffer }
export type Way = 'newest' | 'oldest'
type Stretch = {
  accountId: number
  /** What occurs in these days, with how many calls of each. */
  combinations: Combination[]
  within: Range
  /** How many ids are wanted; there may be more. */
  rows: number
}

const sliceGrowth = 4

/** The ids of all calls of these combinations in a range; undefined where they are over `most`. */
async function readAll(db: Db, { accountId, combinations }: Stretch, range: Range, most: number) {
  const ids: Buffer[] = []
  for (let at = 0; at < combinations.length; at += combinationsAtOnce) {
    const some = combinations.slice(at, at + combinationsAtOnce)
    const params = { accountId, combinations: some, ...range, rows: most + 1 }
    for (const { id } of await run(db, 'usage/ids-of', params)) ids.push(id)
    if (ids.length > most) return undefined
  }
  return ids
}

/**
 * At least as many ids of a stretch as are wanted, if there are so many, from the end where the
 * search begins. The index gives each combination's ids in order, but not all of them together; so
 * it is asked for a slice of time that should hold about twice as many as are wanted, then for
 * more.
 */
export async function readStretch(db: Db, way: Way, stretch: Stretch): Promise<Buffer[]> {
  const { combinations, within, rows } = stretch
  const calls = combinations.reduce((sum, combination) => sum + combination.calls, 0)
  const lengthMs = msOfId(within.to) - msOfId(within.from) + 1
  let sliceMs = calls <= rowsFew ? lengthMs : Math.ceil((lengthMs * rows * 2) / calls)
  let rest = within
  const found: Buffer[] = []
  while (found.length < rows && rest.from.compare(rest.to) < 0) {
    const [slice, others] = cut(way, rest, sliceMs)
    // Calls come in bursts. No slice is shorter than a millisecond, whatever it holds.
    const most = sliceMs > 1 ? rows * 8 + rowsFew : Number.MAX_SAFE_INTEGER - 1
    const ids = await readAll(db, stretch, slice, most)
    if (!ids) {
      sliceMs = Math.max(1, Math.floor(sliceMs / 8))
      continue
    }
    found.push(...ids.sort((a, b) => (way === 'newest' ? b.compare(a) : a.compare(b))))
    rest = others
    sliceMs *= sliceGrowth
  }
  return found
}

/** Cuts a slice of so many milliseconds off the end where the search begins. */
function cut(way: Way, { from, to }: Range, sliceMs: number): [slice: Range, rest: Range] {
  if (way === 'newest') {
    const isWhole = to.equals(firstIdAt(msOfId(to)))
    const lastMs = isWhole ? msOfId(to) - 1 : msOfId(to)
    const at = firstIdAt(Math.max(0, lastMs - sliceMs + 1))
    const edge = at.compare(from) > 0 ? at : from
    return [
      { from: edge, to },
      { from, to: edge },
    ]
  }
  const at = firstIdAt(msOfId(from) + sliceMs)
  const edge = at.compare(to) < 0 ? at : to
  return [
    { from, to: edge },
    { from: edge, to },
  ]
}
