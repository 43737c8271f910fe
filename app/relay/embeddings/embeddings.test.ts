import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Catalog, PricedModel } from '../../catalog/catalog.server.ts'
import {
  answerPlain,
  startHandFedUpstream,
  type Play,
} from '../../../test/upstreams/hand-fed-upstream.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { errorIn } from '../../../test/wire.ts'
import { embeddings } from './embeddings.ts'
import { readEmbeddings } from './answer.ts'
import { atOnce } from '../text/steps.ts'
import { countSlice } from '../text/tokens.ts'

const model = 'text-embedding-3-small'
/** Nano-dollars a token, as it is published. */
const price = 20

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
const listOf = (input: unknown): unknown[] =>
  Array.isArray(input) && typeof input[0] !== 'number' ? input : [input]

/** Counts as the provider does, and says a vector of two numbers for each input. */
const embeds: Play = (res, { body }) => {
  const inputs = listOf(body.input)
  const tokens = inputs.reduce<number>(
    (sum, it) => sum + (typeof it === 'string' ? tokensOf(it) : (it as number[]).length),
    0,
  )
  const numbers = Buffer.from(Float32Array.of(0.5, -0.25).buffer).toString('base64')
  const embedding = body.encoding_format === 'base64' ? numbers : [0.5, -0.25]
  const data = inputs.map((_, index) => ({ object: 'embedding', index, embedding }))
  const usage = { prompt_tokens: tokens, total_tokens: tokens }
  answerPlain(res, { object: 'list', data, model, usage })
}

