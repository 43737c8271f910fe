import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Catalog, PricedModel, TermsNow } from '../../catalog/catalog.server.ts'
import { countPrompt } from '../../../dev/fakes/upstream/demo-upstream.server.ts'
import type { Message as DemoMessage } from '../../../dev/fakes/upstream/chat/chat-request.ts'
import { countInput, estimateByBytes, estimateExactly } from './estimate.ts'
import { atOnce } from '../text/steps.ts'
import { readChat } from './request.ts'

const million = 1_000_000n
const terms: TermsNow = {
  tiers: [{ upToInputTokens: null, prices: { input: 1_000_000, output: 2_000_000 } }],
  basisPoints: { fast: 30_000 },
  serviceTiers: ['fast'],
}
const price = {
  id: 1,
  effectiveFrom: new Date(0),
  terms: { ...terms, times: [{ when: null, tiers: terms.tiers }] },
}
/** A model where a token of input costs a nano-dollar and one of output two. */
const model: PricedModel = {
  name: 'gpt-4o-test',
  kind: 'chat',
  contextTokens: 1_000_000,
  outputTokensMax: 10_000,
  reasoning: 0,
  vision: 1,
  ownedBy: 'test',
  enabled: true,
  retiresOn: null,
  createdAt: new Date(0),
  prices: [],
  aliases: [],
  saleFactor: null,
  served: [],
  offers: [
    { upstream: 'demo', theirName: 'gpt-4o-test', price, terms, priceFactor: 10_000, cost: null },
  ],
  price,
  terms,
}
const catalogOf = (only: PricedModel): Catalog => ({
  find: () => only,
  list: () => [only],
  refresh: () => Promise.resolve(),
})
const readText = (text: string, of = model) =>
  atOnce(readChat(Buffer.from(text), catalogOf(of), new Date(), new Set(['file_id'])))
const read = (body: object, of = model) => readText(JSON.stringify({ model: of.name, ...body }), of)
const inputOf = ({ inputScaled }: { inputScaled: bigint }) => Number(inputScaled / million)

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    'a'.repeat(3_000),
    '🚀'.repeat(300),
    '\n'.repeat(900),
    '", "role": "x',
    '\u0000\u0007',
  ),
)
const part = fc.oneof(
  text.map((it) => ({ type: 'text', text: it })),
  fc.constant({
    type: 'image_url',
    image_url: { url: `data:image/png;base64,${'A'.repeat(999)}` },
  }),
)
const message = fc.record(
  {
    role: fc.constantFrom('user', 'system', 'assistant', 'tool'),
    content: fc.oneof(text, fc.array(part, { maxLength: 3 })),
    name: text,
  },
  { requiredKeys: ['role', 'content'] },
)
const messages = fc.array(message, { minLength: 1, maxLength: 5 })

