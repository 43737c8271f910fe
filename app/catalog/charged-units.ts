import type { Usage } from '../ledger/ledger.server.ts'
import type { Unit } from '../values/units.ts'
import type { Prices } from './terms.ts'

/** Where figures come from, and what is wrong with them, has no price. */
export type Used = Omit<Usage, 'source' | 'flag'>

/** Takes up to so much of what is left of a whole: parts that are more than their whole are it. */
function partsOf(whole: number) {
  let left = whole
  const take = (wanted = 0) => {
    const part = Math.max(0, Math.min(wanted, left))
    left -= part
    return part
  }
  return { take, rest: () => left }
}

/** A request has a price of its own with few, and then whatever comes to something is one. */
function requestsOf(used: Used): number {
  const { requests, ...others } = used.more ?? {}
  if (requests !== undefined) return requests
  const isSomething =
    used.inputTokens > 0 || used.outputTokens > 0 || Object.values(others).some((it) => it > 0)
  return isSomething ? 1 : 0
}

/**
 * The same of almost every call, which uses no units beside the four of all models, at prices that
 * know no others: made of nothing but numbers. Undefined where there is more to it.
 */
export function plainUnits(used: Used, prices: Prices) {
  if (used.more || prices.reasoning !== undefined || prices.requests !== undefined) return undefined
  const { inputTokens, cachedTokens, cacheWriteTokens } = used
  const cachedInput = Math.max(0, Math.min(cachedTokens, inputTokens))
  const cacheWrite = Math.max(0, Math.min(cacheWriteTokens, inputTokens - cachedInput))
  const input = inputTokens - cachedInput - cacheWrite
  return { input, cachedInput, cacheWrite, output: used.outputTokens }
}

/**
 * What is charged of a usage, each token as one unit: of the input what is cached, written, sound
 * and pictures, and of the output what is reasoning, sound and pictures, as far as there is that
 * much; what is left of both is plain. Of what is cached and written too, a part may be sound, or
 * stay for an hour. Reasoning that costs what other output costs is no unit beside it.
 */
export function chargedUnits(used: Used, prices: Prices): [unit: Unit, count: number][] {
  const plain = plainUnits(used, prices)
  if (plain) {
    const { input, cachedInput, cacheWrite, output } = plain
    return [
      ['input', input],
      ['cachedInput', cachedInput],
      ['cacheWrite', cacheWrite],
      ['output', output],
    ]
  }
  const { more = {} } = used
  const { inputAudio: sound = 0, cachedInputAudio: cachedSound = 0 } = more
  const input = partsOf(used.inputTokens)
  const cached = partsOf(input.take(used.cachedTokens))
  const written = partsOf(input.take(used.cacheWriteTokens))
  const cachedInputAudio = cached.take(Math.min(cachedSound, sound))
  const cacheWrite1h = written.take(more.cacheWrite1h)
  const inputAudio = input.take(sound - cachedInputAudio)
  const inputImage = input.take(more.inputImage)
  const output = partsOf(used.outputTokens)
  const reasoning = prices.reasoning === undefined ? 0 : output.take(used.reasoningTokens)
  const outputAudio = output.take(more.outputAudio)
  const outputImage = output.take(more.outputImage)
  return [
    ['input', input.rest()],
    ['cachedInput', cached.rest()],
    ['cacheWrite', written.rest()],
    ['cacheWrite1h', cacheWrite1h],
    ['inputAudio', inputAudio],
    ['cachedInputAudio', cachedInputAudio],
    ['inputImage', inputImage],
    ['output', output.rest()],
    ['reasoning', reasoning],
    ['outputAudio', outputAudio],
    ['outputImage', outputImage],
    ['searches', more.searches ?? 0],
    ['requests', prices.requests === undefined ? 0 : requestsOf(used)],
    ['seconds', more.seconds ?? 0],
    ['characters', more.characters ?? 0],
    ['images', more.images ?? 0],
  ]
}

/** What a unit without a price of its own costs; one that is no token costs nothing then. */
const instead: Record<Unit, readonly Unit[]> = {
  input: [],
  cachedInput: ['input'],
  cacheWrite: ['input'],
  cacheWrite1h: ['cacheWrite', 'input'],
  output: [],
  reasoning: ['output'],
  inputAudio: ['input'],
  cachedInputAudio: ['cachedInput', 'inputAudio', 'input'],
  outputAudio: ['output'],
  inputImage: ['input'],
  outputImage: ['output'],
  searches: [],
  requests: [],
  seconds: [],
  characters: [],
  images: [],
}

/** Nano-dollars per million of a unit. */
export function priceOf(prices: Prices, unit: Unit): number {
  const own = prices[unit]
  if (own !== undefined) return own
  for (const other of instead[unit]) {
    const price = prices[other]
    if (price !== undefined) return price
  }
  return 0
}

const fees: ReadonlySet<Unit> = new Set<Unit>(['searches', 'requests'])

/** Whether a unit is a fee: service tiers are prices of a model's work, and leave fees as they are. */
export const isFee = (unit: Unit) => fees.has(unit)

/** Not at all, for minutes, or for an hour: each is dearer than the one before. */
export type CacheWrites = 'never' | 'briefly' | 'hourly'

const inputUnits = [
  'input',
  'cachedInput',
  'cacheWrite',
  'cacheWrite1h',
  'inputAudio',
  'cachedInputAudio',
  'inputImage',
] as const satisfies Unit[]
const outputUnits = ['output', 'reasoning', 'outputAudio', 'outputImage'] as const satisfies Unit[]

const dearestOf = (prices: Prices, of: readonly Unit[]) =>
  of.reduce((most, unit) => Math.max(most, prices[unit] ?? 0), 0)

/** What a token of input, or of output, costs at the most: what has no price costs another's. */
const inputBut = (...without: Unit[]) => {
  const of = inputUnits.filter((unit) => !without.includes(unit))
  return (prices: Prices) => dearestOf(prices, of)
}
/** By for how long the call may have something kept in a cache. */
export const dearestInputOf: Record<CacheWrites, (prices: Prices) => number> = {
  never: inputBut('cacheWrite', 'cacheWrite1h'),
  briefly: inputBut('cacheWrite1h'),
  hourly: inputBut(),
}
export const dearestOutput = (prices: Prices) => dearestOf(prices, outputUnits)
