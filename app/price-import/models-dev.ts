import type { Unit } from '../values/units.ts'
import { JsonObject, type Json } from './json-text.ts'
import { numeralOf, objectOf, readOne, textOf, tokensOf, type Listed, type Read } from './listed.ts'
import { countOf, noPrice, Unreadable, wholeOf, type Scale } from './numerals.ts'
import { ratesOf, type Step } from './steps.ts'
import { termsOf, tiersOf } from './tiers.ts'

/** Dollars for a million, in nano-dollars. */
const aMillion: Scale = { zeros: 9 }

/** What each price of models.dev is the price of. */
const unitOf: Record<string, Unit> = {
  input: 'input',
  output: 'output',
  reasoning: 'reasoning',
  cache_read: 'cachedInput',
  cache_write: 'cacheWrite',
  input_audio: 'inputAudio',
  output_audio: 'outputAudio',
}

/** The prices that stand in an object, for input of more than so many tokens. */
function stepsIn(prices: JsonObject, above: number, besides: readonly string[]): Step[] {
  const steps: Step[] = []
  for (const [name, json] of prices.members) {
    if (besides.includes(name) || json === null) continue
    const unit = Object.hasOwn(unitOf, name) ? unitOf[name] : undefined
    if (!unit) throw new Unreadable(`nothing here is charged by ${name.slice(0, 80)}`)
    steps.push({ unit, above, nanos: wholeOf(numeralOf(json, name), aMillion), name })
  }
  return steps
}

function tierIn(json: Json): Step[] {
  const tier = objectOf(json, 'a tier')
  const { members } = objectOf(tier.members.get('tier'), 'what a tier is for')
  const size = members.get('size')
  const tokens = size === undefined ? undefined : countOf(numeralOf(size, 'size'))
  if (textOf(members.get('type')) !== 'context' || !tokens)
    throw new Unreadable('it has a tier of a kind that is not known here')
  return stepsIn(tier, tokens, ['tier'])
}

/** The older word says of all beyond 200,000 tokens what the newer one says at its own length. */
function longSteps({ members }: JsonObject): Step[] {
  const [tiers, over] = [members.get('tiers'), members.get('context_over_200k')]
  if (Array.isArray(tiers) && tiers.length > 0) return tiers.flatMap(tierIn)
  if (tiers !== undefined && tiers !== null && !Array.isArray(tiers))
    throw new Unreadable('its tiers are no list')
  return over instanceof JsonObject ? stepsIn(over, 200_000, []) : []
}

function modelOf(provider: string, model: string, json: Json): Listed {
  const { members } = objectOf(json, 'the model')
  const cost = members.get('cost')
  if (cost === undefined || cost === null) throw new Unreadable(noPrice)
  const prices = objectOf(cost, 'cost')
  const steps = [...stepsIn(prices, 0, ['tiers', 'context_over_200k']), ...longSteps(prices)]
  const tiers = tiersOf(ratesOf(steps))
  const limit = members.get('limit')
  const limits = limit instanceof JsonObject ? limit.members : new Map<string, Json>()
  return {
    provider,
    model,
    aliases: [],
    contextTokens: tokensOf(limits.get('context')),
    outputTokensMax: tokensOf(limits.get('output')),
    saysServices: false,
    prices: [{ effectiveFrom: null, terms: termsOf([{ when: null, tiers }]) }],
    notes: [],
  }
}

/** Providers as genai-prices names them, so that one list has one name wherever it comes from. */
const providers: Record<string, string> = {
  'amazon-bedrock': 'aws',
  'fireworks-ai': 'fireworks',
  togetherai: 'together',
  xai: 'x-ai',
  'novita-ai': 'novita',
}

/** Whether a document is of models.dev: an object of providers, each with an object of models. */
export const isModelsDev = (json: Json): json is JsonObject =>
  json instanceof JsonObject &&
  [...json.members.values()].some(
    (it) => it instanceof JsonObject && it.members.get('models') instanceof JsonObject,
  )

/** Reads models.dev's api.json. */
export function readModelsDev(json: JsonObject): Read {
  const read: Read = { listed: [], unread: [] }
  for (const [id, each] of json.members) {
    const provider = Object.hasOwn(providers, id) ? (providers[id] ?? id) : id
    const models = each instanceof JsonObject ? each.members.get('models') : undefined
    if (!(models instanceof JsonObject)) {
      read.unread.push({ provider, model: '', why: 'it has no models' })
      continue
    }
    for (const [model, own] of models.members)
      readOne(read, provider, model, () => {
        const isTwice = json.twice.has(id) || models.twice.has(model)
        if (isTwice) throw new Unreadable('it stands in the list twice')
        return modelOf(provider, model, own)
      })
  }
  return read
}
