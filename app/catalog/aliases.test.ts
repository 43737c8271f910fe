import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import aliases from './openai-aliases.json' with { type: 'json' }
import published from './openai-prices.json' with { type: 'json' }

type Usage = { input_tokens: number; output_tokens: number }
type Calculated = { model: { id: string }; total_price: number } | null
const { calcPrice } = createRequire(import.meta.url)('@pydantic/genai-prices') as {
  calcPrice(usage: Usage, model: string, by: { providerId: string }): Calculated
}
const calculated = (model: string) =>
  calcPrice({ input_tokens: 1_000, output_tokens: 1_000 }, model, { providerId: 'openai' })

const pairs = Object.values(aliases).flatMap((models) =>
  Object.entries(models).flatMap(([model, names]) => names.map((alias) => ({ alias, model }))),
)

test('every seeded alias is priced like its model by somebody else’s list too', () => {
  for (const { alias, model } of pairs) {
    assert.equal(calculated(alias)?.model.id, calculated(model)?.model.id, alias)
    assert.equal(calculated(alias)?.total_price, calculated(model)?.total_price, alias)
  }
})

test('an alias names a seeded model of its kind once, and is none itself', () => {
  const kinds = new Map(published.models.map(({ model, kind }) => [model, kind]))
  for (const [kind, models] of Object.entries(aliases))
    for (const model of Object.keys(models)) assert.equal(kinds.get(model), kind, model)
  const names = pairs.map(({ alias }) => alias)
  assert.equal(new Set(names).size, names.length)
  assert.deepEqual(
    names.filter((name) => kinds.has(name)),
    [],
  )
})

test('snapshots that cost something else are told from their model by that list as well', () => {
  for (const name of ['gpt-4o-2024-05-13', 'chatgpt-4o-latest'])
    assert.notEqual(calculated(name)?.total_price, calculated('gpt-4o')?.total_price)
})
