import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { present } from '../../test/present.ts'
import { noUsage } from '../ledger/ledger.server.ts'
import anthropic from './anthropic-prices.json' with { type: 'json' }
import openai from './openai-prices.json' with { type: 'json' }
import { askFor, costOf } from './pricing.ts'
import { termsAt, type TermsNow } from './terms.ts'
import { PublishedModel, termsOf } from './seed.ts'

/** What the list of `@pydantic/genai-prices` says of a model: dollars per million tokens. */
type Dollars = number | { base: number; tiers: { start: number; price: number }[] }
type ListedPrice = Record<string, Dollars | undefined>
type Dated = { constraint?: { start_date?: string }; prices: ListedPrice }
type Listed = { id: string; context_window?: number; prices: ListedPrice | Dated[] }
type Provider = { models: Listed[] }

const { findProvider } = createRequire(import.meta.url)('@pydantic/genai-prices') as {
  findProvider(by: { providerId: string }): Provider
}
const listsOf = (
  providerId: string,
  { as_of: day, models }: { as_of: string; models: object[] },
) => {
  const listed = new Map(findProvider({ providerId }).models.map((model) => [model.id, model]))
  return models.map((line) => {
    const model = PublishedModel.parse(line)
    return { day, model, listed: listed.get(model.model) }
  })
}
const published = [...listsOf('openai', openai), ...listsOf('anthropic', anthropic)]

/** The price in force on a day, of a list that may have several. */
function priceOn(day: string, { prices }: Listed): ListedPrice {
  if (!Array.isArray(prices)) return prices
  const begun = prices.filter(({ constraint }) => (constraint?.start_date ?? '') <= day)
  return present(begun.at(-1)).prices
}

/** Dollars for a million tokens of a call with so much input, as that list means its tiers. */
function dollarsAt(price: Dollars | undefined, inputTokens: number): number | null {
  if (price === undefined) return null
  if (typeof price === 'number') return price
  return price.tiers.filter(({ start }) => inputTokens > start).at(-1)?.price ?? price.base
}

const seeded = new Map(published.map(({ model }) => [model.model, termsOf(model)]))
/** No published price depends on the hour. */
const termsFor = (model: string): TermsNow => termsAt(present(seeded.get(model)), new Date(0))
const modelNamed = (name: string) =>
  present(published.find(({ model }) => model.model === name)).model

/** The inputs at which the two lists may differ: beside every step of either. */
const inputs = [1, 200_000, 200_001, 271_999, 272_000, 272_001, 1_000_000]
const classes = [
  ['input', 'input_mtok'],
  ['cachedInput', 'cache_read_mtok'],
  ['cacheWrite', 'cache_write_mtok'],
  ['cacheWrite1h', 'cache_write_1h_mtok'],
  ['output', 'output_mtok'],
  ['searches', 'web_searches_kcount'],
] as const

function differencesOf({ day, model, listed: theirs }: (typeof published)[number]): string[] {
  if (!theirs) return ['not listed']
  const { model: name } = model
  const price = priceOn(day, theirs)
  const found = new Set<string>()
  if (theirs.context_window !== model.context_tokens)
    found.add(`context of ${theirs.context_window}`)
  for (const inputTokens of inputs) {
    const tier = present(
      termsFor(name).tiers.find(({ upToInputTokens: to }) => to === null || inputTokens <= to),
    )
    for (const [ours, other] of classes) {
      // Input that is neither read from a cache nor written to one has no class of its own.
      const dollars = dollarsAt(price[other], inputTokens)
      // They are said for a thousand.
      const nanosPerDollar = ours === 'searches' ? 1e12 : 1e9
      const nanos = dollars === null ? null : Math.round(dollars * nanosPerDollar)
      const mine = tier.prices[ours]
      if ((mine ?? null) === nanos) continue
      if (ours === 'output' && nanos === null && mine === 0) continue
      found.add(`${ours} at ${inputTokens}: ${nanos}`)
    }
  }
  for (const other of Object.keys(price))
    if (!classes.some(([, known]) => known === other)) found.add(other)
  return [...found]
}

/**
 * The list counts the long context from 272,000 tokens on; OpenAI's pages of the models say "more
 * than 272K", and of the newest two the list says so too.
 */
const fromThere = (input: number, cached: number | null, output: number, write?: number) => [
  `input at 272000: ${input}`,
  ...(cached === null ? [] : [`cachedInput at 272000: ${cached}`]),
  ...(write === undefined ? [] : [`cacheWrite at 272000: ${write}`]),
  `output at 272000: ${output}`,
]
/** The fee of a tool that no call here can ask for: it is refused. */
const searches = ['storage_searches_kcount']
/** The list rounds what OpenAI's pages say of the context; the larger bounds more. */
const rounded = ['context of 1000000']

