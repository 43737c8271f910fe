import { limits } from '../../config/limits.ts'
import type { Plan } from '../../price-import/price-import.server.ts'
import { dayOfList, entryText, nameOf } from './entry-text.ts'

/** A part of the plan under its head; of a long one the first lines, and how many more there are. */
function section(head: string, lines: string[]): string[] {
  if (lines.length === 0) return []
  const shown = lines.slice(0, limits.priceLists.shownMax)
  const more = lines.length - shown.length
  const rest = more > 0 ? [`  … and ${more} more; --provider and --model show fewer at a time`] : []
  return ['', `${head} (${lines.length})`, ...shown, ...rest]
}

const keeps = (since: Date | null) => (since ? `; its price of ${dayOfList(since)} stands` : '')

/** The plan as people read it; amounts are USD per million units, but where they say another. */
export function planText(plan: Plan): string {
  const { fresh, changed, held, gone, unread, notes, same } = plan
  const counts = [
    `${fresh.length} new`,
    `${changed.length} changed`,
    `${held.length} held back`,
    `${gone.length} gone`,
    `${unread.length} unreadable`,
    `${same} as they were`,
  ]
  return [
    ...section('NEW, in USD per million where it says no other', fresh.map(entryText)),
    ...section('CHANGED, in USD per million where it says no other', changed.map(entryText)),
    ...section(
      'HELD BACK, unless named by --accept PROVIDER/MODEL',
      held.map((entry) => `${entryText(entry)}: ${entry.held.join('; ')}`),
    ),
    ...section(
      'GONE from the list; their prices stand',
      gone.map((it) => `  ${nameOf(it)}`),
    ),
    ...section(
      'UNREADABLE',
      unread.map((it) => `  ${nameOf(it)}: ${it.why}${keeps(it.since)}`),
    ),
    ...section(
      'LEFT OUT of a price that is otherwise whole',
      notes.map((it) => `  ${nameOf(it)}: ${it.why}`),
    ),
    '',
    `${counts.join(', ')}.`,
  ].join('\n')
}
