import { usagePath } from '../../paths.ts'
import { addDays } from '../../values/days.ts'
import { dayIn } from '../../values/zones/zone-days.ts'
import { filterParams, type Filter } from '../../usage/usage.server.ts'

const spans = [
  { text: 'Today', days: 1 },
  { text: '7 days', days: 7 },
  { text: '30 days', days: 30 },
  { text: '90 days', days: 90 },
]

/** Links to the same filter over the last days, and over all of them. */
export function presetsOf(now: Date, filter: Filter) {
  const today = dayIn(filter.zone, now.getTime())
  const link = (text: string, from: string | null) => {
    const params = filterParams({ ...filter, from, to: null }).toString()
    const isCurrent = filter.from === from && filter.to === null
    return { text, to: params ? `${usagePath}?${params}` : usagePath, isCurrent }
  }
  return [...spans.map(({ text, days }) => link(text, addDays(today, 1 - days))), link('All', null)]
}
