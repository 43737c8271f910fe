import { z } from 'zod'
import { units, type OtherUnit, type OtherUnits } from './units.ts'

const ofCalls: ReadonlySet<string> = new Set([
  'input',
  'cachedInput',
  'cacheWrite',
  'output',
  'reasoning',
])
const isOther = (unit: string): unit is OtherUnit => !ofCalls.has(unit)
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional()
const Column = z.strictObject(
  Object.fromEntries(units.filter(isOther).map((unit) => [unit, count])) as Record<
    OtherUnit,
    typeof count
  >,
)

/** What a call's row has of other units; undefined where that cannot be read. */
export function readOtherUnits(column: string | null): OtherUnits | undefined {
  if (column === null) return {}
  try {
    return Column.safeParse(JSON.parse(column)).data
  } catch {
    // It is no JSON.
    return undefined
  }
}
