import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import OpenAI from 'openai'
import { startDemoUpstream, type DemoUpstream } from './demo-upstream.server.ts'
import { lastServed } from '../../../test/raw-client.ts'
import { countText } from './text/tokens.ts'

let upstream: DemoUpstream
let client: OpenAI
before(async () => {
  upstream = await startDemoUpstream({ pace: 'fast' })
  client = new OpenAI({ baseURL: upstream.url, apiKey: upstream.apiKey, maxRetries: 0 })
})
after(() => upstream.close())

const messages = [{ role: 'user' as const, content: 'Say something plain.' }]

test('the openai package reads a plain answer', async () => {
  const answer = await client.chat.completions.create({ model: 'gpt-4o', messages })
  const content = answer.choices[0]?.message.content ?? ''
  assert.equal(answer.usage?.completion_tokens, countText(content))
  assert.equal(upstream.servedBy(String(answer._request_id))?.outcome, 'completed')
})

for (const oddity of ['', '+crlf', '+comment', '+multi-line', '+split', '+unicode', '+gzip']) {
  test(`the openai package reads a stream ${oddity}`, async () => {
    const stream = await client.chat.completions.create({
      model: `gpt-4o${oddity}`,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ''
    let tokens: number | undefined
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      tokens = chunk.usage?.completion_tokens ?? tokens
    }
    assert.equal(tokens, countText(text))
    assert.equal((await lastServed(upstream)).outcome, 'completed')
  })
}

test('the openai package finds its own error classes', async () => {
  const create = (model: string) => client.chat.completions.create({ model, messages })
  await assert.rejects(create('demo-status:429'), OpenAI.RateLimitError)
  await assert.rejects(create('demo-status:404'), OpenAI.NotFoundError)
  await assert.rejects(create('demo-status:500'), OpenAI.InternalServerError)
  await assert.rejects(create('demo-reset:0'), OpenAI.APIConnectionError)
})

test('the openai package lists the models and parses a tool call', async () => {
  const models = await client.models.list()
  assert.ok(models.data.some((model) => model.id === 'gpt-4o'))
  const parameters = { type: 'object', properties: { city: { type: 'string' } } }
  const answer = await client.chat.completions.create({
    model: 'gpt-4o',
    messages,
    tools: [{ type: 'function', function: { name: 'forecast', parameters } }],
    tool_choice: { type: 'function', function: { name: 'forecast' } },
  })
  const call = answer.choices[0]?.message.tool_calls?.[0]
  assert.equal(call?.type === 'function' && call.function.arguments, '{"city":"demo"}')
})
