import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { z } from 'zod'
import { present } from '../../test/present.ts'
import { testBooks, type TestBooks } from '../../test/books.ts'
import { createCatalog, readModels } from './catalog.ts'
import { insertAlias } from './aliases.ts'
import { insertModel, insertPrice, setSaleFactor } from './change.ts'
import { seedCatalog } from './seed.ts'
import type { EnvironmentUpstream } from './served.ts'
import { Terms, termsAt } from './terms.ts'

let books: TestBooks
beforeEach(async () => (books = await testBooks()))
afterEach(() => books.close())

const openai: EnvironmentUpstream = {
  name: 'openai',
  definition: { kind: 'openai', prices: null },
}
const anthropic: EnvironmentUpstream = {
  name: 'anthropic',
  definition: { kind: 'anthropic', prices: 'anthropic' },
}
const claude = 'claude-sonnet-5'
const now = new Date('2026-12-01T12:00:00Z')

/** Who serves a model, as the environment is. */
async function servedBy(name: string, ...environment: EnvironmentUpstream[]) {
  const catalog = await createCatalog(books.pool, environment)
  return catalog.find(name, now)?.offers.map(({ upstream }) => upstream)
}
const flat = (nanos: number) =>
  Terms.parse({
    tiers: [{ upToInputTokens: null, input: nanos, output: nanos }],
    basisPoints: {},
    serviceTiers: [],
  })

/** As an operator adds it, before there was a published one of its name. */
const addByHand = (name: string, ownedBy: string) =>
  insertModel(books.pool, {
    name,
    kind: 'chat',
    contextTokens: 200_000,
    outputTokensMax: 8_000,
    reasoning: 0,
    vision: 0,
    ownedBy,
    retiresOn: null,
  })
const priceByHand = (model: string, nanos: number) =>
  insertPrice(books.pool, {
    model,
    effectiveFrom: new Date('2026-01-01T00:00:00Z'),
    terms: flat(nanos),
    actor: 'cli:operator',
  })

describe('what is seeded', () => {
  test('is sold by whom it belongs to, and by nobody where that upstream is not there', async () => {
    await seedCatalog(books.pool)
    assert.equal(await servedBy(claude, openai), undefined)
    assert.deepEqual(await servedBy(claude, openai, anthropic), ['anthropic'])
    assert.deepEqual(await servedBy('gpt-5', openai, anthropic), ['openai'])
    assert.equal(await servedBy('gpt-5', anthropic), undefined)
    const listed = (await createCatalog(books.pool, [openai])).list(now)
    assert.deepEqual(
      listed.filter(({ ownedBy }) => ownedBy !== 'openai'),
      [],
    )
    // Also by a date that its provider has it under.
    assert.deepEqual(await servedBy('claude-haiku-4-5-20251001', anthropic), ['anthropic'])
  })

  test('is sold by an upstream of the database that is named for it, and by no other', async () => {
    await seedCatalog(books.pool)
    await books.sql('insert into upstream_models (upstream, model, their_name) values (?)', [
      ['openai', claude, 'anthropic/claude-sonnet-5'],
    ])
    assert.deepEqual(await servedBy(claude, openai, anthropic), ['openai'])
  })

  test('has a model of each kind, and prices of what is cached and searched', async () => {
    await seedCatalog(books.pool)
    const models = (await createCatalog(books.pool, [openai, anthropic])).list(now)
    const kinds = new Set(models.map(({ kind }) => kind))
    assert.deepEqual([...kinds].sort(), ['chat', 'completion', 'embedding', 'moderation'])
    const { terms } = present(models.find(({ name }) => name === claude))
    assert.deepEqual(terms.tiers, [
      {
        upToInputTokens: null,
        prices: {
          input: 2e9,
          cachedInput: 2e8,
          cacheWrite: 2.5e9,
          cacheWrite1h: 4e9,
          output: 10e9,
          // Ten dollars a thousand.
          searches: 10e12,
        },
      },
    ])
  })

  test('is read by relays that know of four units alone, at the same prices of those', async () => {
    await seedCatalog(books.pool)
    // The form of a row as such a relay reads it.
    const price = z.number().nullable()
    const tier = { input: z.number(), cachedInput: price, cacheWrite: price, output: z.number() }
    const Old = z.object({
      tiers: z.array(z.object({ upToInputTokens: z.number().nullable(), ...tier })),
      basisPoints: z.record(z.string(), z.number()),
      serviceTiers: z.array(z.string()),
    })
    const rows = await books.sql<{ model: string; terms: string }>(
      "select model, terms from prices where actor like 'list price %'",
    )
    assert.ok(rows.length > 40)
    for (const { model, terms } of rows) {
      const read = Old.safeParse(JSON.parse(terms))
      assert.ok(read.success, model)
      const { tiers } = termsAt(Terms.parse(JSON.parse(terms)), now)
      const ofNow = tiers.map(({ upToInputTokens, prices: { input, output, ...prices } }) => {
        const { cachedInput = null, cacheWrite = null } = prices
        return { upToInputTokens, input, cachedInput, cacheWrite, output }
      })
      assert.deepEqual(read.data.tiers, ofNow, model)
    }
  })

  test('by two relays at once is there once, each model with its price', async () => {
    await Promise.all([1, 2, 3, 4].map(() => seedCatalog(books.pool)))
    const models = await readModels(books.pool)
    for (const { name, prices } of models) assert.equal(prices.length, 1, name)
    await seedCatalog(books.pool)
    assert.deepEqual(await readModels(books.pool), models)
  })
})

