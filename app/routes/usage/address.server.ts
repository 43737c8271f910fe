import { redirect } from '@remix-run/node'
import { limits } from '../../config/limits.ts'
import { usagePath } from '../../paths.ts'
import {
  everything,
  filterParams,
  measures,
  readUsageQuery,
  type Filter,
  type Measure,
  type UsageQuery,
} from '../../usage/usage.server.ts'
import { formatCallId } from '../../values/call-id.ts'
import { addDays, firstIdAt, isDay } from '../../values/days.ts'
import { dayIn, endOf } from '../../values/zones/zone-days.ts'

const { daysUsual } = limits.usage
const dayWords = ['30', 'all'] as const
type DayWord = (typeof dayWords)[number]
export const stackWords = ['model', 'key'] as const
type StackWord = (typeof stackWords)[number]

type Here = { zone: string; now: Date }
const todayOf = ({ zone, now }: Here) => dayIn(zone, now.getTime())
const firstOfLast = (days: number, here: Here) => addDays(todayOf(here), 1 - days)

/** What an address of the page asks for. */
export type UsageAddress = UsageQuery & {
  /** The filter as the address has it; `filter` has the days too where it names none. */
  asked: Filter
  days: DayWord
  measure: Measure
  /** What the bars of the chart are made of. */
  by: StackWord
  /** What goes back into the form. */
  typed: Record<string, string>
}

type Problems = UsageQuery['problems']

/** Takes a word of a closed list out of an address, so that what is left is the filter. */
function takeWord<T extends string>(
  params: URLSearchParams,
  { name, words, usual }: { name: string; words: readonly T[]; usual: T },
  problems: Problems,
): T {
  const asked = params.get(name)
  params.delete(name)
  const word = words.find((it) => it === asked)
  if (asked && !word) problems.push({ field: name, message: `must be one of ${words.join(', ')}` })
  return word ?? usual
}

/**
 * Reads `days` (30 or all, where neither `from` nor `to` is given), and of the chart `measure` and
 * `by`, and leaves the rest to `readUsageQuery`. Days are those of `zone`.
 */
export function readUsageAddress(url: string, here: Here): UsageAddress {
  const params = new URL(url).searchParams
  const typed = Object.fromEntries([...params].map(([name, value]) => [name, value.slice(0, 200)]))
  const problems: Problems = []
  const days = takeWord(params, { name: 'days', words: dayWords, usual: '30' }, problems)
  const measure = takeWord(params, { name: 'measure', words: measures, usual: 'cost' }, problems)
  const by = takeWord(params, { name: 'by', words: stackWords, usual: 'model' }, problems)
  if (params.has('at')) problems.push({ field: 'at', message: 'must be a day such as 2027-01-31' })
  params.delete('at')
  const query = readUsageQuery(params)
  query.problems.push(...problems)
  const asked = { ...query.filter, zone: here.zone }
  const isOpen = asked.from === null && asked.to === null
  const from = isOpen && days === '30' ? firstOfLast(daysUsual, here) : asked.from
  return { ...query, filter: { ...asked, from }, asked, days, measure, by, typed }
}

/** Shows the calls of a day and older ones; a day that the filter has not shows all days. */
function jump(params: URLSearchParams, at: string, here: Here) {
  for (const name of ['at', 'page', 'before', 'after']) params.delete(name)
  const [from, to] = [params.get('from'), params.get('to')]
  const isUsual = !from && !to && params.get('days') !== 'all'
  const first = isUsual ? firstOfLast(daysUsual, here) : from
  if ((first && at < first) || (to && at > to)) {
    params.delete('from')
    params.delete('to')
    params.set('days', 'all')
  }
  if (at < todayOf(here)) {
    params.set('before', formatCallId(firstIdAt(endOf(at, here.zone))))
  }
}

/**
 * Forms send their empty fields too, and the day to jump to (`at`). Throws a redirect to the
 * address that people keep, which is without them.
 */
