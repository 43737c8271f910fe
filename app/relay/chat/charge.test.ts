import assert from 'node:assert/strict'
import { after, afterEach, before, describe, mock, test } from 'node:test'
import OpenAI from 'openai'
import type { CallRow } from '../../../test/calls.ts'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'
import { chunks } from './said.ts'

let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

type Given = { model?: string; content: string; body?: object }

async function call({ model = 'gpt-4o-mini', content, body }: Given, stream: boolean) {
  const messages = [{ role: 'user', content }]
  const { status, text, headers } = await stage.ask({ body: { model, messages, stream, ...body } })
  assert.equal(status, 200, text.slice(0, 500))
  return stage.waitForCall(headers['x-request-id'])
}
const tokensOf = ({ input, cached, cacheWrite, output, reasoning }: CallRow) => [
  input,
  cached,
  cacheWrite,
  output,
  reasoning,
]

test('a stream that says all of what it used is never looked into', async () => {
  const heard = mock.method(chunks, 'heard')
  const row = await call({ content: 'how much is this?' }, true)
  heard.mock.restore()
  assert.deepEqual([row.outcome, row.source], ['completed', 'upstream'])
  assert.equal(heard.mock.callCount(), 0)
})

describe('the charge is the upstream’s own count times the published price, to the nano', () => {
  const long = 'a '.repeat(272_100)
  const cases: [string, Given & { basisPoints?: number }][] = [
    ['a few words', { content: 'how much is this?' }],
    ['a dear model', { model: 'gpt-4', content: 'and this? [[repeat:333]]' }],
    ['cached input', { content: `${'much '.repeat(500)} [[cached:311]]` }],
    ['cached input without a price of its own', { model: 'gpt-4', content: 'x [[cached:9]]' }],
    ['input written to the cache', { model: 'gpt-5.6-sol', content: 'x [[cache-write:13]]' }],
    [
      'all classes together',
      { model: 'gpt-6-sol', content: 'w '.repeat(300) + '[[cached:77]] [[cache-write:101]]' },
    ],
    ['reasoning', { model: 'o3', content: '[[reasoning:777]]' }],
    ['a context just long enough for the next price', { model: 'gpt-5.6-sol', content: long }],
    ['a long context of an older model', { model: 'gpt-5.5', content: long }],
    [
      'priority',
      {
        model: 'gpt-5.1',
        content: 'quick! [[cached:5]]',
        basisPoints: 20_000,
        body: priority('priority'),
      },
    ],
    [
      'priority at two and a half times the price',
      {
        model: 'gpt-5.5',
        content: 'quick! [[cached:5]]',
        basisPoints: 25_000,
        body: priority('priority'),
      },
    ],
    ['the default tier', { model: 'gpt-5.1', content: 'when you can', body: priority('default') }],
    [
      'flex',
      {
        model: 'gpt-5.6-sol',
        content: 'some day [[cached:3]]',
        basisPoints: 5_000,
        body: priority('flex'),
      },
    ],
    ['an unlimited answer', { model: 'gpt-4.1', content: '[[repeat:5000]]' }],
    ['an answer cut by its limit', { content: '[[repeat:500]]', body: { max_tokens: 7 } }],
  ]
  for (const [name, given] of cases) {
    test(name, async () => {
      const { model = 'gpt-4o-mini', basisPoints } = given
      for (const stream of [false, true]) {
        const row = await call(given, stream)
        const served = stage.servedFor(row)
        assert.deepEqual(tokensOf(row), [
          served.promptTokens,
          served.cachedTokens,
          served.cacheWriteTokens,
          served.completionTokens,
          served.reasoningTokens,
        ])
        assert.equal(row.cost, listPrice(model, served, basisPoints))
        if (given.content === long) assert.ok(row.input > 272_000)
        assert.ok(row.cost > 0 && row.cost <= row.hold)
        assert.deepEqual([row.source, row.flag, row.overrun], ['upstream', null, 0])
      }
    })
  }
})

function priority(tier: string) {
  return { service_tier: tier }
}

test('a service tier without a known price is refused before anything is held', async () => {
  for (const [model, tier] of [
    ['gpt-4o-mini', 'priority'],
    ['gpt-5.5-pro', 'priority'],
    ['gpt-5.1', 'constructor'],
    ['gpt-5.1', '__proto__'],
  ]) {
    const messages = [{ role: 'user', content: 'quick!' }]
    const answer = await stage.ask({ body: { model, messages, service_tier: tier } })
    assert.equal(answer.status, 400)
    assert.equal(
      (JSON.parse(answer.text) as { error: { param: string } }).error.param,
      'service_tier',
    )
  }
})

describe('what a refusal says is affordable', () => {
  const cases: { model: string; content: string; nanos: number; n?: number; budget?: true }[] = [
    { model: 'gpt-4o-mini', content: 'hello', nanos: 50_000 },
    { model: 'gpt-4o-mini', content: 'hello', nanos: 50_001, n: 2 },
    { model: 'gpt-4', content: 'write a long poem '.repeat(40), nanos: 31_000_000 },
    { model: 'gpt-5.6-sol', content: 'naïve 你好 🚀 '.repeat(20), nanos: 9_999_999 },
    { model: 'gpt-6-luna', content: 'x', nanos: 12_345, n: 7 },
    { model: 'o3', content: 'think', nanos: 1_000_000, budget: true },
  ]
  for (const { model, content, nanos, n = 1, budget } of cases) {
    const title = `is exactly what passes: ${model}, ${nanos} nanos, n ${n}${budget ? ', budget' : ''}`
    test(title, async () => {
      const money = budget ? { budgetNanos: nanos } : { balanceNanos: nanos }
      const customer = await stage.newCustomer(money)
      // Retries would hide a second refusal, and the answer is kept at one token a choice.
      const completions = stage.openai({ customer }).chat.completions
      const ask = (max_tokens: number) => {
        const messages = [{ role: 'user' as const, content: `${content} [[repeat:1]]` }]
        return completions.create({ model, messages, n, max_tokens })
      }
      const refusal = await ask(10_000).catch((error: unknown) => error)
      assert.ok(refusal instanceof OpenAI.APIError && refusal.status === 402)
      const { max_tokens_affordable: fits, needed_usd } = refusal.error as Record<string, unknown>
      assert.ok(Number(fits) > 0 && Number(needed_usd) > 0)
      await assert.rejects(ask(Number(fits) + 1), { status: 402 })
      await ask(Number(fits))
      const row = await stage.lastCall(customer)
      assert.deepEqual([row.outcome, row.tokensMax], ['completed', fits])
      assert.ok(row.hold <= nanos)
    })
  }
})

test('text is held for wherever it stands, and so is what nobody can size', async () => {
  // All that the model reads costs $0.0192.
  const customer = await stage.newCustomer({ balanceNanos: 10_000_000 })
  const long = 'all work and no play '.repeat(20_000)
  const contents: unknown[] = [
    [{ type: 'refusal', refusal: long }],
    { a: long },
    [long],
    [{ type: 'image_url', image_url: { url: long } }],
    [{ type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } }],
  ]
  for (const content of contents) {
    const messages = [{ role: 'user', content }]
    const answer = await stage.ask({ customer, body: { model: 'gpt-4o-mini', messages } })
    assert.equal(answer.status, 402, JSON.stringify(content).slice(0, 60))
  }
  const { status } = await stage.ask({ customer, body: { model: 'gpt-4o-mini', max_tokens: 5 } })
  assert.equal(status, 200)
})
