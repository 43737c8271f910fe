import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { eventually } from '../../../command/eventually.ts'
import { startDemoUpstream, type DemoUpstream } from '../demo-upstream.server.ts'
import {
  ask,
  askStream,
  chunksIn,
  contentOf,
  eventsOf,
  lastServed,
} from '../../../../test/raw-client.ts'
import { countPrompt, countText } from '../text/tokens.ts'

let upstream: DemoUpstream
before(async () => (upstream = await startDemoUpstream({ pace: 'fast' })))
after(() => upstream.close())
beforeEach(() => upstream.reset())

type Plain = {
  choices: { message: { content: string; tool_calls?: Call[] }; finish_reason: string }[]
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number }
  service_tier?: string
}
type Call = { function: { name: string; arguments: string } }
const plain = (text: string) => JSON.parse(text) as Plain

test('a plain answer has the tokens it says, and the log of what was served agrees', async () => {
  const { status, headers, text } = await ask(upstream, { say: 'Hello there' })
  const { choices, usage } = plain(text)
  const prompt = countPrompt([{ role: 'user', content: 'Hello there' }])
  const completion = countText(choices[0]?.message.content ?? '')
  assert.equal(status, 200)
  assert.equal(usage.prompt_tokens, prompt)
  assert.equal(usage.completion_tokens, completion)
  assert.equal(usage.total_tokens, prompt + completion)
  const served = upstream.servedBy(String(headers['x-request-id']))
  assert.equal(served?.outcome, 'completed')
  assert.equal(served?.promptTokens, prompt)
  assert.equal(served?.completionTokens, completion)
  assert.equal(served?.deliveredTokens, completion)
  assert.deepEqual(served?.reportedUsage, usage)
})

test('a streamed answer is OpenAI in shape: role first, usage last, null between', async () => {
  const { headers, text } = await askStream(upstream, { say: 'Hello there' })
  const chunks = chunksIn(text)
  const { choices } = plain((await ask(upstream, { say: 'Hello there' })).text)
  assert.match(String(headers['content-type']), /^text\/event-stream/)
  assert.equal(eventsOf(text).at(-1), '[DONE]')
  assert.deepEqual(chunks[0]?.choices[0]?.delta, { role: 'assistant', content: '' })
  assert.equal(contentOf(chunks), choices[0]?.message.content)
  assert.deepEqual(chunks.at(-1)?.choices, [])
  assert.equal(chunks.at(-1)?.usage?.completion_tokens, countText(contentOf(chunks)))
  assert.ok(chunks.slice(0, -1).every((chunk) => chunk.usage === null))
  assert.equal(chunks.at(-2)?.choices[0]?.finish_reason, 'stop')
  assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1)
  assert.equal(upstream.served()[0]?.deliveredEvents, chunks.length + 1)
})

test('a stream without include_usage does not mention usage', async () => {
  const { text } = await ask(upstream, { body: { stream: true } })
  assert.ok(!text.includes('usage'))
  assert.equal(upstream.served()[0]?.reportedUsage, null)
})

for (const limit of ['max_tokens', 'max_completion_tokens']) {
  test(`${limit} cuts the answer to that many tokens`, async () => {
    const { choices, usage } = plain((await ask(upstream, { body: { [limit]: 7 } })).text)
    assert.equal(choices[0]?.finish_reason, 'length')
    assert.equal(usage.completion_tokens, 7)
    assert.equal(countText(choices[0]?.message.content ?? ''), 7)
  })
}

test('several choices are all there and all counted', async () => {
  const { choices, usage } = plain((await ask(upstream, { body: { n: 3 } })).text)
  const texts = choices.map((choice) => choice.message.content)
  assert.equal(new Set(texts).size, 3)
  assert.equal(
    usage.completion_tokens,
    texts.reduce((sum, text) => sum + countText(text), 0),
  )
  const chunks = chunksIn((await askStream(upstream, { body: { n: 3 } })).text)
  for (const [index, text] of texts.entries()) assert.equal(contentOf(chunks, index), text)
})

const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
}
const tools = [{ type: 'function', function: { name: 'forecast', parameters } }]

test('a tool is called when asked for, plain and streamed', async () => {
  const args = { city: 'demo', days: 1 }
  const { choices, usage } = plain((await ask(upstream, { say: '[[tool]]', body: { tools } })).text)
  const call = choices[0]?.message.tool_calls?.[0]?.function
  assert.equal(choices[0]?.finish_reason, 'tool_calls')
  assert.deepEqual(JSON.parse(call?.arguments ?? ''), args)
  assert.equal(usage.completion_tokens, countText('forecast') + countText(JSON.stringify(args)))
  const body = { tools, tool_choice: 'required' }
  const chunks = chunksIn((await askStream(upstream, { body })).text)
  const parts = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])
  const whole = parts.map((part) => (part.function as { arguments: string }).arguments).join('')
  assert.deepEqual(JSON.parse(whole), args)
})

