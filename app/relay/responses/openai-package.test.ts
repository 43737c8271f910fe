import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import OpenAI from 'openai'
import { publishedPrice } from '../../../test/upstreams/published-price.ts'
import { startStage, type Stage } from '../../../test/stage.ts'

let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

const model = 'gpt-5'
const parameters = {
  type: 'object',
  properties: { city: { type: 'string', minLength: 30 } },
  required: ['city'],
  additionalProperties: false,
}
const tools: OpenAI.Responses.FunctionTool[] = [
  { type: 'function', name: 'get_weather', strict: true, parameters },
]

/** The last call was charged what the upstream counted, at the published price. */
async function expectExactCharge() {
  const call = await stage.lastCall()
  assert.deepEqual([call.outcome, call.source, call.charges], ['completed', 'upstream', 1])
  assert.equal(call.cost, publishedPrice(call.model, stage.servedFor(call)))
  assert.ok(call.cost > 0)
  return call
}

async function eventsOf(stream: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>) {
  const events: OpenAI.Responses.ResponseStreamEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}
const streamed = async (input: string, more: { model?: string } = {}) =>
  eventsOf(await stage.openai().responses.create({ model, input, stream: true, ...more }))

describe('OpenAI’s package, for responses', () => {
  test('plain: the text, and the id of its row', async () => {
    const response = await stage.openai().responses.create({ model, input: 'hello' })
    const call = await expectExactCharge()
    assert.ok(response.output_text.length > 0)
    assert.equal(response.status, 'completed')
    assert.equal(response.usage?.output_tokens, call.output)
    assert.equal(response._request_id, call.requestId)
  })

  test('streamed: the same text in pieces, to the event that is last', async () => {
    const events = await streamed('hello')
    await expectExactCharge()
    const pieces = events.map((it) => (it.type === 'response.output_text.delta' ? it.delta : ''))
    const last = events.at(-1)
    assert.ok(last?.type === 'response.completed')
    const plain = await stage.openai().responses.create({ model, input: 'hello' })
    assert.equal(pieces.join(''), plain.output_text)
  })

  test('tools are called, plain and streamed alike', async () => {
    const asked = { model, input: '[[tool]] in Paris?', tools }
    const plain = await stage.openai().responses.create(asked)
    await expectExactCharge()
    const called = plain.output.find((it) => it.type === 'function_call')
    assert.deepEqual(Object.keys(JSON.parse(called?.arguments ?? '') as object), ['city'])
    const response = await stage.openai().responses.stream(asked).finalResponse()
    await expectExactCharge()
    const again = response.output.find((it) => it.type === 'function_call')
    assert.deepEqual([again?.name, again?.arguments], ['get_weather', called?.arguments])
  })

  test('an answer in a form is parsed', async () => {
    const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 7 } } }
    const response = await stage.openai().responses.parse({
      model,
      input: 'how old?',
      text: { format: { type: 'json_schema', name: 'age', schema } },
    })
    await expectExactCharge()
    assert.deepEqual(response.output_parsed, { age: 7 })
  })

  test('thoughts, and what was cached, are charged as such', async () => {
    const asked = { model, input: 'why? [[reasoning:90]] [[cached:5]]' }
    const { usage } = await stage.openai().responses.create(asked)
    const call = await expectExactCharge()
    assert.equal(usage?.output_tokens_details.reasoning_tokens, call.reasoning)
    assert.deepEqual([call.reasoning, call.cached], [90, 5])
  })

  test('searches are charged beside what they found', async () => {
    const web: OpenAI.Responses.Tool[] = [{ type: 'web_search' }]
    await stage.openai().responses.create({ model, input: 'what? [[search:3]]', tools: web })
    const call = await expectExactCharge()
    assert.equal(stage.servedFor(call).searches, 3)
  })

  test('a compaction', async () => {
    const compacted = await stage.openai().responses.compact({ model, input: 'a long talk' })
    await expectExactCharge()
    assert.equal(compacted.object, 'response.compaction')
    assert.ok(compacted.output.length > 0)
  })

  test('one that is aborted is charged once, and no more than was made', async () => {
    const stream = await stage.openai().responses.create({
      model: 'gpt-4o-mini',
      input: 'hello [[repeat:400]] [[stall:40]]',
      stream: true,
    })
    for await (const event of stream) {
      if (event.type !== 'response.output_text.delta') continue
      stream.controller.abort()
    }
    await stage.expectNothingHeld()
    const call = await stage.lastCall()
    assert.deepEqual([call.outcome, call.charges], ['disconnected', 1])
    assert.ok(call.cost > 0 && call.cost <= publishedPrice(call.model, stage.servedFor(call)))
  })

  const early = ['end-early:4', 'reset:5', 'no-done', 'half-json', 'error-event:6']
  for (const fault of early)
    test(`a stream that ends early is an error: ${fault}`, async () => {
      await assert.rejects(streamed(`hello [[${fault}]]`), OpenAI.APIError)
      const call = await stage.lastCall()
      assert.deepEqual([call.outcome, call.cost], ['failed', 0])
    })

  test('what may not be, is an error of its class', async () => {
    const poor = await stage.newCustomer({ balanceNanos: 1 })
    const { responses } = stage.openai({ customer: poor, maxRetries: 2 })
    const refused = { status: 402, code: 'insufficient_balance' }
    await assert.rejects(responses.create({ model, input: 'hello' }), refused)
    const nobody = stage.openai({ apiKey: `sk-${'0'.repeat(32)}`, maxRetries: 2 })
    const asked = { model, input: 'hello' }
    await assert.rejects(nobody.responses.create(asked), OpenAI.AuthenticationError)
  })
})

describe('OpenAI’s package, for vectors and verdicts', () => {
  const embedder = 'text-embedding-3-small'

  test('embeddings are the same numbers, as they stand and in base64', async () => {
    const input = ['hello', 'a longer text of several words']
    const ask = (encoding_format?: 'float' | 'base64') =>
      stage
        .openai()
        .embeddings.create({ model: embedder, input, ...(encoding_format && { encoding_format }) })
    const plain = await ask('float')
    const call = await expectExactCharge()
    assert.equal(plain.usage.prompt_tokens, call.input)
    // It asks for base64 by itself, and decodes that.
    const decoded = await ask()
    await expectExactCharge()
    const packed = await ask('base64')
    await expectExactCharge()
    for (const [at, { embedding }] of plain.data.entries()) {
      assert.equal(embedding.length, 1_536)
      const floats = [...new Float32Array(embedding)]
      assert.deepEqual([...(decoded.data[at]?.embedding ?? [])], floats)
      const bytes = Buffer.from(packed.data[at]?.embedding as unknown as string, 'base64')
      assert.deepEqual([...new Float32Array(new Uint8Array(bytes).buffer)], floats)
    }
  })

  test('embeddings of tokens by number', async () => {
    await stage.openai().embeddings.create({ model: embedder, input: [[1, 2, 3], [4]] })
    assert.equal((await expectExactCharge()).input, 4)
  })

  test('moderations are free', async () => {
    const verdict = await stage
      .openai()
      .moderations.create({ model: 'omni-moderation-latest', input: 'hello' })
    const call = await stage.lastCall()
    assert.equal(verdict.results.length, 1)
    assert.deepEqual([call.model, call.cost, call.charges], ['omni-moderation-latest', 0, 0])
  })
})
