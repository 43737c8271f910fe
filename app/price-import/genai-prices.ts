import type { When } from '../catalog/catalog.server.ts'
import { chargedAs, neverUsed, unitOf } from './genai-units.ts'
import { JsonObject, Numeral, type Json } from './json-text.ts'
import {
  objectOf,
  readOne,
  textOf,
  tokensOf,
  type DatedTerms,
  type Listed,
  type Read,
} from './listed.ts'
import { countOf, noPrice, Unreadable, wholeOf, type Scale } from './numerals.ts'
import { isCharged, termsOf, tiersOf, type Rate, type Rates, type Timed } from './tiers.ts'

/** A price, or one that depends on how much the input is. */
function rateOf(json: Json, name: string, scale: Scale): Rate {
  if (json instanceof Numeral) return { base: wholeOf(json, scale), above: [] }
  const { members } = objectOf(json, name)
  const [base, tiers] = [members.get('base'), members.get('tiers')]
  if (!(base instanceof Numeral) || !Array.isArray(tiers) || members.size !== 2)
    throw new Unreadable(`${name} is neither a price nor tiers`)
  const above = tiers.map((tier) => {
    const { members: own } = objectOf(tier, `a tier of ${name}`)
    const [start, price] = [own.get('start'), own.get('price')]
    const tokens = start instanceof Numeral ? countOf(start) : undefined
    if (tokens === undefined || !(price instanceof Numeral) || own.size !== 2)
      throw new Unreadable(`a tier of ${name} has no start or no price`)
    return { tokens, nanos: wholeOf(price, scale) }
  })
  if (new Set(above.map(({ tokens }) => tokens)).size !== above.length)
    throw new Unreadable(`two tiers of ${name} begin at one number of tokens`)
  return { base: wholeOf(base, scale), above }
}

/** Rates of one unit must agree: whole hours of sound, and those of them that came in. */
function put(rates: Rates, unit: Parameters<Rates['set']>[0], rate: Rate, name: string) {
  const known = rates.get(unit)
  if (known && JSON.stringify(known) !== JSON.stringify(rate))
    throw new Unreadable(`${name} is another price of what has one already`)
  rates.set(unit, rate)
}

function tiersIn(prices: JsonObject, notes: Set<string>) {
  const rates: Rates = new Map()
  const parts: [name: string, rate: Rate][] = []
  for (const [name, json] of prices.members) {
    const known = Object.hasOwn(unitOf, name) ? unitOf[name] : undefined
    if (known) put(rates, known.unit, rateOf(json, name, known.scale), name)
    else if (Object.hasOwn(chargedAs, name)) parts.push([name, rateOf(json, name, { zeros: 9 })])
    else if (neverUsed.has(name)) notes.add(`${name} is left out: no call can use it`)
    else throw new Unreadable(`nothing here is charged by ${name}`)
  }
  const tiers = tiersOf(rates)
  for (const [name, rate] of parts) {
    if (!isCharged(tiers, chargedAs[name] ?? 'input', rate))
      throw new Unreadable(`${name} has a price of its own, and is not counted here`)
  }
  return tiers
}

const clock = /^(\d\d):(\d\d):00(?:\.0+)?(?:Z|([+-])(\d\d):(\d\d))$/

