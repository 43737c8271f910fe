import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../config/limits.ts'
import { readUsage } from './reported-usage.ts'

const { absurd } = limits.tokens
const figures = (value: unknown) => {
  const reported = readUsage(value)
  assert.ok(reported && 'usage' in reported, JSON.stringify(value))
  return reported.usage
}

describe('the upstream’s figures', () => {
  test('are taken as they are, in each of the forms that providers use', () => {
    const openai = {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 30, audio_tokens: 0, cache_write_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 10, audio_tokens: 0 },
    }
    assert.deepEqual(figures(openai), {
      inputTokens: 100,
      cachedTokens: 30,
      cacheWriteTokens: 20,
      outputTokens: 50,
      reasoningTokens: 10,
      source: 'upstream',
      flag: null,
    })
    const base = { prompt_tokens: 9, completion_tokens: 1 }
    assert.equal(figures({ ...base, prompt_cache_hit_tokens: 4 }).cachedTokens, 4)
    assert.equal(figures({ ...base, cache_creation_input_tokens: 5 }).cacheWriteTokens, 5)
    const details = { prompt_tokens_details: { cache_creation_tokens: 6 } }
    assert.equal(figures({ ...base, ...details }).cacheWriteTokens, 6)
  })

  test('that are zero are figures; that are absent are none', () => {
    assert.equal(figures({ prompt_tokens: 0, completion_tokens: 0 }).inputTokens, 0)
    const zeros = { prompt_tokens_details: { cached_tokens: 0 }, prompt_cache_hit_tokens: 4 }
    assert.equal(figures({ prompt_tokens: 9, completion_tokens: 1, ...zeros }).cachedTokens, 0)
    const half = [{ prompt_tokens: 9 }, { completion_tokens: 9 }]
    for (const none of [undefined, null, {}, { total_tokens: 9 }, [], ...half])
      assert.equal(readUsage(none), undefined)
  })

  test('that cannot be are absurd', () => {
    const impossible = [-1, 0.5, NaN, Infinity, 1e18, absurd + 1, '7', null, true, [7], {}, -0.1]
    for (const figure of impossible) {
      for (const usage of [
        { prompt_tokens: figure, completion_tokens: 1 },
        { prompt_tokens: 1, completion_tokens: figure },
      ]) {
        assert.deepEqual(readUsage(usage), { absurd: true })
      }
    }
    for (const usage of ['a lot', 7, true, Symbol.iterator])
      assert.deepEqual(readUsage(usage), { absurd: true })
  })

  test('of a part are at most their whole, and say that they were more', () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 6 },
    }
    const { cachedTokens, cacheWriteTokens, reasoningTokens, flag } = figures(usage)
    assert.deepEqual([cachedTokens, cacheWriteTokens, reasoningTokens], [8, 2, 5])
    assert.equal(flag, 'clamped')
  })
})

test('whatever an upstream says, the figures can be charged or are not taken', () => {
  const figure = fc.oneof(
    fc.nat(1_000),
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, undefined, '5', NaN, 1e300, absurd, absurd + 1),
    fc.jsonValue({ maxDepth: 1 }),
  )
  const part = (...names: string[]) =>
    fc.oneof(
      figure,
      fc.record(Object.fromEntries(names.map((name) => [name, figure])), { requiredKeys: [] }),
    )
  const usage = fc.record(
    {
      prompt_tokens: figure,
      completion_tokens: figure,
      total_tokens: figure,
      prompt_cache_hit_tokens: figure,
      cache_creation_input_tokens: figure,
      prompt_tokens_details: part('cached_tokens', 'cache_write_tokens', 'cache_creation_tokens'),
      completion_tokens_details: part('reasoning_tokens'),
    },
    { requiredKeys: [] },
  )
  const property = fc.property(fc.oneof(usage, fc.jsonValue(), fc.anything()), (given) => {
    const reported = readUsage(given)
    if (!reported || 'absurd' in reported) return
    const { source, flag, ...tokens } = reported.usage
    for (const count of Object.values(tokens))
      assert.ok(Number.isInteger(count) && count >= 0 && count <= absurd)
    assert.ok(tokens.cachedTokens + tokens.cacheWriteTokens <= tokens.inputTokens)
    assert.ok(tokens.reasoningTokens <= tokens.outputTokens)
    assert.equal(source, 'upstream')
    assert.ok(flag === null || flag === 'clamped')
  })
  fc.assert(property, { numRuns: 20_000 })
})
