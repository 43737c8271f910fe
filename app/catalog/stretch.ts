import { minuteMs } from '../values/days.ts'
import type { Sold } from './offers.ts'

/** How long offers stay as they are: prices begin at their moments, and windows at whole minutes. */
export function stretchAround(
  { prices, served }: Sold,
  at: Date,
): { fromMs: number; toMs: number } {
  const fromMs = at.getTime() - (at.getTime() % minuteMs)
  const stretch = { fromMs, toMs: fromMs + minuteMs }
  const lists = served.flatMap(({ costs }) => [costs.own, costs.listed])
  for (const { effectiveFrom } of [prices, ...lists].flat()) {
    const beginsMs = effectiveFrom.getTime()
    if (beginsMs <= at.getTime()) stretch.fromMs = Math.max(stretch.fromMs, beginsMs)
    else stretch.toMs = Math.min(stretch.toMs, beginsMs)
  }
  return stretch
}
