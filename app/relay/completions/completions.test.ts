import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Catalog, PricedModel } from '../../catalog/catalog.server.ts'
import {
  answerPlain,
  speak,
  startHandFedUpstream,
  type Play,
} from '../../../test/upstreams/hand-fed-upstream.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { errorIn } from '../../../test/wire.ts'
import { atOnce } from '../text/steps.ts'
import { countSlice } from '../text/tokens.ts'
import { completions } from './completions.ts'

const model = 'gpt-3.5-turbo-instruct'
/** Nano-dollars a token, as they are published. */
const price = { input: 1_500, output: 2_000 }

let stage: Stage
let upstream: Awaited<ReturnType<typeof startHandFedUpstream>>
before(async () => {
  upstream = await startHandFedUpstream()
  stage = await startStage({ upstreamUrl: upstream.url })
})
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(async () => {
  await stage.stop()
  upstream.close()
})

const tokensOf = (text: string) => countSlice(text, 'cl100k_base')
const listOf = (prompt: unknown): unknown[] =>
  Array.isArray(prompt) && typeof prompt[0] !== 'number' ? prompt : [prompt]

/** What a provider makes of a request: each prompt once, and every candidate to its very limit. */
function usageOf({
  prompt,
  n,
  best_of: bestOf,
  max_tokens: most,
  suffix,
}: Record<string, unknown>) {
  const beside = typeof suffix === 'string' ? tokensOf(suffix) : 0
  const counts = listOf(prompt).map(
    (it) => beside + (typeof it === 'string' ? tokensOf(it) : (it as number[]).length),
  )
  const input = counts.reduce((sum, it) => sum + it, 0)
  const candidates = Number(bestOf ?? n ?? 1) * counts.length
  const output = candidates * Number(most ?? 16)
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output }
}

const choice = (index: number, text: string, finish_reason: string | null = 'length') => ({
  index,
  text,
  logprobs: null,
  finish_reason,
})

const completes: Play = (res, { body }) => {
  const usage = usageOf(body)
  const answers = listOf(body.prompt).length * Number(body.n ?? 1)
  const choices = Array.from({ length: answers }, (_, i) => choice(i, 'two words'))
  if (body.stream !== true)
    return answerPlain(res, { object: 'text_completion', model, choices, usage })
  for (const [i] of choices.entries())
    speak(
      res,
      { model, choices: [choice(i, 'two ', null)] },
      { model, choices: [choice(i, 'words')] },
    )
  speak(res, { model, choices: [], usage })
  res.end('data: [DONE]\n\n')
}

