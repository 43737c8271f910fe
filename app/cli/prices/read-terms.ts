import { Terms } from '../../catalog/catalog.server.ts'
import { parseUsd } from '../../values/money.ts'
import { saidFor } from '../../values/units.ts'
import type { Arguments } from '../arguments.ts'
import { unitOf, unitWords } from './unit-words.ts'

const otherUsage =
  '[--cached USD] [--cache-write USD] [--unit UNIT]... [--tier TIER]... [--hours HOURS]... ' +
  '[--service-tier SERVICE]...'
export const priceUsage = `--input USD --output USD ${otherUsage}`
export const optionalPriceUsage = `[--input USD] [--output USD] ${otherUsage}`
export const priceOptions = [
  'input',
  'output',
  'cached',
  'cache-write',
  'unit',
  'tier',
  'hours',
  'service-tier',
]
/** What help says of the options that are more than an amount. */
export const priceDoes =
  'UNIT is NAME=USD, e.g. input-audio=40, searches=10 (a thousand) or images=0.04 (each); ' +
  'TIER is TOKENS:INPUT:OUTPUT[:CACHED[:WRITE]] or TOKENS:UNIT,UNIT; ' +
  'HOURS, by UTC, is WINDOWS/UNIT,UNIT[/TIER], e.g. mon-fri@01:00-04:00+22:00-24:00/input=2,output=8; ' +
  'SERVICE is NAME:TIMES, e.g. flex:0.5'

type Time = Terms['times'][number]
type Tier = Time['tiers'][number]
type Prices = Record<string, number>

type Part = 'tier' | 'hours' | 'unit'

const unitNames = Object.values(unitWords).join(', ')

/** `searches=10` as a unit and nano-dollars for a million of it; or a complaint is noted. */
function readUnit(args: Arguments, option: Part, text: string): [string, number][] {
  const [, word = '', usd = ''] = /^([a-z0-9-]+)=(.+)$/.exec(text) ?? []
  const unit = unitOf(word)
  const nanos = parseUsd(usd)
  if (unit && nanos !== undefined && nanos >= 0)
    return [[unit, nanos * (1_000_000 / saidFor[unit])]]
  const complaint = word && !unit ? `there is no unit "${word}"; there are ${unitNames}` : undefined
  args.problems.push(
    `${option}: ${complaint ?? `"${text}" must be NAME=USD, with at most nine decimals`}`,
  )
  return []
}

/** `input=1,output=2,…`: each unit once. */
function readUnits(args: Arguments, option: Part, texts: string[]): Prices {
  const found = texts.flatMap((text) => readUnit(args, option, text))
  const prices = Object.fromEntries(found)
  if (Object.keys(prices).length < found.length)
    args.problems.push(`${option}: a unit is priced twice`)
  return prices
}

/** Whatever else is wrong with a price, `Terms` says. */
const tierOf = (upToInputTokens: number | null, prices: Prices) => ({
  upToInputTokens,
  prices: prices as Tier['prices'],
})

const tierForm =
  'tier must be TOKENS:INPUT:OUTPUT[:CACHED[:WRITE]], e.g. 200000:1.25:10, ' +
  'or TOKENS:UNIT,UNIT, e.g. 200000:input=1.25,output=10'
const classes = ['input', 'output', 'cachedInput', 'cacheWrite']

function readTier(args: Arguments, option: Part, text: string): Tier[] {
  const [bound = '', ...given] = text.split(':')
  if (!/^[1-9]\d{0,8}$/.test(bound) || given.length === 0) {
    args.problems.push(tierForm)
    return []
  }
  const [units = ''] = given
  if (given.length === 1 && units.includes('='))
    return [tierOf(Number(bound), readUnits(args, option, units.split(',')))]
  const amounts = given.map(parseUsd)
  if (given.length < 2 || given.length > 4 || amounts.some((amount) => amount === undefined)) {
    args.problems.push(tierForm)
    return []
  }
  const prices = amounts.map((amount, at) => [classes[at], amount] as [string, number])
  return [tierOf(Number(bound), Object.fromEntries(prices))]
}

const rising = (tiers: Tier[]) =>
  [...tiers].sort((a, b) => (a.upToInputTokens ?? Infinity) - (b.upToInputTokens ?? Infinity))

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const dayOf = (name: string) => dayNames.indexOf(name) + 1

