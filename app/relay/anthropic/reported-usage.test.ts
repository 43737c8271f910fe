import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../config/limits.ts'
import { laterUsage, readMessagesUsage } from './reported-usage.ts'

const figures = (value: unknown) => {
  const reported = readMessagesUsage(value)
  assert.ok(reported && 'usage' in reported, JSON.stringify(value))
  return reported.usage
}

describe('the figures of a message', () => {
  test('stand beside each other, and are all of the input together', () => {
    const usage = {
      input_tokens: 21,
      cache_read_input_tokens: 1_000,
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 40 },
      server_tool_use: { web_search_requests: 3, web_fetch_requests: 0 },
      service_tier: 'standard',
    }
    assert.deepEqual(figures(usage), {
      inputTokens: 1_321,
      cachedTokens: 1_000,
      cacheWriteTokens: 300,
      outputTokens: 50,
      reasoningTokens: 40,
      more: { cacheWrite1h: 200, searches: 3 },
      source: 'upstream',
      flag: null,
    })
  })

  test('are few where little is said', () => {
    const nulls = { cache_read_input_tokens: null, cache_creation: null, server_tool_use: null }
    assert.deepEqual(figures({ input_tokens: 7, output_tokens: 0, ...nulls }), {
      inputTokens: 7,
      cachedTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      source: 'upstream',
      flag: null,
    })
    for (const none of [undefined, null, {}, { input_tokens: 1 }, { output_tokens: 1 }])
      assert.equal(readMessagesUsage(none), undefined)
  })

  test('of what was written are the larger of the sum and its parts', () => {
    const parts = { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 }
    const base = { input_tokens: 1, output_tokens: 1, cache_creation: parts }
    assert.equal(figures(base).cacheWriteTokens, 100)
    assert.equal(figures(base).flag, null)
    const short = figures({ ...base, cache_creation_input_tokens: 10 })
    assert.deepEqual([short.cacheWriteTokens, short.flag], [100, 'clamped'])
  })

  test('of a compaction are added, whose figures the sum leaves out', () => {
    const turn = { type: 'compaction', input_tokens: 180, output_tokens: 30 }
    const message = { type: 'message', input_tokens: 20, output_tokens: 5 }
    const usage = figures({ ...message, iterations: [turn, message, null, 'x'] })
    assert.deepEqual([usage.inputTokens, usage.outputTokens], [200, 35])
  })

  test('that cannot be are absurd', () => {
    for (const odd of [-1, 0.5, '7', true, {}, [], limits.tokens.absurd + 1, null])
      for (const name of ['input_tokens', 'output_tokens'])
        assert.deepEqual(
          readMessagesUsage({ input_tokens: 1, output_tokens: 1, [name]: odd }),
          { absurd: true },
          `${name} ${JSON.stringify(odd)}`,
        )
    const most = { input_tokens: limits.tokens.absurd, output_tokens: 1 }
    assert.deepEqual(readMessagesUsage({ ...most, cache_read_input_tokens: 1 }), { absurd: true })
    for (const nonsense of [7, 'x', true, []])
      assert.deepEqual(readMessagesUsage(nonsense), { absurd: true })
  })
})

describe('the figures of a stream of messages', () => {
  test('are the last of each member, never a sum, and null takes none back', () => {
    const start = {
      input_tokens: 25,
      cache_read_input_tokens: 7,
      cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 0 },
      output_tokens: 1,
    }
    const delta = { input_tokens: null, cache_creation: null, output_tokens: 15 }
    const last = { output_tokens: 90, server_tool_use: { web_search_requests: 1 } }
    const usage = figures([delta, last].reduce<unknown>(laterUsage, start))
    assert.deepEqual([usage.inputTokens, usage.cachedTokens, usage.outputTokens], [36, 7, 90])
    assert.deepEqual(usage.more, { searches: 1 })
  })

  test('are whatever they are, and never crash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, next) => {
        const reported = readMessagesUsage(laterUsage(before, next))
        if (!reported || !('usage' in reported)) return
        const { inputTokens, cachedTokens, cacheWriteTokens } = reported.usage
        assert.ok(cachedTokens + cacheWriteTokens <= inputTokens)
      }),
    )
  })
})