test('a response format gets JSON that fits it', async () => {
  const json_schema = { name: 'x', schema: { ...parameters, required: ['city', 'days'] } }
  const body = { response_format: { type: 'json_schema', json_schema } }
  const fits = plain((await ask(upstream, { body })).text)
  assert.deepEqual(JSON.parse(fits.choices[0]?.message.content ?? ''), { city: 'demo', days: 1 })
  const object = plain(
    (await ask(upstream, { body: { response_format: { type: 'json_object' } } })).text,
  )
  assert.ok('answer' in JSON.parse(object.choices[0]?.message.content ?? ''))
})

test('the service tier comes back', async () => {
  const body = { service_tier: 'flex' }
  assert.equal(plain((await ask(upstream, { body })).text).service_tier, 'flex')
})

const wrong: [name: string, given: object, status: number, param: string | null][] = [
  ['a body that is no JSON', { rawBody: '{"model":' }, 400, null],
  ['a body that is no object', { rawBody: '[]' }, 400, null],
  ['no model', { body: { model: undefined } }, 400, 'model'],
  ['no messages', { body: { messages: undefined } }, 400, 'messages'],
  ['messages that are none', { body: { messages: ['hello'] } }, 400, 'messages'],
  ['a limit of nothing', { body: { max_tokens: 0 } }, 400, 'max_tokens'],
  ['too many choices', { body: { n: 129 } }, 400, 'n'],
  ['tools without a name', { body: { tools: [{}] } }, 400, 'tools'],
  ['stream options on a plain call', { body: { stream_options: {} } }, 400, 'stream_options'],
  ['both limits', { body: { max_tokens: 1, max_completion_tokens: 1 } }, 400, 'max_tokens'],
  ['a wrong key', { apiKey: 'sk-wrong' }, 401, null],
  ['a body over 32 MiB', { rawBody: ' '.repeat(32 * 1024 * 1024 + 1) }, 413, null],
]
for (const [name, given, status, param] of wrong) {
  test(`${name} gets ${status} in OpenAI's shape`, async () => {
    const answer = await ask(upstream, given)
    const { error } = JSON.parse(answer.text) as { error: Record<string, unknown> }
    assert.equal(answer.status, status)
    assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code'])
    assert.equal(error.param, param)
    assert.equal((await lastServed(upstream)).outcome, 'error')
  })
}

test('a body nested too deeply is an error and not the end of the server', async () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000)
  const messages = '[{"role":"user","content":"x"}]'
  const tools = `[{"function":{"name":"f"},"x":${deep}}]`
  const rawBody = `{"model":"m","messages":${messages},"tools":${tools}}`
  assert.equal((await ask(upstream, { rawBody })).status, 500)
  assert.equal((await ask(upstream, {})).status, 200)
})

test('models, behaviours and the log of what was served are served, and nothing else is', async () => {
  const authorization = `Bearer ${upstream.apiKey}`
  const models = await fetch(`${upstream.url}/models`, { headers: { authorization } })
  const list = (await models.json()) as { object: string; data: { object: string }[] }
  assert.equal(list.object, 'list')
  assert.ok(list.data.every((model) => model.object === 'model'))
  assert.equal((await fetch(`${upstream.url}/models`)).status, 401)
  assert.equal((await fetch(`${upstream.url}/images/generations`, { method: 'POST' })).status, 404)
  const root = upstream.url.slice(0, -'/v1'.length)
  assert.ok('slow' in ((await (await fetch(`${root}/behaviours`)).json()) as object))
  await ask(upstream, {})
  assert.deepEqual(await (await fetch(`${root}/served`)).json(), upstream.served())
  await fetch(`${root}/served/reset`, { method: 'POST' })
  assert.deepEqual(upstream.served(), [])
})

test('what is the operator’s own is in the headers, for a relay to strip', async () => {
  const { headers } = await ask(upstream, {})
  assert.equal(headers['openai-organization'], 'org-demo-secret')
  assert.match(String(headers['set-cookie']), /__cf_bm=demo/)
  assert.match(String(headers['x-request-id']), /^req_demo_/)
})

test('a client that leaves while it still sends is noted', async () => {
  const socket = connect(upstream.port, '127.0.0.1')
  await once(socket, 'connect')
  const head = 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n'
  socket.write(`${head}{"model":`)
  await eventually('the upstream has a request', () => upstream.openRequests() === 1)
  socket.destroy()
  assert.equal((await lastServed(upstream)).outcome, 'aborted-by-client')
})
