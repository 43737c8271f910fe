import { priceOf, termsAt, type Terms, type Tier } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { units } from '../values/units.ts'

/** One figure that is another than it was. */
export type Difference = {
  what: string
  /** Nano-dollars are those of a million units. */
  of: 'nanos' | 'basis points' | 'tokens'
  was: number
  is: number
}

/** A price with what its list says of the model's limits. */
export type Priced = { terms: Terms; contextTokens: number | null; outputTokensMax: number | null }

const { timesMax } = limits.priceLists

/** A moment of any week; the first day of this one is a Monday. */
const momentOf = (day: number, minutes: number) => new Date(Date.UTC(2026, 0, 5 + day, 0, minutes))

/** Moments at which every part of the day of either begins, in each day of a week. */
function momentsOf(all: Terms[]): Date[] {
  const clocks = all.flatMap(({ times }) =>
    times.flatMap(({ when }) => (when ?? []).flatMap(({ from, to }) => [from, to])),
  )
  if (clocks.length === 0) return [momentOf(0, 0)]
  const offsets = [...new Set(['00:00', ...clocks])].map((clock) => {
    const [hours = 0, minutes = 0] = clock.split(':').map(Number)
    return hours * 60 + minutes
  })
  const days = [0, 1, 2, 3, 4, 5, 6]
  return days.flatMap((day) => offsets.map((minutes) => momentOf(day, minutes)))
}

/** What a part of the day is called where there are several. */
const clockOf = (at: Date) => `from ${at.toISOString().slice(11, 16)} UTC`

const boundsOf = (tiers: Tier[]) => tiers.map(({ upToInputTokens }) => upToInputTokens ?? Infinity)
const pricesAt = (tiers: Tier[], bound: number) =>
  // The last tier has no bound.
  (tiers.find(({ upToInputTokens: most }) => most === null || bound <= most) ?? tiers.at(-1))!
    .prices

/** What differs between two lists of tiers, at each bound of either. */
function differencesOf(before: Tier[], after: Tier[], suffix: string): Difference[] {
  const bounds = [...new Set([...boundsOf(before), ...boundsOf(after)])].sort((a, b) => a - b)
  return bounds.flatMap((bound) => {
    const length = bounds.length === 1 ? '' : bound === Infinity ? ' beyond' : ` up to ${bound}`
    const [own, next] = [pricesAt(before, bound), pricesAt(after, bound)]
    return units.flatMap((unit) => {
      // One without a price of its own in either changes with what it is charged as.
      if (own[unit] === undefined && next[unit] === undefined) return []
      const [was, is] = [priceOf(own, unit), priceOf(next, unit)]
      return was === is
        ? []
        : [{ what: `${unit}${length}${suffix}`, of: 'nanos' as const, was, is }]
    })
  })
}

/** Whether a figure has become another by more than a slip of the point would make of it. */
const isWild = ({ was, is }: Difference) =>
  (was === 0) !== (is === 0) || is > was * timesMax || was > is * timesMax

type Compared = {
  differences: Difference[]
  /** Why somebody has to look before this is believed. */
  held: string[]
}

function compareTimes(before: Terms, after: Terms): Compared {
  const found: Compared = { differences: [], held: [] }
  const seen = new Set<string>()
  const moments = momentsOf([before, after])
  for (const at of moments) {
    const [was, is] = [termsAt(before, at).tiers, termsAt(after, at).tiers]
    const pair = JSON.stringify([was, is])
    if (seen.has(pair)) continue
    seen.add(pair)
    const suffix = moments.length > 1 ? ` ${clockOf(at)}` : ''
    found.differences.push(...differencesOf(was, is, suffix))
    const lost = boundsOf(was).filter((bound) => !boundsOf(is).includes(bound))
    for (const bound of lost) found.held.push(`the tier up to ${bound}${suffix} is gone`)
  }
  if (after.times.length < before.times.length) found.held.push('a part of the day is gone')
  return found
}

function compareServices(before: Terms, after: Terms): Compared {
  const names = new Set([...Object.keys(before.basisPoints), ...Object.keys(after.basisPoints)])
  const differences = [...names].flatMap((name) => {
    const [was, is] = [before.basisPoints[name] ?? 0, after.basisPoints[name] ?? 0]
    return was === is ? [] : [{ what: `points of ${name}`, of: 'basis points' as const, was, is }]
  })
  const gone = [
    ...before.serviceTiers.filter((name) => !after.serviceTiers.includes(name)),
    ...Object.keys(before.basisPoints).filter((name) => !Object.hasOwn(after.basisPoints, name)),
  ]
  return { differences, held: [...new Set(gone)].map((name) => `service tier ${name} is gone`) }
}

function compareLimits(before: Priced, after: Priced): Compared {
  const figures = [
    ['context', before.contextTokens, after.contextTokens],
    ['longest output', before.outputTokensMax, after.outputTokensMax],
  ] as const
  const differences = figures.flatMap(([what, was, is]) =>
    was === is ? [] : [{ what, of: 'tokens' as const, was: was ?? 0, is: is ?? 0 }],
  )
  const shrunk = figures.filter(([, was, is]) => was !== null && (is ?? 0) < was)
  return { differences, held: shrunk.map(([what, was, is]) => `${what} shrinks: ${was} to ${is}`) }
}

/** What differs between a price and the one that is to follow it, and what of it is held back. */
export function compare(before: Priced, after: Priced): Compared {
  const times = compareTimes(before.terms, after.terms)
  const services = compareServices(before.terms, after.terms)
  const sizes = compareLimits(before, after)
  const wild = times.differences
    .filter(isWild)
    .map(({ what, was, is }) =>
      was === 0 || is === 0
        ? `${what} goes ${was === 0 ? 'from' : 'to'} zero`
        : `${what} changes more than ${timesMax}-fold`,
    )
  const wildPoints = services.differences
    .filter((it) => it.was > 0 && it.is > 0 && isWild(it))
    .map(({ what }) => `${what} change more than ${timesMax}-fold`)
  return {
    differences: [...times.differences, ...services.differences, ...sizes.differences],
    held: [...wild, ...wildPoints, ...times.held, ...services.held, ...sizes.held],
  }
}

/** Whether nothing is charged for at all. */
export const isFree = ({ times }: Terms): boolean =>
  times.every(({ tiers }) =>
    tiers.every(({ prices }) => Object.values(prices).every((it) => it === 0)),
  )
