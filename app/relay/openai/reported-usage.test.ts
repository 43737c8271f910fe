import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../config/limits.ts'
import { readUsage, reportedIn } from './reported-usage.ts'

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

  test('of sound, pictures and searches are kept beside the tokens that they are part of', () => {
    const base = { prompt_tokens: 100, completion_tokens: 50 }
    const usage = figures({
      ...base,
      prompt_tokens_details: {
        cached_tokens: 30,
        audio_tokens: 20,
        image_tokens: 5,
        cached_tokens_details: { audio_tokens: 4 },
      },
      completion_tokens_details: { audio_tokens: 7, image_tokens: 8 },
      num_search_queries: 2,
    })
    const more = {
      inputAudio: 20,
      cachedInputAudio: 4,
      inputImage: 5,
      outputAudio: 7,
      outputImage: 8,
      searches: 2,
    }
    assert.deepEqual(usage.more, more)
    assert.deepEqual([usage.inputTokens, usage.outputTokens, usage.flag], [100, 50, null])
    const zeros = { prompt_tokens_details: { audio_tokens: 0, image_tokens: null } }
    assert.equal('more' in figures({ ...base, ...zeros }), false)
    const beyond = figures({ ...base, completion_tokens_details: { audio_tokens: 51 } })
    assert.deepEqual([beyond.more, beyond.flag], [{ outputAudio: 50 }, 'clamped'])
    assert.equal(figures({ ...base, num_search_queries: 'many' }).flag, 'clamped')
    assert.equal(figures({ ...base, cached_prompt_text_tokens: 9 }).cachedTokens, 9)
  })

  test('of several choices have the sound of each', () => {
    const usage = (audio: number) => ({
      prompt_tokens: 9,
      completion_tokens: 9,
      prompt_tokens_details: { audio_tokens: 3 },
      completion_tokens_details: { audio_tokens: audio },
    })
    const choices = [{ usage: usage(4) }, { usage: usage(5) }, { usage: usage(0) }]
    const reported = reportedIn({ choices }, undefined)
    assert.ok(reported && 'usage' in reported)
    assert.deepEqual(reported.usage.more, { inputAudio: 3, outputAudio: 9 })
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

describe('figures that do not add up to their own total', () => {
  const withTotal = (input: number, output: number, total: unknown, reasoning?: number) => ({
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: total,
    ...(reasoning !== undefined && {
      completion_tokens_details: { reasoning_tokens: reasoning },
    }),
  })

  test('have left out what was generated beside them', () => {
    for (const [input, output, total, reasoning] of [
      [32, 9, 135, 94],
      [20, 424, 1_016, undefined],
      [12, 20, 832, 800],
      [12, 0, 832, 820],
    ] as const) {
      const read = figures(withTotal(input, output, total, reasoning))
      assert.deepEqual([read.inputTokens, read.outputTokens], [input, total - input])
      assert.deepEqual([read.reasoningTokens, read.flag], [reasoning ?? 0, 'summed'])
    }
  })

  test('stand as they are where the total is no more than they are, or is none', () => {
    for (const total of [150, 149, 0, -1, 150.5, '900', null, undefined, NaN, absurd + 1, {}]) {
      const { outputTokens, flag } = figures(withTotal(100, 50, total, 10))
      assert.deepEqual([outputTokens, flag], [50, null])
    }
  })
})

describe('figures that stand elsewhere', () => {
  const some = (input: number, output: number) => ({
    prompt_tokens: input,
    completion_tokens: output,
  })
  const tokensOf = (completion: object, before?: ReturnType<typeof reportedIn>) => {
    const reported = reportedIn(completion, before)
    assert.ok(reported && 'usage' in reported)
    return [reported.usage.inputTokens, reported.usage.outputTokens]
  }

  test('are found in x_groq and in the choices', () => {
    assert.deepEqual(tokensOf({ choices: [], x_groq: { usage: some(7, 3) } }), [7, 3])
    assert.deepEqual(tokensOf({ usage: null, x_groq: { usage: some(7, 3) } }), [7, 3])
    assert.deepEqual(tokensOf({ choices: [{ index: 0, usage: some(19, 13) }] }), [19, 13])
    assert.deepEqual(tokensOf({ usage: {}, choices: [{ usage: some(19, 13) }] }), [19, 13])
    const total = { ...some(32, 9), total_tokens: 135 }
    assert.deepEqual(tokensOf({ choices: [{ usage: total }] }), [32, 103])
  })

  test('give way to the completion’s own, and fill in for nonsense', () => {
    const choices = [{ index: 0, usage: some(19, 13) }]
    assert.deepEqual(tokensOf({ usage: some(1, 2), choices }), [1, 2])
    assert.deepEqual(tokensOf({ usage: some(-1, 2), choices }), [19, 13])
    assert.deepEqual(reportedIn({ usage: some(-1, 2) }, undefined), { absurd: true })
    assert.deepEqual(reportedIn({ choices: [{ usage: some(-1, 2) }] }, undefined), { absurd: true })
    for (const none of [{}, { choices: [null, 1, {}] }, { choices: {}, x_groq: null }])
      assert.equal(reportedIn(none, undefined), undefined)
  })

  test('of several choices share the prompt and add up, in one answer or one after another', () => {
    const of = (index: number, output: number) => ({ index, usage: some(19, output) })
    assert.deepEqual(tokensOf({ choices: [of(0, 13), of(1, 5)] }), [19, 18])
    const first = reportedIn({ choices: [of(0, 13)] }, undefined)
    const second = reportedIn({ choices: [of(1, 5)] }, first)
    assert.deepEqual(tokensOf({ choices: [of(1, 6)] }, second), [19, 19])
  })

  test('that are figures each, and more together than any model says, are none', () => {
    const of = (index: number) => ({ index, usage: some(19, absurd) })
    const isAbsurd = (reported: unknown) =>
      assert.equal(typeof reported === 'object' && reported && 'absurd' in reported, true)
    isAbsurd(reportedIn({ choices: [of(0), of(1)] }, undefined))
    const all = reportedIn({ choices: [of(0), of(1)] }, undefined)
    isAbsurd(reportedIn({ choices: [{ index: 2, usage: some(19, 1) }] }, all))
    const thoughts = { ...some(19, absurd), completion_tokens_details: { reasoning_tokens: 9 } }
    isAbsurd(readUsage({ ...thoughts, total_tokens: undefined }, 'beside'))
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
    const { source, flag, more = {}, ...tokens } = reported.usage
    for (const count of [...Object.values(tokens), ...Object.values(more)])
      assert.ok(Number.isInteger(count) && count >= 0 && count <= absurd)
    assert.ok(tokens.cachedTokens + tokens.cacheWriteTokens <= tokens.inputTokens)
    assert.ok(tokens.reasoningTokens <= tokens.outputTokens)
    assert.equal(source, 'upstream')
    assert.ok(flag === null || flag === 'clamped' || flag === 'summed')
  })
  fc.assert(property, { numRuns: 20_000 })
})

/** The rule in whole numbers of any size, with no code of the program. */
function oracle(
  usage: Record<string, unknown>,
): { input: bigint; output: bigint } | 'none' | 'odd' {
  const whole = (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= absurd
      ? BigInt(value)
      : undefined
  const { prompt_tokens: prompt, completion_tokens: completion } = usage
  if (prompt === undefined || completion === undefined) return 'none'
  const [input, output] = [whole(prompt), whole(completion)]
  if (input === undefined || output === undefined) return 'odd'
  const total = whole(usage.total_tokens) ?? 0n
  return { input, output: total > input + output ? total - input : output }
}

test('usage of all shapes is read as the oracle reads it, wherever it stands', () => {
  const figure = fc.oneof(
    { weight: 6, arbitrary: fc.nat(2_000) },
    fc.constantFrom(undefined, null, -1, 0.5, '7', NaN, Infinity, absurd, absurd + 1, true, {}, []),
  )
  const total = fc.oneof(figure, fc.constant('sum' as const))
  const shape = fc
    .record({ prompt_tokens: figure, completion_tokens: figure, total_tokens: total })
    .map((it) => ({
      ...it,
      total_tokens:
        it.total_tokens === 'sum'
          ? Number(it.prompt_tokens) + Number(it.completion_tokens)
          : it.total_tokens,
    }))
  const place = fc.constantFrom<(usage: object) => object>(
    (usage) => ({ usage, choices: [] }),
    (usage) => ({ usage: null, x_groq: { id: 'x', usage } }),
    (usage) => ({ choices: [{ index: 0, usage }] }),
    (usage) => ({ choices: [{ index: 3, delta: {}, usage }], x_groq: {} }),
  )
  const property = fc.property(shape, place, (usage, stand) => {
    const expected = oracle(usage)
    const reported = reportedIn(stand(usage), undefined)
    if (expected === 'none') return assert.equal(reported, undefined)
    if (expected === 'odd') return assert.deepEqual(reported, { absurd: true })
    assert.ok(reported && 'usage' in reported)
    const { inputTokens, outputTokens } = reported.usage
    assert.deepEqual([BigInt(inputTokens), BigInt(outputTokens)], [expected.input, expected.output])
  })
  fc.assert(property, { numRuns: 20_000 })
})
