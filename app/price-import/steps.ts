import type { Unit } from '../values/units.ts'
import { Unreadable } from './numerals.ts'
import type { Rate, Rates } from './tiers.ts'

/** One price of a flat list: what a unit costs where the input is more than so many tokens. */
export type Step = { unit: Unit; above: number; nanos: number; name: string }

/** All steps of one unit; two that begin at one number of tokens must say one price. */
export function rateOf(steps: readonly Step[]): Rate {
  const byStart = new Map<number, Step>()
  for (const step of steps) {
    const known = byStart.get(step.above)
    if (known && known.nanos !== step.nanos)
      throw new Unreadable(`${step.name} and ${known.name} say two prices of the same`)
    byStart.set(step.above, step)
  }
  const base = byStart.get(0)
  const [first] = steps
  if (!base) throw new Unreadable(`${first?.name} has a price above some length, and none below`)
  const above = [...byStart.values()].filter((step) => step !== base)
  return { base: base.nanos, above: above.map(({ above: tokens, nanos }) => ({ tokens, nanos })) }
}

/** The rates of all units that there are steps of. */
export function ratesOf(steps: readonly Step[]): Rates {
  const byUnit = new Map<Unit, Step[]>()
  for (const step of steps) byUnit.set(step.unit, [...(byUnit.get(step.unit) ?? []), step])
  return new Map([...byUnit].map(([unit, own]) => [unit, rateOf(own)]))
}
