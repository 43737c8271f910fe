import { isFee, plainPoints, type Terms, type Tier } from '../catalog/catalog.server.ts'
import type { Unit } from '../values/units.ts'
import { Unreadable } from './numerals.ts'
import { ratesOf, type Step } from './steps.ts'
import { isCharged } from './tiers.ts'

/** A call's own tokens, which service tiers are about. */
const tokens: readonly Unit[] = ['input', 'cachedInput', 'cacheWrite', 'cacheWrite1h', 'output']

/** How many basis points of the plain price another one is; undefined where they are not whole. */
function pointsOf(plain: number, other: number): number | undefined {
  const scaled = BigInt(other) * BigInt(plainPoints)
  if (plain === 0 || scaled % BigInt(plain) !== 0n) return undefined
  return Number(scaled / BigInt(plain))
}

/** Tiers at so many basis points, which fees have none of; undefined where a price would not be whole. */
function scaled(tiers: Tier[], points: number): Tier[] | undefined {
  const whole = tiers.map(({ upToInputTokens, prices }) => {
    const own = Object.entries(prices).map(([unit, nanos]) => {
      const exact = BigInt(nanos) * BigInt(isFee(unit as Unit) ? plainPoints : points)
      return [unit, exact % BigInt(plainPoints) === 0n ? Number(exact / BigInt(plainPoints)) : NaN]
    })
    return { upToInputTokens, prices: Object.fromEntries(own) as Tier['prices'] }
  })
  return whole.some(({ prices }) => Object.values(prices).some(Number.isNaN)) ? undefined : whole
}

/** The one factor of all that the plain price charges tokens by; undefined where there is not one. */
function factorOf(tiers: Tier[], steps: readonly Step[]): number | undefined {
  const rates = ratesOf(steps)
  const points = pointsOf(tiers[0]?.prices.input ?? 0, rates.get('input')?.base ?? 0)
  const atFactor = points ? scaled(tiers, points) : undefined
  if (!atFactor) return undefined
  const priced = tokens.filter((unit) => tiers.some(({ prices }) => (prices[unit] ?? 0) > 0))
  const isOne = [...new Set([...priced, ...rates.keys()])].every((unit) => {
    const rate = rates.get(unit)
    return rate !== undefined && isCharged(atFactor, unit, rate)
  })
  return isOne ? points : undefined
}

/** Steps that are no whole list of prices have no factor. */
function factorIfAny(tiers: Tier[], steps: readonly Step[]): number | undefined {
  try {
    return factorOf(tiers, steps)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

/**
 * Service tiers, each as a factor of the plain price. One that has no factor common to all tokens
 * is not sold; the plain price is right without it.
 */
export function servicesOf(
  tiers: Tier[],
  stepsByService: ReadonlyMap<string, readonly Step[]>,
  notes: Set<string>,
): Pick<Terms, 'basisPoints' | 'serviceTiers'> {
  const basisPoints: Record<string, number> = {}
  for (const [service, steps] of stepsByService) {
    const points = factorIfAny(tiers, steps)
    if (points !== undefined && points > 0 && points <= 1_000_000) basisPoints[service] = points
    else notes.add(`service tier ${service} is left out: it is no single factor of the price`)
  }
  return { basisPoints, serviceTiers: Object.keys(basisPoints).sort() }
}
