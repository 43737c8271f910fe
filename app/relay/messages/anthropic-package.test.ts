import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import Earlier from 'anthropic-sdk-0'
import { publishedPrice } from '../../../test/upstreams/published-price.ts'
import { startStage, type Stage } from '../../../test/stage.ts'

let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

const model = 'claude-sonnet-5'
const say = (content: string) => [{ role: 'user' as const, content }]
const asked = (content: string) => ({ model, max_tokens: 2_000, messages: say(content) })
const tools: Anthropic.Tool[] = [
  {
    name: 'get_weather',
    input_schema: {
      type: 'object',
      properties: { city: { type: 'string', minLength: 30 } },
      required: ['city'],
    },
  },
]

/** The last call was charged what the upstream counted, at the published price. */
async function expectExactCharge() {
  const call = await stage.lastCall()
  assert.deepEqual([call.outcome, call.source, call.charges], ['completed', 'upstream', 1])
  assert.equal(call.cost, publishedPrice(call.model, stage.servedFor(call)))
  assert.ok(call.cost > 0)
  return call
}

const settings = (secret: string) => ({
  baseURL: new URL(stage.relay.url).origin,
  apiKey: secret,
  maxRetries: 0,
})
/** The package that is current, and the last one before it: the same calls go through both. */
const packages = {
  '1': (secret: string) => new Anthropic(settings(secret)),
  '0': (secret: string) => new Earlier(settings(secret)) as unknown as Anthropic,
}
const errors = { '1': Anthropic.APIError, '0': Earlier.APIError }

for (const major of ['1', '0'] as const) {
  const client = (secret = stage.customer.secret) => packages[major](secret)

  async function streamed(content: string) {
    const events: Anthropic.MessageStreamEvent[] = []
    const stream = await client().messages.create({ ...asked(content), stream: true })
    for await (const event of stream) events.push(event)
    return events
  }

  describe(`Anthropic’s package, version ${major}`, () => {
    test('plain: the text, and the id of its row', async () => {
      const message = await client().messages.create(asked('hello'))
      const call = await expectExactCharge()
      assert.ok(message.content[0]?.type === 'text' && message.content[0].text.length > 0)
      assert.equal(message.usage.output_tokens, call.output)
      assert.ok(!call.streamed)
    })

    test('streamed: the same message in pieces', async () => {
      const message = await client().messages.stream(asked('hello')).finalMessage()
      const call = await expectExactCharge()
      assert.ok(call.streamed)
      const plain = await client().messages.create(asked('hello'))
      assert.deepEqual(message.content[0], plain.content[0])
      const events = await streamed('hello')
      assert.equal(events.at(-1)?.type, 'message_stop')
    })

    test('tools are called, plain and streamed alike', async () => {
      const wish = { ...asked('[[tool]] in Paris?'), tools }
      const plain = await client().messages.create(wish)
      await expectExactCharge()
      const called = plain.content.find((it) => it.type === 'tool_use')
      assert.deepEqual(Object.keys(called?.input as object), ['city'])
      const message = await client().messages.stream(wish).finalMessage()
      await expectExactCharge()
      const again = message.content.find((it) => it.type === 'tool_use')
      assert.deepEqual([again?.name, again?.input], ['get_weather', called?.input])
      assert.equal(message.stop_reason, 'tool_use')
    })

    test('thoughts are shown and charged', async () => {
      const thinking = { type: 'enabled' as const, budget_tokens: 1_024 }
      const wish = { ...asked('why? [[reasoning:90]]'), thinking }
      for (const message of [
        await client().messages.create(wish),
        await client().messages.stream(wish).finalMessage(),
      ])
        assert.equal(message.content[0]?.type, 'thinking')
      assert.equal((await expectExactCharge()).reasoning, 90)
    })

    test('what is read from a cache, and written to it for a while or an hour', async () => {
      const long = 'a system prompt that is worth keeping '.repeat(20)
      for (const ttl of ['5m', '1h'] as const) {
        const kept = {
          type: 'text' as const,
          text: long,
          cache_control: { type: 'ephemeral' as const, ttl },
        }
        const message = await client().messages.create({ ...asked('hello'), system: [kept] })
        const call = await expectExactCharge()
        const served = stage.servedFor(call)
        assert.equal(message.usage.cache_creation_input_tokens, served.cacheWriteTokens)
        assert.ok(served.cacheWriteTokens > 0)
        assert.equal(served.cacheWrite1hTokens > 0, ttl === '1h')
      }
      await client().messages.create(asked(`${long} [[cached:50]]`))
      assert.equal((await expectExactCharge()).cached, 50)
    })

    test('one that is aborted is charged once, and no more than was made', async () => {
      const stream = await client().messages.create({
        ...asked('hello [[repeat:400]] [[pause:500]]'),
        stream: true,
      })
      for await (const event of stream)
        if (event.type === 'content_block_delta') stream.controller.abort()
      await stage.expectNothingHeld()
      const call = await stage.lastCall()
      assert.deepEqual([call.outcome, call.charges], ['disconnected', 1])
      assert.ok(call.cost > 0 && call.cost <= publishedPrice(call.model, stage.servedFor(call)))
    })

    test('tokens are counted for nothing', async () => {
      const { messages } = asked('how many are these?')
      const { input_tokens: tokens } = await client().messages.countTokens({ model, messages })
      const call = await stage.lastCall()
      assert.deepEqual([call.cost, call.charges], [0, 0])
      await client().messages.create(asked('how many are these?'))
      assert.equal((await expectExactCharge()).input, tokens)
    })

    for (const fault of ['end-early:4', 'reset:5', 'no-done', 'half-json', 'error-event:6'])
      test(`a stream that ends early is an error: ${fault}`, async () => {
        await assert.rejects(streamed(`hello [[${fault}]]`), errors[major])
        assert.equal((await stage.lastCall()).outcome, 'failed')
      })

    test('what may not be, is an error of its kind', async () => {
      const poor = await stage.newCustomer({ balanceNanos: 1 })
      await assert.rejects(client(poor.secret).messages.create(asked('hello')), (error) => {
        assert.ok(error instanceof errors[major])
        assert.equal(error.status, 402)
        assert.equal((error.error as { error: { type: string } }).error.type, 'billing_error')
        return true
      })
      const nobody = client(`sk-${'0'.repeat(32)}`)
      await assert.rejects(nobody.messages.create(asked('hello')), { status: 401 })
    })
  })
}