/** `mon-fri,sun` as numbers of days; undefined where it is none. */
function readDays(text: string): number[] | undefined {
  const days: number[] = []
  for (const run of text.split(',')) {
    const [first = '', last = first, ...more] = run.split('-')
    const [from, to] = [dayOf(first), dayOf(last)]
    if (!from || !to || from > to || more.length > 0) return undefined
    for (let day = from; day <= to; day += 1) days.push(day)
  }
  return days
}

/** `mon-fri@08:00-18:00`; whether these are times of a day, `Terms` says. */
function readWindow(text: string) {
  const [, names, from, to] = /^(?:(.+)@)?([0-9:]+)-([0-9:]+)$/.exec(text) ?? []
  if (from === undefined || to === undefined) return undefined
  if (names === undefined) return { from, to }
  const days = readDays(names)
  return days && { days, from, to }
}

const hoursForm =
  'hours must be WINDOWS/UNIT,UNIT[/TIER], e.g. mon-fri@01:00-04:00+22:00-24:00/input=2,output=8'

function readHours(args: Arguments, text: string): Time[] {
  const [windows = '', units, ...bounded] = text.split('/')
  const when = windows.split('+').map(readWindow)
  if (!units || when.some((window) => !window)) {
    args.problems.push(hoursForm)
    return []
  }
  const last = tierOf(null, readUnits(args, 'hours', units.split(',')))
  const tiers = bounded.flatMap((tier) => readTier(args, 'hours', tier))
  return [{ when: when as NonNullable<Time['when']>, tiers: [...rising(tiers), last] }]
}

/** What everything else is a multiple of, by the words that ask for it. */
const plainWords = ['auto', 'default', 'standard']

/** A service tier and its price in basis points of the plain one. */
function readServiceTier(args: Arguments, text: string): [name: string, points: number][] {
  const [, name = '', whole = '', parts = ''] =
    /^([A-Za-z][\w.-]{0,19}):(\d{1,2})(?:\.(\d{1,4}))?$/.exec(text) ?? []
  const points = Number(whole + parts.padEnd(4, '0'))
  if (name && points > 0 && !plainWords.includes(name)) return [[name, points]]
  args.problems.push('service-tier must be NAME:TIMES, e.g. flex:0.5 or priority:2.5')
  return []
}

/** Where in the terms a mistake is, in the words of the command line. */
function complaintOf(path: PropertyKey[], message: string, hours: number): string {
  const [, time, , , , unit] = path
  const where = typeof time === 'number' && time < hours ? `hours ${time + 1}: ` : ''
  const what = typeof unit === 'string' && unit in unitWords ? `${unit} ` : ''
  return `the price is not right: ${where}${what}${message}`
}

/**
 * The price that the options name, as a function of the price before it: what is charged for
 * service tiers that are not named stays as it was. Each `--tier` is for calls up to its bound, the
 * plain options for all above; each `--hours` goes before all of them, the first before the next.
 */
export function readTerms(args: Arguments): (before: Terms | undefined) => Terms {
  const plain = {
    input: args.usd('input', 0),
    output: args.usd('output', 0),
    cachedInput: args.usd('cached', null),
    cacheWrite: args.usd('cache-write', null),
  }
  const named = Object.entries(plain).filter(([, price]) => price !== null) as [string, number][]
  const more = readUnits(args, 'unit', args.all('unit'))
  for (const unit of Object.keys(more))
    if (named.some(([name]) => name === unit)) args.problems.push(`unit: ${unit} is priced twice`)
  const last = tierOf(null, { ...Object.fromEntries(named), ...more })
  const bounded = args.all('tier').flatMap((text) => readTier(args, 'tier', text))
  const hours = args.all('hours').flatMap((text) => readHours(args, text))
  const times = [...hours, { when: null, tiers: [...rising(bounded), last] }]
  const services = args.all('service-tier').flatMap((text) => readServiceTier(args, text))
  const parsed = Terms.safeParse({ times, basisPoints: {}, serviceTiers: [] })
  for (const { path, message } of parsed.error?.issues ?? [])
    args.problems.push(complaintOf(path, message, hours.length))
  return (before) => ({
    times,
    basisPoints: { ...before?.basisPoints, ...Object.fromEntries(services) },
    serviceTiers: [
      ...new Set([...(before?.serviceTiers ?? []), ...services.map(([name]) => name)]),
    ],
  })
}
