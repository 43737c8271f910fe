import { readTerms, type Terms } from '../catalog/catalog.server.ts'
import type { Row } from '../db/db.server.ts'
import { compare, isFree, type Difference, type Priced } from './compare.ts'
import type { Listed, Read, Unread } from './listed.ts'
import { noPrice } from './numerals.ts'

/** A row of a list as the database has it. */
type Known = Priced & { effectiveFrom: Date }
/** Null where one of its rows cannot be read: what follows from the others is not what holds. */
type Knowns = ReadonlyMap<string, readonly Known[] | null>

/** What would be written of one name of a model. */
export type Entry = {
  provider: string
  model: string
  rows: Known[]
  /** Since when the price it follows was in force; null where there is none. */
  since: Date | null
  differences: Difference[]
  /** Why it is not written unless somebody names it; empty where nothing is wrong. */
  held: string[]
}

export type Plan = {
  fresh: Entry[]
  changed: Entry[]
  held: Entry[]
  gone: { provider: string; model: string; since: Date }[]
  /** `since` is that of the price it keeps. */
  unread: (Unread & { since: Date | null })[]
  notes: Unread[]
  /** Names whose price is what it was. */
  same: number
}

/** What a command narrows the list to, and what it lets through of what is held back. */
export type Wanted = {
  providers: string[]
  models: string[]
  /** `PROVIDER/MODEL`, or everything. */
  accepted: readonly string[] | 'all'
}

/** A list's first price holds from the beginning of time: whatever comes is after it. */
const epoch = new Date('2000-01-01T00:00:00Z')
const second = 1_000

const unreadOf = (provider: string, model: string) => ({
  provider,
  model,
  why: 'a price that is kept of it cannot be read by this version',
  since: null,
})

export const scopeOf = (provider: string) => `list:${provider}`
const keyOf = (provider: string, model: string) => `${scopeOf(provider)} ${model}`

export function knownsOf(rows: Row<'price-import/list-rows'>[]): Knowns {
  const knowns = new Map<string, Known[] | null>()
  for (const { scope, model, terms: text, ...row } of rows) {
    const terms = readTerms(text)
    const key = `${scope} ${model}`
    const before = knowns.get(key)
    if (terms === null || before === null) knowns.set(key, null)
    else if (before) before.push({ ...row, terms })
    else knowns.set(key, [{ ...row, terms }])
  }
  return knowns
}

/** Each name by itself: its own goes before an alias, and an alias before one that comes later. */
function byName(listed: Listed[]): Map<string, { name: string; it: Listed }> {
  const names = new Map<string, { name: string; it: Listed }>()
  for (const it of listed) names.set(keyOf(it.provider, it.model), { name: it.model, it })
  for (const it of listed)
    for (const name of it.aliases) {
      const key = keyOf(it.provider, name)
      if (!names.has(key)) names.set(key, { name, it })
    }
  return names
}

const lastBefore = (rows: readonly Known[], at: number) =>
  rows.findLast(({ effectiveFrom }) => effectiveFrom.getTime() <= at)

/** What a list does not speak of stays as it was. */
function carried(it: Listed, terms: Terms, before: Known | undefined): Priced {
  const { basisPoints, serviceTiers } = before?.terms ?? terms
  return {
    terms: it.saysServices ? terms : { ...terms, basisPoints, serviceTiers },
    contextTokens: it.contextTokens ?? before?.contextTokens ?? null,
    outputTokensMax: it.outputTokensMax ?? before?.outputTokensMax ?? null,
  }
}

const isSame = (a: Priced, b: Priced) => {
  const { differences, held } = compare(a, b)
  return differences.length === 0 && held.length === 0
}

/** The list's price of a moment. */
const listedAt = ({ prices }: Listed, at: number): Terms =>
  // The first one holds from the beginning of time.
  prices.findLast(({ effectiveFrom }) => (effectiveFrom?.getTime() ?? -Infinity) <= at)!.terms

/**
 * The rows that make what is known say from now on what the list says. They are looked for at now
 * and at each later moment from which on either says something new. Rows are never changed: one
 * that turns out wrong before its time is followed by another a millisecond later.
 */
