import type { Terms } from '../../catalog/catalog.server.ts'
import { units, type Unit } from '../../values/units.ts'
import { unitPriceText } from './price-document.ts'
import { unitWords } from './unit-words.ts'

const tiersOf = ({ times }: Terms) => times.flatMap(({ tiers }) => tiers)

/** How much of a price has a price for this unit. */
function reachOf(terms: Terms, unit: Unit): 'all' | 'some' | 'none' {
  const tiers = tiersOf(terms)
  const having = tiers.filter(({ prices }) => prices[unit] !== undefined).length
  if (having === tiers.length) return 'all'
  return having > 0 ? 'some' : 'none'
}

/** Units that a price has, and the one that takes its place has not, or not wherever it had. */
export const leftOut = (before: Terms | undefined, terms: Terms): Unit[] =>
  before === undefined
    ? []
    : units.filter((unit) => {
        const [had, has] = [reachOf(before, unit), reachOf(terms, unit)]
        return had === 'all' ? has !== 'all' : had === 'some' && has === 'none'
      })

/** What is said of them, in a line of its own; nothing where there are none. */
export function leftOutWords(before: Terms | undefined, left: readonly Unit[]): string {
  if (before === undefined || left.length === 0) return ''
  const said = left.map((unit) => {
    const tier = tiersOf(before).findLast(({ prices }) => prices[unit] !== undefined)
    return `${unitWords[unit]} ${unitPriceText(unit, tier?.prices[unit] ?? 0)}`
  })
  return (
    `Warning: the price before it also has ${said.join(', ')}, which this one leaves out. ` +
    `To keep it, add the price again with it named.\n`
  )
}
