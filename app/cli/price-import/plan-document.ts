import { limits } from '../../config/limits.ts'
import type { Entry, Plan } from '../../price-import/price-import.server.ts'
import { timeText } from '../verb-result.ts'
import { percentOf, type Difference } from './difference.ts'

const differenceDocument = (it: Difference) => ({
  what: it.what,
  unit: it.of === 'nanos' ? 'nano-dollars per million' : it.of,
  old: it.was,
  new: it.is,
  percent: percentOf(it),
})

const entryDocument = (entry: Entry) => ({
  provider: entry.provider,
  model: entry.model,
  since: timeText(entry.since),
  differences: entry.differences.map(differenceDocument),
  held_back_because: entry.held,
  rows: entry.rows.map(({ effectiveFrom, terms, contextTokens, outputTokensMax }) => ({
    effective_from: timeText(effectiveFrom),
    terms,
    context_tokens: contextTokens,
    max_output_tokens: outputTokensMax,
  })),
})

/** The plan as programs read it: all counts, and of each part as many as one can look through. */
export function planDocument({ fresh, changed, held, gone, unread, notes, same }: Plan) {
  const parts = { new: fresh, changed, held_back: held, gone, unreadable: unread, left_out: notes }
  const counts = Object.entries(parts).map(([name, part]) => [name, part.length])
  const few = <T>(part: T[]) => part.slice(0, limits.priceLists.listedMax)
  const dated = <T extends { since: Date | null }>(part: T[]) =>
    few(part).map((it) => ({ ...it, since: timeText(it.since) }))
  return {
    counts: { ...Object.fromEntries(counts), as_they_were: same } as Record<string, number>,
    new: few(fresh).map(entryDocument),
    changed: few(changed).map(entryDocument),
    held_back: few(held).map(entryDocument),
    gone: dated(gone),
    unreadable: dated(unread),
    left_out: few(notes),
  }
}