function rowsAfter(it: Listed, known: readonly Known[], now: Date): Known[] {
  const later = [
    ...it.prices.flatMap(({ effectiveFrom }) => effectiveFrom ?? []),
    ...known.map(({ effectiveFrom }) => effectiveFrom),
  ].map((date) => Math.floor(date.getTime() / second) * second)
  const moments = [now.getTime(), ...new Set(later.filter((at) => at > now.getTime()))]
  const rows: Known[] = []
  const all = [...known]
  for (const at of moments.sort((a, b) => a - b)) {
    const before = lastBefore(all, at === now.getTime() ? at : at + second - 1)
    const wanted = carried(it, listedAt(it, at), before)
    if (before && isSame(before, wanted)) continue
    const isTaken = before && before.effectiveFrom.getTime() >= at
    const effectiveFrom = new Date(isTaken ? before.effectiveFrom.getTime() + 1 : at)
    const row = { ...wanted, effectiveFrom }
    rows.push(row)
    all.splice(all.findLastIndex((each) => each.effectiveFrom < effectiveFrom) + 1, 0, row)
  }
  return rows
}

function entryOf(name: string, it: Listed, known: readonly Known[], now: Date): Entry {
  const { provider } = it
  if (known.length === 0) {
    const rows = it.prices.map(({ effectiveFrom, terms }) => ({
      ...carried(it, terms, undefined),
      effectiveFrom: effectiveFrom ?? epoch,
    }))
    const held = rows.some(({ terms }) => isFree(terms)) ? ['it costs nothing'] : []
    return { provider, model: name, rows, since: null, differences: [], held }
  }
  const rows = rowsAfter(it, known, now)
  const compared = rows.map((row) => {
    const before = lastBefore(known, row.effectiveFrom.getTime() - 1)
    return before ? compare(before, row) : { differences: [], held: [] }
  })
  return {
    provider,
    model: name,
    rows,
    since: lastBefore(known, now.getTime())?.effectiveFrom ?? null,
    differences: compared.flatMap(({ differences }) => differences),
    held: [...new Set(compared.flatMap(({ held }) => held))],
  }
}

const rankOf = ({ since, why }: Plan['unread'][number]) =>
  since !== null ? 0 : why === noPrice ? 2 : 1

/** What of a list there is to write, what not, and why. */
export function planOf(read: Read, knowns: Knowns, now: Date, wanted: Wanted): Plan {
  const { providers, models, accepted } = wanted
  const isWanted = (it: { provider: string; model: string }) =>
    (providers.length === 0 || providers.includes(it.provider)) &&
    (models.length === 0 || models.includes(it.model))
  const sinceOf = (provider: string, model: string) =>
    lastBefore(knowns.get(keyOf(provider, model)) ?? [], now.getTime())?.effectiveFrom ?? null
  const plan: Plan = { fresh: [], changed: [], held: [], gone: [], unread: [], notes: [], same: 0 }
  const names = byName(read.listed)
  for (const [key, { name, it }] of names) {
    if (!isWanted({ provider: it.provider, model: name })) continue
    const known = knowns.get(key)
    if (known === null) {
      plan.unread.push(unreadOf(it.provider, name))
      continue
    }
    const entry = entryOf(name, it, known ?? [], now)
    if (name === it.model)
      plan.notes.push(...it.notes.map((why) => ({ provider: it.provider, model: name, why })))
    const isAccepted = accepted === 'all' || accepted.includes(`${it.provider}/${name}`)
    if (entry.rows.length === 0) plan.same++
    else if (entry.held.length > 0 && !isAccepted) plan.held.push(entry)
    else if (entry.since === null) plan.fresh.push(entry)
    else plan.changed.push(entry)
  }
  for (const it of read.unread.filter(isWanted))
    plan.unread.push({ ...it, since: sinceOf(it.provider, it.model) })
  const unread = new Set(read.unread.map(({ provider, model }) => keyOf(provider, model)))
  const spoken = new Set([...read.listed, ...read.unread].map(({ provider }) => scopeOf(provider)))
  for (const [key, rows] of knowns) {
    const [scope = '', model = ''] = [
      key.slice(0, key.indexOf(' ')),
      key.slice(key.indexOf(' ') + 1),
    ]
    const provider = scope.slice('list:'.length)
    if (!spoken.has(scope) || names.has(key) || unread.has(key)) continue
    if (!isWanted({ provider, model })) continue
    const [first] = rows ?? []
    if (first) plan.gone.push({ provider, model, since: first.effectiveFrom })
    else plan.unread.push(unreadOf(provider, model))
  }
  // What is sold comes first, and last what has no price, of which lists have hundreds.
  plan.unread.sort((a, b) => rankOf(a) - rankOf(b))
  return plan
}

/** All that a plan would write. */
export const entriesOf = ({ fresh, changed }: Plan): Entry[] => [...fresh, ...changed]