describe('what an operator has under the name of a published model', () => {
  test('stays theirs: its price, its upstream, and whoever they say owns it', async () => {
    for (const [name, ownedBy] of [
      [claude, 'anthropic'],
      ['claude-opus-5', 'openai'],
    ] as const) {
      await addByHand(name, ownedBy)
      await priceByHand(name, 7)
    }
    const before = await readModels(books.pool)
    await seedCatalog(books.pool)
    await seedCatalog(books.pool)
    const after = await readModels(books.pool)
    for (const model of before)
      assert.deepEqual(
        after.find(({ name }) => name === model.name),
        model,
      )
    assert.deepEqual(await servedBy(claude, openai), ['openai'])
    assert.deepEqual(await servedBy('claude-opus-5', openai, anthropic), ['openai'])
    // It is said to be Anthropic's, whose own upstream takes what the other one does not.
    assert.deepEqual(await servedBy(claude, openai, anthropic), ['openai', 'anthropic'])
  })

  test('is sold at its factor, where it has no price of its own', async () => {
    await addByHand(claude, 'openai')
    await setSaleFactor(books.pool, claude, 12_000)
    await seedCatalog(books.pool)
    const model = (await readModels(books.pool)).find(({ name }) => name === claude)
    assert.deepEqual([model?.prices, model?.saleFactor], [[], 12_000])
  })

  test('may be another name of a model of theirs, which it stays', async () => {
    await addByHand('anthropic/claude', 'openai')
    await priceByHand('anthropic/claude', 7)
    for (const alias of [claude, 'claude-haiku-4-5-20251001'])
      await insertAlias(books.pool, { alias, model: 'anthropic/claude' })
    await seedCatalog(books.pool)
    const catalog = await createCatalog(books.pool, [openai, anthropic])
    for (const name of [claude, 'claude-haiku-4-5-20251001'])
      assert.equal(catalog.find(name, now)?.name, 'anthropic/claude', name)
  })

  test('gets no other names of the published one', async () => {
    await addByHand('claude-haiku-4-5', 'openai')
    await priceByHand('claude-haiku-4-5', 7)
    await seedCatalog(books.pool)
    assert.equal(await servedBy('claude-haiku-4-5-20251001', openai, anthropic), undefined)
  })
})
