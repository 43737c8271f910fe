import type { Entry } from '../../price-import/price-import.server.ts'
import { formatUsdShort } from '../../values/money.ts'
import { saidFor, units, type Unit } from '../../values/units.ts'
import { unitPriceText } from '../prices/price-document.ts'

export type Difference = Entry['differences'][number]

/** How much more or less, in percent; a price that was nothing has no percentage. */
export function percentOf({ was, is }: Difference): string | null {
  if (was === 0) return null
  const tenths = ((BigInt(is) - BigInt(was)) * 2_000n) / BigInt(was)
  // Rounded half away from zero: a change is not shown as none for being small.
  const rounded = (tenths + (tenths < 0n ? -1n : 1n)) / 2n
  const size = rounded < 0n ? -rounded : rounded
  return `${rounded < 0n ? '-' : '+'}${size / 10n}.${size % 10n} %`
}

/** An amount for as many as `price add` takes it for. */
export function usdText(unit: Unit | undefined, nanos: number): string {
  const isOfMillion = unit === undefined || saidFor[unit] === 1_000_000
  return isOfMillion ? formatUsdShort(nanos) : unitPriceText(unit, nanos)
}

/** What differs is named by its unit, with the tier and the time after it. */
export const unitOf = (what: string) =>
  units.find((unit) => what.match(/^[A-Za-z0-9]+/)?.[0] === unit)

const figure = ({ of, what }: Difference, value: number) =>
  of === 'nanos' ? usdText(unitOf(what), value) : String(value)

/** One figure that has changed, as people read it. */
export function differenceText(it: Difference): string {
  const percent = percentOf(it)
  return `${it.what} ${figure(it, it.was)} -> ${figure(it, it.is)}${percent ? ` (${percent})` : ''}`
}
