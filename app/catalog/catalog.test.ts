import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { present } from '../../test/present.ts'
import { run, type Pool } from '../db/db.server.ts'
import { testBooks, type TestBooks } from '../../test/books.ts'
import { priced, readModels } from './catalog.ts'
import published from './openai-prices.json' with { type: 'json' }
import { seedCatalog } from './seed.ts'

let books: TestBooks
let pool: Pool
before(async () => {
  books = await testBooks()
  pool = books.pool
  await seedCatalog(pool)
})
after(() => books.close())

test('the seeded catalogue has every published model at its published price', async () => {
  const models = new Map((await readModels(pool)).map((model) => [model.name, model]))
  assert.equal(models.size, published.models.length)
  for (const line of published.models) {
    const model = present(priced(models.get(line.model), new Date()))
    assert.equal(model.outputTokensMax, line.max_output_tokens)
    assert.equal(present(model.price.terms.tiers[0]).input, line.input)
    assert.equal(present(model.price.terms.tiers[0]).output, line.output)
    assert.equal(present(model.price.terms.tiers[0]).cachedInput, line.cached_input)
    assert.equal(model.price.terms.tiers.length, line.tiers?.length ?? 1)
  }
})

test('seeding again, by two replicas at once, changes nothing', async () => {
  const before = await readModels(pool)
  await Promise.all([seedCatalog(pool), seedCatalog(pool)])
  assert.deepEqual(await readModels(pool), before)
})

test('a dated price is in force from its date on, and never before', async () => {
  const terms = JSON.stringify({
    tiers: [{ upToInputTokens: null, input: 7, cachedInput: null, cacheWrite: null, output: 9 }],
    multipliers: {},
    serviceTiers: [],
  })
  const effectiveFrom = new Date('2030-01-01T00:00:00Z')
  await run(pool, 'catalog/insert-price', { model: 'gpt-4o', effectiveFrom, terms, actor: 'test' })
  const model = (await readModels(pool)).find(({ name }) => name === 'gpt-4o')
  const inputAt = (at: string) =>
    present(present(priced(model, new Date(at))).price.terms.tiers[0]).input
  assert.equal(inputAt('2029-12-31T23:59:59.999Z'), 2_500_000_000)
  assert.equal(inputAt('2030-01-01T00:00:00.000Z'), 7)
})