describe('the most that a call can cost', () => {
  test('is never less by its bytes than by exact count, and never less than the bill', async () => {
    const property = fc.asyncProperty(messages, fc.option(messages), async (all, more) => {
      const call = read({
        messages: all,
        ...(more && { tools: [{ function: { name: 'f', more } }] }),
      })
      const [bytes, exact] = [estimateByBytes(call), await estimateExactly(call)]
      assert.ok(bytes.inputScaled >= exact.inputScaled)
      assert.equal(bytes.outputScaledPerToken, exact.outputScaledPerToken)
      assert.ok(inputOf(exact) >= (await countInput(call)))
    })
    await fc.assert(property, { numRuns: 300 })
  })

  test('covers what an upstream counts for the same messages', async () => {
    const property = fc.asyncProperty(messages, async (all) => {
      const truth = countPrompt(all as DemoMessage[])
      assert.ok(inputOf(await estimateExactly(read({ messages: all }))) >= truth)
    })
    await fc.assert(property, { numRuns: 300 })
  })

  test('counts choices, the service tier and a prediction', () => {
    const messages = [{ role: 'user', content: 'x' }]
    const plain = estimateByBytes(read({ messages }))
    assert.equal(plain.outputScaledPerToken, 2n * million)
    assert.equal(estimateByBytes(read({ messages, n: 5 })).outputScaledPerToken, 10n * million)
    const fast = estimateByBytes(read({ messages, service_tier: 'fast' }))
    assert.equal(fast.outputScaledPerToken, 6n * million)
    const prediction = { type: 'content', content: 'y'.repeat(1_000) }
    const predicted = estimateByBytes(read({ messages, prediction }))
    assert.ok(inputOf(predicted) > inputOf(plain) + 2_000)
  })

  test('takes the limits a client gives, the larger of the two', () => {
    const messages = [{ role: 'user', content: 'x' }]
    const wanted = (limits: object) =>
      estimateByBytes(read({ messages, ...limits })).outputTokensWanted
    assert.equal(wanted({}), null)
    assert.equal(wanted({ max_tokens: null }), null)
    assert.equal(wanted({ max_tokens: 7 }), 7)
    assert.equal(wanted({ max_tokens: 7, max_completion_tokens: 9 }), 9)
  })

  test('never has more input than the model reads, and all of it for a file', () => {
    const long = [{ role: 'user', content: 'x'.repeat(2_000_000) }]
    assert.equal(inputOf(estimateByBytes(read({ messages: long }))), model.contextTokens)
    const file = [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }]
    assert.equal(inputOf(estimateByBytes(read({ messages: file }))), model.contextTokens)
  })

  test('counts pictures and sound by rule and not by their bytes', async () => {
    const data = 'A'.repeat(320_000)
    const content = [
      { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
      { type: 'input_audio', input_audio: { data, format: 'wav' } },
    ]
    const call = read({ messages: [{ role: 'user', content }] })
    const [bytes, exact] = [inputOf(estimateByBytes(call)), inputOf(await estimateExactly(call))]
    // 6,300 for the picture, a token for 32 characters of sound.
    for (const tokens of [bytes, exact]) assert.ok(tokens > 16_300 && tokens < 17_000, `${tokens}`)
    const mini = read({ messages: [{ role: 'user', content }] }, { ...model, name: 'gpt-4o-mini' })
    assert.ok(inputOf(estimateByBytes(mini)) > 58_000)
  })

  test('of an image is its size in the detail it may be seen in', () => {
    const of = (detail: string | undefined, name: string) => {
      const image_url = { url: 'https://example.com/a.png', detail }
      const content = [{ type: 'image_url', image_url }]
      return inputOf(estimateByBytes(read({ messages: [{ content }] }, { ...model, name })))
    }
    for (const name of ['gpt-4o', 'gpt-5.4']) assert.ok(of(undefined, name) < 7_000)
    assert.ok(of('high', 'gpt-5.5') < 7_000)
    for (const [detail, name] of [
      ['original', 'gpt-5.4'],
      ['auto', 'gpt-5.5'],
      [undefined, 'gpt-5.5-2026-04-23'],
    ] as const)
      assert.ok(of(detail, name) > 24_600, `${detail} on ${name}`)
  })

  test('takes the dearest of the prices that a call may end up with', () => {
    const dear = { input: 3_000_000, cacheWrite: 5_000_000, output: 9_000_000 }
    const tiers = [
      ...terms.tiers.map((tier) => ({ ...tier, upToInputTokens: 1_000 })),
      { upToInputTokens: null, prices: dear },
    ]
    const risen = { ...terms, tiers }
    const offers = [{ ...model.offers[0]!, terms: risen }]
    const stepped = { ...model, terms: risen, offers }
    const ask = (chars: number) =>
      estimateByBytes(read({ messages: [{ role: 'user', content: 'x'.repeat(chars) }] }, stepped))
    assert.equal(ask(10).outputScaledPerToken, 2n * million)
    assert.equal(ask(2_000).outputScaledPerToken, 9n * million)
    assert.ok(inputOf(ask(2_000)) > 10_000)
  })
})

test('searches are held of a model that makes some unasked, and of others where they are told to', () => {
  const searched = (name: string, body: object = {}, allowed: string[] = []) => {
    const prices = { input: 0, output: 0, searches: 1_000_000 }
    const own: TermsNow = { ...terms, tiers: [{ upToInputTokens: null, prices }] }
    const offers = model.offers.map((offer) => ({ ...offer, terms: own }))
    const of = { ...model, name, offers, terms: own }
    const raw = JSON.stringify({ model: name, messages: [{ role: 'user', content: 'a' }], ...body })
    const call = readChat(Buffer.from(raw), catalogOf(of), new Date(), new Set(allowed))
    return inputOf(estimateByBytes(atOnce(call)))
  }
  for (const name of [
    'sonar-pro',
    'gpt-4o-search-preview',
    'o3-deep-research',
    'grok-4',
    'x/sonar',
  ])
    assert.equal(searched(name), 8, name)
  for (const name of ['gpt-5', 'openai/gpt-5.6-sol', 'o3', 'claude-sonnet-5', 'codex-mini'])
    assert.equal(searched(name), 0, name)
  const options = { web_search_options: {} }
  assert.equal(searched('gpt-5', options, ['web_search_options']), 8)
  const tools = [{ type: 'web_search' }]
  assert.equal(searched('gpt-5', { tools }, ['tools.web_search']), 8)
  assert.equal(searched('gpt-5', { tools: [{ type: 'function' }] }), 0)
})

describe('a call that may go where no limit bounds the output', () => {
  test('is held for all that its model can say, whatever limit the client names', async () => {
    const messages = [{ role: 'user', content: 'hello' }]
    for (const limit of [{ max_tokens: 5 }, { max_completion_tokens: 5 }, {}]) {
      const call = readText(JSON.stringify({ model: model.name, messages, ...limit }))
      const own = 'max_tokens' in limit || 'max_completion_tokens' in limit ? 5 : null
      assert.equal(estimateByBytes(call).outputTokensWanted, own)
      call.isUnlimited = true
      for (const ask of [estimateByBytes(call), await estimateExactly(call)]) {
        const { outputTokensWanted, outputTokensMax } = ask
        assert.deepEqual([outputTokensWanted, outputTokensMax], [10_000, 10_000])
      }
    }
  })
})