async function complete(body: unknown, secret = stage.customer.secret) {
  const answer = await fetch(`${stage.relay.url}/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const headers = Object.fromEntries(answer.headers)
  return { status: answer.status, headers, text: await answer.text() }
}

describe('a completion costs what the upstream has read and made, and no more than is held', () => {
  const prompts = ['a text to go on with', ['one', 'two words'], [1, 2, 3], [[1, 2], [3]]]
  const kinds = [{}, { max_tokens: 7 }, { n: 2, best_of: 5 }, { n: 3, suffix: 'and an end' }]
  for (const stream of [false, true]) {
    test(stream ? 'streamed' : 'plain', async () => {
      upstream.play(completes)
      for (const prompt of prompts) {
        for (const kind of kinds) {
          if (stream && 'best_of' in kind) continue
          const answer = await complete({ model, prompt, stream, ...kind })
          assert.equal(answer.status, 200, answer.text)
          const usage = usageOf({ prompt, ...kind })
          assert.equal(answer.text.includes('"usage"'), !stream)
          const row = await stage.lastCall()
          const cost = usage.prompt_tokens * price.input + usage.completion_tokens * price.output
          assert.deepEqual(
            [row.outcome, row.input, row.output, row.cost],
            ['completed', usage.prompt_tokens, usage.completion_tokens, cost],
          )
          assert.ok(row.hold >= cost, `${row.hold} is held for ${cost}`)
        }
      }
    })
  }

  test('and the upstream is always told a limit', async () => {
    upstream.play(completes)
    upstream.heard.length = 0
    await complete({ model, prompt: 'a' })
    await complete({ model, prompt: 'a', max_tokens: 5 })
    await complete({ model, prompt: 'a', max_tokens: 1e15 })
    assert.deepEqual(
      upstream.heard.map(({ body }) => body.max_tokens),
      [16, 5, 4_096],
    )
  })
})

test('without figures it is charged for its prompts and what was delivered, as we count it', async () => {
  for (const stream of [false, true]) {
    upstream.play((res) => {
      if (!stream) return answerPlain(res, { model, choices: [choice(0, 'two words')] })
      speak(
        res,
        { model, choices: [choice(0, 'two ', null)] },
        { model, choices: [choice(0, 'words')] },
      )
      res.end('data: [DONE]\n\n')
    })
    await complete({ model, prompt: 'a text to go on with', stream })
    const { source, input, output } = await stage.lastCall()
    const expected = ['counted', tokensOf('a text to go on with'), tokensOf('two words')]
    assert.deepEqual([source, input, output], expected)
  }
})

test('a stream that breaks off ends with an error, and costs its customer nothing', async () => {
  upstream.play((res) => {
    speak(res, { model, choices: [choice(0, 'two ', null)] })
    res.end()
  })
  const { text } = await complete({ model, prompt: 'a', stream: true })
  assert.match(text, /terminated/)
  assert.doesNotMatch(text, /\[DONE\]/)
  const { outcome, cost } = await stage.lastCall()
  assert.deepEqual([outcome, cost], ['failed', 0])
})

describe('what is no request for a completion is refused before it is forwarded', () => {
  const prompt = 'a'
  const cases: [what: string, body: unknown, param: string | null][] = [
    ['no prompt', {}, 'prompt'],
    ['null', { prompt: null }, 'prompt'],
    ['an empty text', { prompt: '' }, 'prompt'],
    ['an empty list', { prompt: [] }, 'prompt'],
    ['an empty list in a list', { prompt: [[]] }, 'prompt[0]'],
    ['a token that no model has', { prompt: [1e9] }, 'prompt[0]'],
    ['a negative token', { prompt: [[1], [-1]] }, 'prompt[1][0]'],
    ['half a token', { prompt: [1.5] }, 'prompt[0]'],
    ['a list of mixed kinds', { prompt: [[1], 'a'] }, 'prompt'],
    ['2,049 prompts', { prompt: Array(2_049).fill('a') }, 'prompt'],
    ['more tokens than the model reads', { prompt: Array(4_097).fill(1) }, 'prompt'],
    ['best_of below n', { prompt, n: 3, best_of: 2 }, 'best_of'],
    ['best_of in a stream', { prompt, best_of: 2, stream: true }, 'best_of'],
    ['best_of of 0', { prompt, best_of: 0 }, 'best_of'],
    ['best_of of 1e15', { prompt, best_of: 1e15 }, 'best_of'],
    ['n of 129', { prompt, n: 129 }, 'n'],
    ['a limit of 0', { prompt, max_tokens: 0 }, 'max_tokens'],
    ['a negative limit', { prompt, max_tokens: -1 }, 'max_tokens'],
    ['a limit in words', { prompt, max_tokens: '9' }, 'max_tokens'],
    ['an echo', { prompt, echo: true }, 'echo'],
    ['messages', { messages: [] }, 'messages'],
  ]
  for (const [what, body, param] of cases) {
    test(what, async () => {
      upstream.heard.length = 0
      const before = (await stage.callsOf(stage.customer)).length
      const answer = await complete({ model, ...(body as object) })
      assert.equal(answer.status, 400, answer.text)
      assert.equal(errorIn(answer).param, param)
      assert.equal(upstream.heard.length, 0)
      assert.equal((await stage.callsOf(stage.customer)).length, before)
    })
  }

  test('a model that chats', async () => {
    const answer = await complete({ model: 'gpt-4o', prompt })
    assert.equal(answer.status, 404)
    assert.match(errorIn(answer).message, /^gpt-4o is served at .*, not at \/v1\/completions\.$/)
  })
})

const terms = {
  tiers: [{ upToInputTokens: null, prices: { input: 1_000_000, output: 1_000_000 } }],
  basisPoints: {},
  serviceTiers: [],
}
const priced = {
  name: model,
  kind: 'completion',
  contextTokens: 4_096,
  outputTokensMax: 4_096,
  offers: [{ terms, priceFactor: 10_000 }],
} as unknown as PricedModel

test('what is held is never less than a provider charges', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    fc.constantFrom('a'.repeat(5_000), '\n'.repeat(300), '你好'.repeat(90)),
  )
  const tokens = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 50 })
  const body = fc.record(
    {
      prompt: fc.oneof(
        text,
        tokens,
        fc.array(text, { minLength: 1, maxLength: 5 }),
        fc.array(tokens, { minLength: 1, maxLength: 5 }),
      ),
      suffix: text,
      n: fc.integer({ min: 1, max: 3 }),
      best_of: fc.integer({ min: 3, max: 20 }),
      max_tokens: fc.integer({ min: 1, max: 4_096 }),
    },
    { requiredKeys: ['prompt'] },
  )
  const property = fc.asyncProperty(body, async (value) => {
    const catalog = { find: () => priced } as unknown as Catalog
    const json = Buffer.from(JSON.stringify({ model, ...value }))
    const call = atOnce(completions.read(json, catalog, new Date(0), new Set()))
    const usage = usageOf(value)
    const context = priced.contextTokens * listOf(value.prompt).length
    const due = Math.min(usage.prompt_tokens, context) + usage.completion_tokens
    const asks = [completions.bound(call), await completions.boundExactly(call)]
    const [bytes = 0, exact = 0] = asks.map(({ inputScaled, outputScaledPerToken, ...rest }) => {
      const output = Math.min(rest.outputTokensWanted ?? Infinity, rest.outputTokensMax)
      return Number((inputScaled + outputScaledPerToken * BigInt(output)) / 1_000_000n)
    })
    assert.ok(bytes >= exact, 'the bound by bytes is below the exact one')
    assert.ok(exact >= due, `${exact} is held for ${due}`)
  })
  await fc.assert(property, { numRuns: 200 })
})
