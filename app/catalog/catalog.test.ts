import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { present } from '../../test/present.ts'
import { run, type Pool } from '../db/db.server.ts'
import { testBooks, type TestBooks } from '../../test/books.ts'
import { priced, readModels } from './catalog.ts'
import { insertModel } from './change.ts'
import anthropic from './anthropic-prices.json' with { type: 'json' }
import published from './openai-prices.json' with { type: 'json' }
import { costOf } from './pricing.ts'
import { termsAt } from './terms.ts'
import { seedCatalog } from './seed.ts'
import { noUsage } from '../ledger/ledger.server.ts'

const open = async () => {
  const books = await testBooks()
  return { books, pool: books.pool }
}
const modelOf = async (pool: Pool, wanted: string) =>
  present((await readModels(pool, environment)).find(({ name }) => name === wanted))
const environment = [
  { name: 'demo', definition: { kind: 'openai', prices: null } },
  { name: 'demo-anthropic', definition: { kind: 'anthropic', prices: null } },
] as const
const listed = [...published.models, ...anthropic.models]
const asOf = new Date(`${published.as_of}T00:00:00Z`)

describe('the seeded catalogue', () => {
  let books: TestBooks
  let pool: Pool
  before(async () => {
    ;({ books, pool } = await open())
    await seedCatalog(pool)
  })
  after(() => books.close())

  test('has every published model at its published price', async () => {
    const models = new Map(
      (await readModels(pool, environment)).map((model) => [model.name, model]),
    )
    assert.equal(models.size, listed.length)
    for (const line of listed) {
      const model = present(priced(models.get(line.model), new Date()))
      assert.equal(model.outputTokensMax, line.max_output_tokens)
      assert.equal(present(model.terms.tiers[0]).prices.input, line.input)
      assert.equal(present(model.terms.tiers[0]).prices.output, line.output)
      assert.equal(present(model.terms.tiers[0]).prices.cachedInput ?? null, line.cached_input)
      assert.equal(model.terms.tiers.length, line.tiers?.length ?? 1)
    }
  })

  test('seeded again, by two replicas at once, stays as it is', async () => {
    const before = await readModels(pool, environment)
    await Promise.all([seedCatalog(pool), seedCatalog(pool)])
    assert.deepEqual(await readModels(pool, environment), before)
  })

  test('has a dated price in force from its date on, and never before', async () => {
    const terms = JSON.stringify({
      tiers: [{ upToInputTokens: null, input: 7, cachedInput: null, cacheWrite: null, output: 9 }],
      basisPoints: {},
      serviceTiers: [],
    })
    const effectiveFrom = new Date('2030-01-01T00:00:00Z')
    await run(pool, 'catalog/insert-price', {
      model: 'gpt-4o',
      effectiveFrom,
      terms,
      actor: 'test',
    })
    const model = await modelOf(pool, 'gpt-4o')
    const inputAt = (at: string) =>
      present(present(priced(model, new Date(at))).terms.tiers[0]).prices.input
    assert.equal(inputAt('2029-12-31T23:59:59.999Z'), 2_500_000_000)
    assert.equal(inputAt('2030-01-01T00:00:00.000Z'), 7)
  })
})

/** Prices as installations have them that were seeded before. */
const before2026 = new Date('2000-01-01T00:00:00Z')
const oldTerms = (input: number, output: number, multipliers: object = {}) =>
  JSON.stringify({
    tiers: [{ upToInputTokens: null, input, cachedInput: null, cacheWrite: null, output }],
    multipliers,
    serviceTiers: Object.keys(multipliers),
  })

describe('a catalogue that was seeded with an older list', () => {
  let books: TestBooks
  let pool: Pool
  const price = (model: string, effectiveFrom: Date, terms: string, actor: string) =>
    run(pool, 'catalog/insert-price', { model, effectiveFrom, terms, actor })
  const seed = 'list price 2026-11-22'
  const own = 'cli:operator'
  before(async () => {
    ;({ books, pool } = await open())
    for (const { model } of published.models)
      await insertModel(pool, {
        name: model,
        kind: 'chat',
        contextTokens: 1_000_000,
        outputTokensMax: 7,
        reasoning: 0,
        vision: 0,
        ownedBy: 'openai',
        retiresOn: null,
      })
    await price('gpt-5.5', before2026, oldTerms(5e9, 30e9), seed)
    await price('gpt-5.4', before2026, oldTerms(2.5e9, 15e9, { priority: 2 }), seed)
    await price('gpt-5.4', new Date('2026-11-01T00:00:00Z'), oldTerms(9e9, 9e9), own)
    await price('gpt-5.5-pro', before2026, oldTerms(30e9, 180e9), seed)
    await price('gpt-5.5-pro', new Date('2031-01-01T00:00:00Z'), oldTerms(1, 1), own)
    await price('gpt-4', before2026, oldTerms(30e9, 60e9), seed)
    // Set by the operator on the very day, after the list was made.
    await price('gpt-5.4-pro', before2026, oldTerms(30e9, 180e9), seed)
    await price('gpt-5.4-pro', new Date(asOf.getTime() + 3_600_000), oldTerms(3, 3), own)
    await Promise.all([seedCatalog(pool), seedCatalog(pool)])
    await seedCatalog(pool)
  })
  after(() => books.close())

  test('gets the new price with its date, and keeps the old one for its receipts', async () => {
    const { prices } = await modelOf(pool, 'gpt-5.5')
    assert.deepEqual(
      prices.map(({ effectiveFrom }) => effectiveFrom),
      [asOf, before2026],
    )
    const usage = { ...noUsage, inputTokens: 500_000, outputTokens: 1_000 }
    const costs = prices.map(({ terms }) => costOf(termsAt(present(terms), asOf), usage, null))
    assert.deepEqual(costs, [5_045_000_000, 2_530_000_000])
  })

  test('keeps what its operator has set, before or after the date of the list', async () => {
    const now = new Date(asOf.getTime() + 86_400_000)
    const inputOf = async (name: string, at: Date) =>
      present(present(priced(await modelOf(pool, name), at)).terms.tiers[0]).prices.input
    assert.equal((await modelOf(pool, 'gpt-5.4')).prices.length, 2)
    assert.equal(await inputOf('gpt-5.4', now), 9e9)
    assert.equal(await inputOf('gpt-5.4-pro', now), 3)
    assert.equal(await inputOf('gpt-5.5-pro', now), 30e9)
    assert.equal(await inputOf('gpt-5.5-pro', new Date('2031-01-01T00:00:00Z')), 1)
    assert.equal((await modelOf(pool, 'gpt-5.5-pro')).prices.length, 3)
  })

  test('gets no second row of a price that has not changed, whatever form it is written in', async () => {
    assert.equal((await modelOf(pool, 'gpt-4')).prices.length, 1)
  })

  test('keeps its models as they are, but for a context that was seeded wrong', async () => {
    const { contextTokens, outputTokensMax } = await modelOf(pool, 'gpt-4.1')
    assert.deepEqual([contextTokens, outputTokensMax], [1_047_576, 7])
    assert.equal((await modelOf(pool, 'gpt-4o')).contextTokens, 1_000_000)
  })
})