/** Every difference there is, by model; each has its reason above, or beside it. */
const differences: Record<string, string[]> = {
  // OpenAI's page of the model says 4,096: all that it reads and writes.
  'gpt-3.5-turbo-instruct': ['context of 16385'],
  // It is free, and the list knows it as `moderation`.
  'omni-moderation-latest': ['not listed'],
  'gpt-4o-mini': searches,
  'gpt-4o': searches,
  'gpt-4o-2024-05-13': searches,
  'gpt-4.1': [...rounded, ...searches],
  'gpt-4.1-mini': [...rounded, ...searches],
  'gpt-4.1-nano': rounded,
  o3: searches,
  'o4-mini': searches,
  'gpt-5': searches,
  'gpt-5-mini': searches,
  'gpt-5-nano': searches,
  'gpt-5.1': searches,
  'gpt-5-pro': searches,
  'gpt-5.2': searches,
  'gpt-5.2-pro': searches,
  'gpt-5.4': [...fromThere(5e9, 5e8, 22.5e9), ...searches],
  'gpt-5.4-pro': [...fromThere(60e9, null, 270e9), ...searches],
  'gpt-5.4-mini': searches,
  'gpt-5.4-nano': searches,
  'gpt-5.5': [...rounded, ...fromThere(10e9, 1e9, 45e9), ...searches],
  'gpt-5.5-pro': [...rounded, ...fromThere(60e9, null, 270e9), ...searches],
  'gpt-5.6-sol': [...fromThere(8e9, 8e8, 30e9, 10e9), ...searches],
  'gpt-5.6-terra': [...fromThere(4e9, 4e8, 18e9, 5e9), ...searches],
  'gpt-5.6-luna': [...fromThere(4e8, 4e7, 1.8e9, 5e8), ...searches],
  'gpt-6-astra': [...fromThere(20e9, 2e9, 75e9, 25e9), ...searches],
  'gpt-6-sol': searches,
  'gpt-6-luna': searches,
}

describe('the published prices', () => {
  for (const line of published) {
    const { model: name } = line.model
    test(`of ${name} are those of the public list, but for what is named here`, () =>
      assert.deepEqual(differencesOf(line), differences[name] ?? []))
  }

  test('have a difference named for models that are there alone', () => {
    assert.deepEqual(
      Object.keys(differences).filter((name) => !seeded.has(name)),
      [],
    )
  })

  test('have each service tier that costs more, and flex at half of the plain price', () => {
    for (const { model } of published) {
      const { service_tiers: tiers = [] } = model
      const { basisPoints } = termsFor(model.model)
      assert.deepEqual(Object.keys(basisPoints).sort(), [...tiers].sort())
      if (tiers.includes('flex')) assert.equal(basisPoints.flex, 5_000)
    }
    assert.equal(termsFor('gpt-5.5').basisPoints.priority, 25_000)
  })
})

describe('a long context', () => {
  const long = ['gpt-5.4', 'gpt-5.4-pro', 'gpt-5.5', 'gpt-5.5-pro']

  test('of half a million tokens on gpt-5.5 costs $5.045', () => {
    const usage = { ...noUsage, inputTokens: 500_000, outputTokens: 1_000 }
    assert.equal(costOf(termsFor('gpt-5.5'), usage, null), 5_045_000_000)
  })

  for (const name of long) {
    test(`begins at 272,001 tokens on ${name}: twice the input, half again the output`, () => {
      const model = modelNamed(name)
      const [first] = termsFor(name).tiers
      const plain: TermsNow = {
        ...termsFor(name),
        tiers: [{ ...present(first), upToInputTokens: null }],
      }
      const at = (
        terms: TermsNow,
        inputTokens: number,
        cachedTokens: number,
        outputTokens: number,
      ) => costOf(terms, { ...noUsage, inputTokens, cachedTokens, outputTokens }, null)
      for (const cached of [0, 200_000]) {
        const last = at(termsFor(name), 272_000, cached, 1_000)
        assert.equal(last, at(plain, 272_000, cached, 1_000))
        const output = at(plain, 0, 0, 1_000)
        const above = at(termsFor(name), 272_001, cached, 1_000)
        assert.equal(above, 2 * at(plain, 272_001, cached, 0) + 1.5 * output)
      }
      assert.equal(present(first).prices.input, model.input)
    })
  }

  test('is held for as soon as the input can reach it', () => {
    const ask = (inputTokens: number) => {
      const bound = { inputTokens, outputTokensWanted: null, outputTokensMax: 1, choices: 1 }
      return askFor([{ terms: termsFor('gpt-5.5'), priceFactor: 10_000 }], bound, null)
    }
    assert.equal(ask(272_000).inputScaled, 272_000n * 5_000_000_000n)
    assert.equal(ask(272_000).outputScaledPerToken, 30_000_000_000n)
    assert.equal(ask(272_001).inputScaled, 272_001n * 10_000_000_000n)
    assert.equal(ask(272_001).outputScaledPerToken, 45_000_000_000n)
  })
})
