import { JsonObject, Numeral, type Json } from './json-text.ts'
import { keyOf, nameOf, type Key } from './litellm-keys.ts'
import { numeralOf, objectOf, readOne, textOf, tokensOf, type Listed, type Read } from './listed.ts'
import { Unreadable, wholeOf, type Scale } from './numerals.ts'
import { servicesOf } from './services.ts'
import { rateOf, ratesOf, type Step } from './steps.ts'
import { isCharged, termsOf, tiersOf } from './tiers.ts'

/** Dollars for one, in nano-dollars per million. */
const aPiece: Scale = { zeros: 15 }

type Found = {
  plain: Step[]
  services: Map<string, Step[]>
  /** Prices of what is counted as part of something else, by their names. */
  parts: Map<string, Step[]>
  notes: Set<string>
}

const isNothing = (json: Json) => json instanceof Numeral && /^0(?:\.0*)?(?:e.*)?$/i.test(json.text)

/** A price of nothing for what is not known here is no reason to leave a model out. */
function keyIn(name: string, json: Json): Key | undefined {
  try {
    return keyOf(name)
  } catch (error) {
    if (error instanceof Unreadable && isNothing(json)) return undefined
    throw error
  }
}

function put<Name>(into: Map<Name, Step[]>, name: Name, step: Step) {
  into.set(name, [...(into.get(name) ?? []), step])
}

function gather(members: JsonObject['members']): Found {
  const found: Found = { plain: [], services: new Map(), parts: new Map(), notes: new Set() }
  for (const [name, json] of members) {
    const key = json === null ? undefined : keyIn(name, json)
    if (key?.is === 'never') found.notes.add(`${name} is left out: no call can use it`)
    if (key?.is !== 'rate' && key?.is !== 'part') continue
    const { unit, above, service } = key
    const step = { unit, above, nanos: wholeOf(numeralOf(json, name), aPiece), name }
    if (key.is === 'part' && service === null) put(found.parts, key.name, step)
    if (key.is === 'rate' && service !== null) put(found.services, service, step)
    if (key.is === 'rate' && service === null) found.plain.push(step)
  }
  // A second of sound that came in and one that went out are one: lists say 0 for the other.
  const isSound = found.plain.some(({ unit, nanos }) => unit === 'seconds' && nanos > 0)
  found.plain = found.plain.filter(({ unit, nanos }) => !isSound || unit !== 'seconds' || nanos > 0)
  return found
}

/** Models that look things up unasked; of all others no call can have it (docs/decisions/0016). */
const searches = /search|sonar|deep-research/i

function addSearch({ plain, notes }: Found, json: Json | undefined, model: string) {
  if (json === undefined || json === null) return
  const name = 'search_context_cost_per_query'
  const { members } = objectOf(json, name)
  const prices = [...members].map(([size, each]) => wholeOf(numeralOf(each, size), aPiece))
  const [nanos] = prices
  if (nanos === undefined) return
  if (prices.every((price) => price === nanos)) {
    plain.push({ unit: 'searches', above: 0, nanos, name })
  } else if (searches.test(model)) {
    throw new Unreadable('a search has several prices, and nothing here says which a call had')
  } else notes.add('searches have several prices and are left out: no call can use them')
}

/** Both replace the prices beside them by rules of their own. */
const otherRules = ['off_peak_pricing', 'tiered_pricing']

function modelOf(provider: string, model: string, json: Json): Listed {
  const { members } = objectOf(json, 'the model')
  if (textOf(members.get('mode')) === 'video_generation') throw new Unreadable('it makes films')
  const rule = otherRules.find((name) => (members.get(name) ?? null) !== null)
  if (rule) throw new Unreadable(`${rule} is not read here; genai-prices may have the model`)
  const found = gather(members)
  addSearch(found, members.get('search_context_cost_per_query'), model)
  const tiers = tiersOf(ratesOf(found.plain))
  for (const [name, steps] of found.parts) {
    const unit = steps[0]?.unit ?? 'input'
    if (!isCharged(tiers, unit, rateOf(steps)))
      throw new Unreadable(`${name} has a price of its own, and is not counted here`)
  }
  const services = servicesOf(tiers, found.services, found.notes)
  return {
    provider,
    model,
    aliases: [],
    contextTokens: tokensOf(members.get('max_input_tokens')) ?? tokensOf(members.get('max_tokens')),
    outputTokensMax: tokensOf(members.get('max_output_tokens')),
    saysServices: true,
    prices: [{ effectiveFrom: null, terms: termsOf([{ when: null, tiers }], services) }],
    notes: [...found.notes],
  }
}

/** Whether a document is LiteLLM's map: an object of models, each with its provider. */
export const isLitellm = (json: Json): json is JsonObject =>
  json instanceof JsonObject &&
  [...json.members.values()].some(
    (it) => it instanceof JsonObject && it.members.has('litellm_provider'),
  )

/** Reads LiteLLM's model_prices_and_context_window.json. */
export function readLitellm(json: JsonObject): Read {
  const read: Read = { listed: [], unread: [] }
  for (const [key, entry] of json.members) {
    // An example, with words where figures are.
    if (key === 'sample_spec') continue
    const own = entry instanceof JsonObject ? textOf(entry.members.get('litellm_provider')) : ''
    const { provider, model } = nameOf(key, own ?? '')
    readOne(read, provider, model, () => {
      if (json.twice.has(key)) throw new Unreadable('it stands in the list twice')
      return modelOf(provider, model, entry)
    })
  }
  return read
}
