import type { Entry, Plan } from '../../price-import/price-import.server.ts'
import { limits } from '../../config/limits.ts'
import { formatUsdShort } from '../../values/money.ts'
import { saidFor, units, type Unit } from '../../values/units.ts'
import { unitPriceText } from '../prices/price-document.ts'
import { timeText } from '../verb-result.ts'

type Difference = Entry['differences'][number]

const nameOf = ({ provider, model }: { provider: string; model: string }) => `${provider}/${model}`
const dayOf = (date: Date) => date.toISOString().slice(0, 10)

/** How much more or less, in percent; a price that was nothing has no percentage. */
function percentOf({ was, is }: Difference): string | null {
  if (was === 0) return null
  const tenths = ((BigInt(is) - BigInt(was)) * 2_000n) / BigInt(was)
  // Rounded half away from zero: a change is not shown as none for being small.
  const rounded = (tenths + (tenths < 0n ? -1n : 1n)) / 2n
  const size = rounded < 0n ? -rounded : rounded
  return `${rounded < 0n ? '-' : '+'}${size / 10n}.${size % 10n} %`
}

/** An amount for as many as `price add` takes it for. */
function usdText(unit: Unit | undefined, nanos: number): string {
  const isOfMillion = unit === undefined || saidFor[unit] === 1_000_000
  return isOfMillion ? formatUsdShort(nanos) : unitPriceText(unit, nanos)
}

/** What differs is named by its unit, with the tier and the time after it. */
const unitOf = (what: string) => units.find((unit) => what.match(/^[A-Za-z0-9]+/)?.[0] === unit)

const figure = ({ of, what }: Difference, value: number) =>
  of === 'nanos' ? usdText(unitOf(what), value) : String(value)

function differenceText(it: Difference): string {
  const percent = percentOf(it)
  return `${it.what} ${figure(it, it.was)} -> ${figure(it, it.is)}${percent ? ` (${percent})` : ''}`
}

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

const entryText = (entry: Entry) => {
  const what = entry.since ? entry.differences.map(differenceText).join('; ') : priceText(entry)
  const since = entry.since ? ` [since ${dayOf(entry.since)}]` : ''
  return `  ${nameOf(entry)}  ${what}${since}`
}

/** A part of the plan under its head; of a long one the first lines, and how many more there are. */
function section(head: string, lines: string[]): string[] {
  if (lines.length === 0) return []
  const shown = lines.slice(0, limits.priceLists.shownMax)
  const more = lines.length - shown.length
  const rest = more > 0 ? [`  … and ${more} more; --provider and --model show fewer at a time`] : []
  return ['', `${head} (${lines.length})`, ...shown, ...rest]
}

const keeps = (since: Date | null) => (since ? `; its price of ${dayOf(since)} stands` : '')

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
