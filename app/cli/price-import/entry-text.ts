import type { Entry } from '../../price-import/price-import.server.ts'
import { dayOf } from '../../values/days.ts'
import { differenceText, unitOf, usdText } from './difference.ts'

export const nameOf = ({ provider, model }: { provider: string; model: string }) =>
  `${provider}/${model}`
/** By UTC, as the lists have their days. */
export const dayOfList = (date: Date) => dayOf(date.getTime())

/** What a model costs as the list has it: the plain prices, and whether there are others. */
function priceText({ rows }: Entry): string {
  const terms = rows.at(-1)?.terms
  const tiers = terms?.times.at(-1)?.tiers ?? []
  const prices = Object.entries(tiers[0]?.prices ?? {}).filter(([, nanos]) => nanos > 0)
  const more = [
    tiers.length > 1 ? `${tiers.length} tiers` : '',
    (terms?.times.length ?? 1) > 1 ? 'by the time of the day' : '',
    rows.length > 1 ? `${rows.length} dates` : '',
  ].filter(Boolean)
  const text = prices.map(([unit, nanos]) => `${unit} ${usdText(unitOf(unit), nanos)}`).join('  ')
  return [text || 'nothing', ...more].join(', ')
}

/** What is new or changed of one model, in a line. */
export const entryText = (entry: Entry) => {
  const what = entry.since ? entry.differences.map(differenceText).join('; ') : priceText(entry)
  const since = entry.since ? ` [since ${dayOfList(entry.since)}]` : ''
  return `  ${nameOf(entry)}  ${what}${since}`
}