export function redirectToPlain(url: string, here: Here) {
  const { pathname, searchParams: given } = new URL(url)
  const params = new URLSearchParams([...given].filter(([, value]) => value !== ''))
  if (params.has('from') || params.has('to')) params.delete('days')
  const at = params.get('at')
  if (at !== null && isDay(at)) jump(params, at, here)
  const text = params.toString()
  if (text !== given.toString()) throw redirect(text ? `${pathname}?${text}` : pathname)
}

type Change = {
  filter?: Partial<Filter>
  days?: DayWord
  more?: Record<string, string | undefined>
}

/** The same address, but for a change. It leads to the newest calls unless `more` says where to. */
export function addressOf(address: UsageAddress, { filter = {}, days, more = {} }: Change): string {
  const narrowed = { ...address.asked, ...filter }
  const params = filterParams(narrowed)
  const isOpen = narrowed.from === null && narrowed.to === null
  if (isOpen && (days ?? address.days) === 'all') params.set('days', 'all')
  for (const [name, value] of Object.entries({ ...keptOf(address), ...more }))
    if (value) params.set(name, value)
  const text = params.toString()
  return text ? `${usagePath}?${text}` : usagePath
}

/** What an address says beside its filter, where that is not as usual: no filter changes it. */
export const keptOf = ({
  paging: { rows },
  measure,
  by,
}: UsageAddress): Record<string, string> => ({
  ...(rows === limits.usage.pageRowsUsual ? {} : { pageSize: String(rows) }),
  ...(measure === 'cost' ? {} : { measure }),
  ...(by === 'model' ? {} : { by }),
})

const pageSizes = [25, limits.usage.pageRowsUsual, 100]

/** Links to pages of other lengths. */
export function pageSizesOf(address: UsageAddress) {
  const { paging } = address
  return [...new Set([...pageSizes, paging.rows])]
    .sort((a, b) => a - b)
    .map((rows) => ({
      text: String(rows),
      to: addressOf({ ...address, paging: { ...paging, rows } }, {}),
      isCurrent: rows === paging.rows,
    }))
}

const spans = { today: 1, '7': 7, '30': daysUsual, '90': 90 } as const
export type Preset = keyof typeof spans | 'all'

/** Links to the same filter over the last days, and over all of them. */
export function presetsOf(address: UsageAddress, here: Here) {
  const { filter, problems } = address
  const isRead = problems.length === 0
  const link = (name: Preset, from: string | null) => ({
    name,
    to: addressOf(address, {
      filter: { from: name === '30' ? null : from, to: null },
      days: name === 'all' ? 'all' : '30',
    }),
    isCurrent: isRead && filter.from === from && filter.to === null,
  })
  const names = ['today', '7', '30', '90'] as const
  return [...names.map((name) => link(name, firstOfLast(spans[name], here))), link('all', null)]
}

/** What narrows the list, each with the address without it. Presets show their days themselves. */
export function chipsOf(address: UsageAddress, isPreset: boolean) {
  const { keyId, from, ...rest } = address.asked
  const { model, status, outcome, to } = rest
  const isRange = from !== null && to !== null
  const on = {
    days: isRange ? `${from} – ${to}` : null,
    from: isRange || isPreset ? null : from,
    to: isRange ? null : to,
    model,
    key: keyId,
    status,
    outcome,
  }
  return Object.entries(on).flatMap(([name, value]) => {
    if (value === null) return []
    const field = name as keyof typeof on
    const without =
      field === 'days' ? { from: null, to: null } : { [field === 'key' ? 'keyId' : field]: null }
    return [{ field, value: String(value), to: addressOf(address, { filter: without }) }]
  })
}

/** The address without a filter. */
export const clearOf = (address: UsageAddress) =>
  addressOf({ ...address, asked: { ...everything, zone: address.asked.zone } }, { days: '30' })