async function embed(body: unknown, secret = stage.customer.secret) {
  const answer = await fetch(`${stage.relay.url}/embeddings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const headers = Object.fromEntries(answer.headers)
  return { status: answer.status, headers, text: await answer.text() }
}

test('embeddings cost what the upstream has read, in each form of input and of answer', async () => {
  upstream.play(embeds)
  const { embeddings: api } = stage.openai()
  for (const [input, tokens] of [
    ['a text to be found again', tokensOf('a text to be found again')],
    [['one', 'two words'], tokensOf('one') + tokensOf('two words')],
    [[1, 2, 3], 3],
    [[[1, 2, 3], [4]], 4],
  ] as const) {
    for (const encoding_format of ['float', 'base64', undefined] as const) {
      const given = { model, input: input as string, ...(encoding_format && { encoding_format }) }
      const { data, usage } = await api.create(given)
      assert.equal(data.length, listOf(input).length)
      assert.equal(usage.prompt_tokens, tokens)
      const row = await stage.lastCall()
      assert.deepEqual(
        [row.outcome, row.source, row.input, row.output, row.cost],
        ['completed', 'upstream', tokens, 0, tokens * price],
      )
      assert.ok(row.hold >= row.cost, `${row.hold} is held for ${row.cost}`)
    }
  }
})

describe('an answer without figures that can be taken', () => {
  for (const [what, usage] of [
    ['has none', undefined],
    ['says nothing was read', { prompt_tokens: 0, total_tokens: 0 }],
    ['says what cannot be', { prompt_tokens: -5, total_tokens: 1 }],
  ] as const) {
    test(`is charged for the input as we count it where it ${what}`, async () => {
      const data = [{ object: 'embedding', index: 0, embedding: [1] }]
      upstream.play((res) => answerPlain(res, { object: 'list', data, model, usage }))
      for (const [input, tokens] of [
        ['a text to be found again', tokensOf('a text to be found again')],
        [[7, 8, 9], 3],
      ] as const) {
        assert.equal((await embed({ model, input })).status, 200)
        const row = await stage.lastCall()
        assert.deepEqual([row.source, row.input, row.cost], ['counted', tokens, tokens * price])
      }
    })
  }

  test('costs nothing where it holds no vectors', async () => {
    for (const body of [{}, { data: {} }, { error: { message: 'no' } }, { data: [], error: {} }]) {
      upstream.play((res) => answerPlain(res, body))
      assert.ok((await embed({ model, input: 'a' })).status >= 500)
      assert.equal((await stage.lastCall()).cost, 0)
    }
  })

  test('is charged by the sum where it says no more', async () => {
    upstream.play((res) => answerPlain(res, { data: [{}], usage: { total_tokens: 9 } }))
    await embed({ model, input: 'a' })
    const { source, input } = await stage.lastCall()
    assert.deepEqual([source, input], ['upstream', 9])
  })
})

describe('what is no request for embeddings is refused before it is forwarded', () => {
  const many = (count: number, of: unknown = 'a') => Array.from({ length: count }, () => of)
  const cases: [what: string, body: unknown, status: number, param: string | null][] = [
    ['no input', { model }, 400, 'input'],
    ['null', { model, input: null }, 400, 'input'],
    ['an empty text', { model, input: '' }, 400, 'input'],
    ['an empty list', { model, input: [] }, 400, 'input'],
    ['an empty text in a list', { model, input: ['a', ''] }, 400, 'input[1]'],
    ['an empty list in a list', { model, input: [[1], []] }, 400, 'input[1]'],
    ['2,049 inputs', { model, input: many(2_049) }, 400, 'input'],
    ['2,049 lists', { model, input: many(2_049, [1]) }, 400, 'input'],
    ['a token that no model has', { model, input: [1, 1e9] }, 400, 'input[1]'],
    ['a negative token', { model, input: [[-1]] }, 400, 'input[0][0]'],
    ['half a token', { model, input: [0.5] }, 400, 'input[0]'],
    ['a list of mixed kinds', { model, input: ['a', 1] }, 400, 'input'],
    ['lists of mixed kinds', { model, input: [[1], 'a'] }, 400, 'input'],
    ['lists too deep', { model, input: [[[1]]] }, 400, 'input'],
    ['texts in lists', { model, input: [['a']] }, 400, 'input'],
    ['an object', { model, input: { text: 'a' } }, 400, 'input'],
    ['a number', { model, input: 7 }, 400, 'input'],
    ['more tokens than the model reads', { model, input: many(8_193, 1) }, 400, 'input'],
    ['300,001 tokens', { model, input: [...many(149, many(2_013, 1)), many(64, 1)] }, 413, 'input'],
    ['no model', { input: 'a' }, 400, 'model'],
    ['a format', { model, input: 'a', encoding_format: 'int8' }, 400, 'encoding_format'],
    ['no dimensions', { model, input: 'a', dimensions: 0 }, 400, 'dimensions'],
    ['dimensions in words', { model, input: 'a', dimensions: '9' }, 400, 'dimensions'],
    ['an answer too long', { model, input: many(2_048) }, 400, 'encoding_format'],
    ['dimensions too many', { model, input: 'a', dimensions: 1e15 }, 400, 'encoding_format'],
    ['a stream', { model, input: 'a', stream: true }, 400, 'stream'],
    ['half a body', '{"model":', 400, null],
  ]
  for (const [what, body, status, param] of cases) {
    test(what, async () => {
      upstream.heard.length = 0
      const before = (await stage.callsOf(stage.customer)).length
      const answer = await embed(body)
      assert.equal(answer.status, status, answer.text)
      assert.equal(errorIn(answer).param, param)
      assert.equal(upstream.heard.length, 0)
      assert.equal((await stage.callsOf(stage.customer)).length, before)
    })
  }

  test('but 2,048 texts, and 300,000 tokens by number, are answered', async () => {
    upstream.play(embeds)
    const whole = many(2_000, 1)
    for (const input of [many(2_048), [...many(149, many(2_013, 1)), many(63, 1)]]) {
      const answer = await embed({ model, input, encoding_format: 'base64' })
      assert.equal(answer.status, 200, answer.text.slice(0, 300))
    }
    assert.equal((await stage.lastCall()).input, 300_000)
    assert.equal((await embed({ model, input: whole })).status, 200)
  })

  test('nor does a long list of anything but tokens become values', async () => {
    const list = JSON.stringify(many(120_000, {}))
    for (const body of [
      `{"model":"${model}","input":${list}}`,
      `{"model":"${model}","input":[1],"user":${list}}`,
      `{"model":"${model}","user":${JSON.stringify(many(120_000, 1))},"input":${JSON.stringify(many(120_000, [1]))}}`,
    ]) {
      // Long bodies in vain make their account wait.
      const { secret } = await stage.newCustomer()
      const answer = await embed(body, secret)
      assert.equal(answer.status, 400)
      assert.match(errorIn(answer).message, /more than/)
    }
  })
})

test('who has no money is refused, with what it would have cost', async () => {
  const poor = await stage.newCustomer({ balanceNanos: 10 })
  const answer = await embed({ model, input: 'a text that costs something' }, poor.secret)
  assert.equal(answer.status, 402)
  assert.equal(errorIn(answer).code, 'insufficient_balance')
})

test('a long answer is read without making its vectors', () => {
  const usage = { prompt_tokens: 5, total_tokens: 5 }
  const floats = Array.from({ length: 200_000 }, (_, i) => i / 7)
  const base64 = 'QUJD'.repeat(600_000)
  for (const embedding of [floats, base64]) {
    for (const pretty of [0, 2]) {
      const text = JSON.stringify({ data: [{ embedding }], model: 'm [x]', usage }, null, pretty)
      const said = readEmbeddings(Buffer.from(text))
      assert.equal(said?.model, 'm [x]')
      assert.ok(said.reported && 'usage' in said.reported)
      assert.equal(said.reported.usage.inputTokens, 5)
      assert.equal(readEmbeddings(Buffer.from(text.slice(0, -1))), undefined)
    }
  }
})

const perToken = { input: 1_000_000, output: 0 }
const terms = {
  tiers: [{ upToInputTokens: null, prices: perToken }],
  basisPoints: {},
  serviceTiers: [],
}
const of = (name: string) =>
  ({
    name,
    kind: 'embedding',
    contextTokens: 8_191,
    outputTokensMax: 1,
    offers: [{ terms, priceFactor: 10_000 }],
  }) as unknown as PricedModel

test('what is held is never less than any provider counts, in tokens of its own or of ours', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    fc.lorem({ maxCount: 30 }),
    fc.constantFrom('a'.repeat(5_000), 'QUJD'.repeat(2_000), '\n'.repeat(300), '你好'.repeat(90)),
  )
  const tokens = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 50 })
  const input = fc.oneof(
    text,
    tokens,
    fc.array(text, { minLength: 1, maxLength: 5 }),
    fc.array(tokens, { minLength: 1, maxLength: 5 }),
  )
  const property = fc.asyncProperty(input, fc.boolean(), async (value, isOurs) => {
    const priced = of(isOurs ? model : 'bge-m3')
    const catalog = { find: () => priced } as unknown as Catalog
    const json = Buffer.from(JSON.stringify({ model: priced.name, input: value }))
    const call = atOnce(embeddings.read(json, catalog, new Date(0), new Set()))
    // The words of each text with the marks that BERT puts around them.
    const counted = listOf(value).map((it) => {
      if (typeof it !== 'string') return (it as number[]).length
      return (isOurs ? tokensOf(it) : Buffer.byteLength(it)) + 2
    })
    const most = counted.reduce((sum, one) => sum + Math.min(one, 8_191), 0)
    const [bytes, exact] = [embeddings.bound(call), await embeddings.boundExactly(call)]
    const figures = [bytes, exact].map(({ inputScaled }) => Number(inputScaled / 1_000_000n))
    assert.ok(figures[0]! >= figures[1]!, 'the bound by bytes is below the exact one')
    assert.ok(figures[1]! >= most, `${figures[1]} is held for ${most}`)
    assert.ok(figures[1]! >= (await embeddings.countInput(call)), 'a bill is more than is held')
  })
  await fc.assert(property, { numRuns: 200 })
})
