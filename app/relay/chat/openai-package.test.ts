import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import OpenAI from 'openai'
import type { ChatCompletionChunk } from 'openai/resources/chat/completions'
import { countText } from '../../../dev/fakes/upstream/demo-upstream.server.ts'
import { listPrice, startStage, type Stage } from '../../../test/stage.ts'

let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

const say = (content: string) => [{ role: 'user' as const, content }]
const model = 'gpt-4o-mini'
const tools = [
  {
    type: 'function' as const,
    function: {
      name: 'get_weather',
      parameters: {
        type: 'object',
        properties: { city: { type: 'string', minLength: 30 } },
        required: ['city'],
      },
    },
  },
]

async function collect(stream: AsyncIterable<ChatCompletionChunk>) {
  const chunks: ChatCompletionChunk[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}
const textOf = (chunks: ChatCompletionChunk[], index = 0) =>
  chunks
    .flatMap(({ choices }) => choices.filter((choice) => choice.index === index))
    .map(({ delta }) => delta.content ?? '')
    .join('')

/** The last call was charged what the upstream counted, at the published price. */
async function expectExactCharge() {
  const call = await stage.lastCall()
  const served = stage.servedFor(call)
  assert.equal(call.outcome, 'completed')
  assert.equal(call.source, 'upstream')
  assert.equal(call.cost, listPrice(call.model, served))
  assert.ok(call.cost > 0)
  return call
}

test('a plain call answers, with the id and the cost of its row', async () => {
  const { data, response, request_id } = await stage
    .openai()
    .chat.completions.create({ model, messages: say('hello') })
    .withResponse()
  const call = await expectExactCharge()
  assert.equal(data.choices[0]?.finish_reason, 'stop')
  assert.equal(countText(data.choices[0]?.message.content ?? ''), call.output)
  assert.equal((data as { _request_id?: string })._request_id, call.requestId)
  assert.equal(request_id, call.requestId)
  assert.equal(response.headers.get('x-request-id'), call.requestId)
  assert.equal(Math.round(Number(response.headers.get('x-relay-cost-usd')) * 1e9), call.cost)
  assert.match(call.client ?? '', /^OpenAI\/JS/)
})

test('a stream that does not ask for usage has no usage chunk and no empty choices', async () => {
  const chunks = await collect(
    await stage
      .openai()
      .chat.completions.create({ model, messages: say('hello again'), stream: true }),
  )
  const call = await expectExactCharge()
  assert.equal(call.streamed, 1)
  assert.equal(countText(textOf(chunks)), call.output)
  assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'stop')
  assert.ok(chunks.every(({ choices, usage }) => choices.length === 1 && !usage))
})

test('a stream that asks for usage gets its chunk, and the charge agrees with it', async () => {
  const chunks = await collect(
    await stage.openai().chat.completions.create({
      model,
      messages: say('and how many were there?'),
      stream: true,
      stream_options: { include_usage: true },
    }),
  )
  const call = await expectExactCharge()
  assert.deepEqual(chunks.at(-1)?.choices, [])
  assert.equal(chunks.at(-1)?.usage?.prompt_tokens, call.input)
  assert.equal(chunks.at(-1)?.usage?.completion_tokens, call.output)
})

test('tools are called, plain and streamed alike', async () => {
  const asked = { model, messages: say('[[tool]] in Paris?'), tools }
  const plain = await stage.openai().chat.completions.create(asked)
  await expectExactCharge()
  const [called] = plain.choices[0]?.message.tool_calls ?? []
  assert.ok(called?.type === 'function')
  assert.deepEqual(Object.keys(JSON.parse(called.function.arguments) as object), ['city'])
  const stream = stage.openai().chat.completions.stream({ ...asked, stream: true })
  const [again] = (await stream.finalChatCompletion()).choices[0]?.message.tool_calls ?? []
  await expectExactCharge()
  assert.ok(again?.type === 'function')
  assert.equal(again.function.name, 'get_weather')
  assert.equal(again.function.arguments, called.function.arguments)
})

test('n: 2 gives two choices, and both are charged', async () => {
  const asked = { model, messages: say('two of them'), n: 2 }
  const plain = await stage.openai().chat.completions.create(asked)
  const call = await expectExactCharge()
  const texts = plain.choices.map(({ message }) => message.content ?? '')
  assert.equal(texts.length, 2)
  assert.equal(countText(texts[0]!) + countText(texts[1]!), call.output)
  const chunks = await collect(
    await stage.openai().chat.completions.create({ ...asked, stream: true }),
  )
  await expectExactCharge()
  assert.deepEqual([textOf(chunks, 0), textOf(chunks, 1)], texts)
})

test('response_format json_schema gives an answer of that form', async () => {
  const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 7 } } }
  const completion = await stage.openai().chat.completions.create({
    model,
    messages: say('how old?'),
    response_format: { type: 'json_schema', json_schema: { name: 'age', schema } },
  })
  await expectExactCharge()
  assert.deepEqual(JSON.parse(completion.choices[0]?.message.content ?? ''), { age: 7 })
})

test('pictures among the words go through', async () => {
  const url = `data:image/png;base64,${'A'.repeat(100_000)}`
  const completion = await stage.openai().chat.completions.create({
    model,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'what is this?' },
          { type: 'image_url', image_url: { url } },
        ],
      },
    ],
  })
  const call = await expectExactCharge()
  assert.ok(completion.choices[0]?.message.content)
  assert.ok(call.input > 85 && call.input < 200)
})

test('models are listed and shown as far as the key may use them', async () => {
  const everything = (await stage.openai().models.list()).data.map(({ id }) => id)
  assert.ok(everything.includes('gpt-4o') && everything.includes('gpt-5.6-sol'))
  assert.ok(everything.includes('text-embedding-3-small'))
  const few = await stage.newCustomer({ models: ['gpt-4o', 'gpt-4.1-nano', 'no-such-model'] })
  const client = stage.openai({ customer: few })
  const listed = (await client.models.list()).data
  assert.deepEqual(
    listed.map(({ id, object, owned_by }) => [id, object, owned_by]),
    [
      'gpt-4.1-nano',
      'gpt-4.1-nano-2025-04-14',
      'gpt-4o',
      'gpt-4o-2024-08-06',
      'gpt-4o-2024-11-20',
    ].map((id) => [id, 'model', 'openai']),
  )
  assert.ok(Number.isInteger(listed[0]?.created))
  assert.equal((await client.models.retrieve('gpt-4o')).id, 'gpt-4o')
  await assert.rejects(client.models.retrieve(model), OpenAI.NotFoundError)
  await assert.rejects(
    client.chat.completions.create({ model, messages: say('may I?') }),
    OpenAI.PermissionDeniedError,
  )
  await assert.rejects(
    stage.openai({ apiKey: `sk-${'0'.repeat(32)}` }).models.list(),
    OpenAI.AuthenticationError,
  )
})

test('a hundred calls at once, half of them streamed, are each charged exactly once', async () => {
  const many = await stage.newCustomer()
  const client = stage.openai({ customer: many })
  const completions = client.chat.completions
  await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const asked = { model, messages: say(`question ${index}`) }
      if (index % 2) await completions.create(asked)
      else await collect(await completions.create({ ...asked, stream: true }))
    }),
  )
  const calls = await stage.callsOf(many)
  assert.equal(calls.length, 100)
  for (const call of calls) assert.equal(call.cost, listPrice(model, stage.servedFor(call)))
})