/** A time of the day in UTC, to the minute. */
function timeOf(json: Json | undefined): string {
  const [, hour, minute, sign, hours = '0', minutes = '0'] = clock.exec(textOf(json) ?? '') ?? []
  if (hour === undefined || +hour > 23 || Number(minute) > 59 || +hours > 23 || +minutes > 59)
    throw new Unreadable(`a time of the day is not one of whole minutes`)
  const ahead = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  const utc = (Number(hour) * 60 + Number(minute) - ahead + 2_880) % 1_440
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(Math.floor(utc / 60))}:${two(utc % 60)}`
}

type Conditional = { since: Date | null; when: When | null; timed: Timed['tiers'] }

function dateOf(json: Json | undefined): Date {
  const text = textOf(json) ?? ''
  const date = new Date(`${text}T00:00:00Z`)
  if (/^\d{4}-\d\d-\d\d$/.test(text) && date.toJSON()?.startsWith(text)) return date
  throw new Unreadable('a start date is no date')
}

function conditionalOf(json: Json, notes: Set<string>): Conditional {
  const { members } = objectOf(json, 'a price with a condition')
  const timed = tiersIn(objectOf(members.get('prices'), 'prices'), notes)
  const constraint = members.get('constraint')
  if (constraint === undefined || constraint === null) return { since: null, when: null, timed }
  const { members: own } = objectOf(constraint, 'a condition')
  const names = [...own.keys()]
    .filter((name) => name !== 'type')
    .sort()
    .join(' ')
  if (names === 'start_date') return { since: dateOf(own.get('start_date')), when: null, timed }
  if (names !== 'end_time start_time')
    throw new Unreadable(`it has a price on a condition that is not known here (${names})`)
  const when = { from: timeOf(own.get('start_time')), to: timeOf(own.get('end_time')) }
  return { since: null, when, timed }
}

/**
 * What holds from a moment on. The last price whose condition is met is the price, so they are gone
 * through from the end; where none is met, it is the first.
 */
function timesAt(conditionals: Conditional[], at: number): Timed[] {
  const times: Timed[] = []
  for (const { since, when, timed } of conditionals.toReversed()) {
    if (since !== null && since.getTime() > at) continue
    // A window that ends as it begins holds never.
    if (when?.from === when?.to && when) continue
    const before = times.at(-1)
    const isSame = JSON.stringify(before?.tiers) === JSON.stringify(timed)
    if (when && before?.when && isSame) before.when.push(when)
    else times.push({ when: when ? [when] : null, tiers: timed })
    if (!when) return times
  }
  const [first] = conditionals
  if (!first) throw new Unreadable(noPrice)
  return [...times, { when: null, tiers: first.timed }]
}

function datedOf(json: Json | undefined, notes: Set<string>): DatedTerms[] {
  if (!Array.isArray(json)) {
    const tiers = tiersIn(objectOf(json, 'prices'), notes)
    return [{ effectiveFrom: null, terms: termsOf([{ when: null, tiers }]) }]
  }
  const conditionals = json.map((each) => conditionalOf(each, notes))
  const starts = conditionals.flatMap(({ since }) => (since ? [since.getTime()] : []))
  const moments = [...new Set(starts)].sort((a, b) => a - b)
  return [null, ...moments].map((at) => ({
    effectiveFrom: at === null ? null : new Date(at),
    terms: termsOf(timesAt(conditionals, at ?? -Infinity)),
  }))
}

/** Names that a rule for matching has one by one; what it says of beginnings and parts names nothing. */
function namesIn(match: Json | undefined): string[] {
  if (!(match instanceof JsonObject)) return []
  const equal = textOf(match.members.get('equals'))
  const any = match.members.get('or')
  return [
    ...(equal === undefined ? [] : [equal]),
    ...(Array.isArray(any) ? any.flatMap(namesIn) : []),
  ]
}

function modelOf(provider: string, model: string, json: Json): Listed {
  const { members } = objectOf(json, 'the model')
  const notes = new Set<string>()
  const prices = datedOf(members.get('prices'), notes)
  return {
    provider,
    model,
    aliases: [...new Set(namesIn(members.get('match')))].filter((name) => name !== model),
    contextTokens: tokensOf(members.get('context_window')),
    outputTokensMax: null,
    saysServices: false,
    prices,
    notes: [...notes],
  }
}

/** Whether a document is of genai-prices: a list of providers, each with a list of models. */
export const isGenaiPrices = (json: Json): json is Json[] =>
  Array.isArray(json) &&
  json.length > 0 &&
  json.every((it) => it instanceof JsonObject && Array.isArray(it.members.get('models')))

/** Reads genai-prices, as its package has it or as its repository publishes it. */
export function readGenaiPrices(json: Json[]): Read {
  const read: Read = { listed: [], unread: [] }
  for (const each of json) {
    if (!(each instanceof JsonObject)) continue
    const provider = textOf(each.members.get('id')) ?? ''
    const models = each.members.get('models')
    for (const model of Array.isArray(models) ? models : []) {
      const id = model instanceof JsonObject ? (textOf(model.members.get('id')) ?? '') : ''
      readOne(read, provider, id, () => modelOf(provider, id, model))
    }
  }
  return read
}
