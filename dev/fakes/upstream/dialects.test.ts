import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startDemoUpstream, type DemoUpstream } from './demo-upstream.server.ts'
import { countText } from './text/tokens.ts'

let upstream: DemoUpstream
before(async () => (upstream = await startDemoUpstream({ pace: 'fast' })))
after(() => upstream.close())

type Members = Record<string, unknown>
type Event = Members & { type: string }

const headers = () => ({
  'content-type': 'application/json',
  'x-api-key': upstream.apiKey,
  authorization: `Bearer ${upstream.apiKey}`,
  'anthropic-version': '2023-06-01',
})

async function post(path: string, body: Members) {
  const text = JSON.stringify(body)
  const url = `${upstream.url}/${path}`
  const answer = await fetch(url, { method: 'POST', headers: headers(), body: text })
  const said = await answer.text()
  const served = upstream.served().at(-1)
  assert.ok(served)
  assert.equal(served.bodySha256, createHash('sha256').update(text).digest('hex'))
  return { status: answer.status, text: said, served, id: answer.headers.get('request-id') }
}

const whole = (text: string) => JSON.parse(text) as Members
const eventsIn = (text: string) =>
  text
    .split('\n\n')
    .slice(0, -1)
    .map((frame) => {
      const [name, data] = frame.split('\n') as [string, string]
      const event = JSON.parse(data.replace('data: ', '')) as Event
      assert.equal(name, `event: ${event.type}`)
      return event
    })

test('a response says what it used, plain and as its last event, and has no [DONE]', async () => {
  const body = { model: 'gpt-5', input: 'hello there [[reasoning:5]]' }
  const plain = await post('responses', body)
  const { usage, output, status } = whole(plain.text) as {
    usage: Members
    output: { type: string; content?: { text: string }[] }[]
    status: string
  }
  assert.equal(status, 'completed')
  const said = output.at(-1)?.content?.[0]?.text ?? ''
  assert.equal(usage.output_tokens, countText(said) + 5)
  assert.equal(usage.output_tokens, plain.served.completionTokens)
  assert.equal(usage.input_tokens, plain.served.promptTokens)
  const streamed = await post('responses', { ...body, stream: true })
  const events = eventsIn(streamed.text)
  assert.deepEqual(
    events.map(({ sequence_number }) => sequence_number),
    events.map((_, at) => at),
  )
  assert.deepEqual((events.at(-1)?.response as Members).usage, usage)
  assert.equal(events.at(-1)?.type, 'response.completed')
  const deltas = events.filter(({ type }) => type === 'response.output_text.delta')
  assert.equal(deltas.map(({ delta }) => delta).join(''), said)
  assert.deepEqual(streamed.served.reportedUsage, usage)
  assert.equal(streamed.served.completionTokens, usage.output_tokens)
})

test('a message says what it used, and its stream says it in two parts', async () => {
  const control = { cache_control: { type: 'ephemeral', ttl: '1h' } }
  const system = [{ type: 'text', text: 'be plain and short', ...control }]
  const messages = [{ role: 'user', content: 'hello there [[reasoning:5]]' }]
  const body = { model: 'claude-sonnet-4-5', max_tokens: 1_000, system, messages }
  const plain = await post('messages?beta=true', body)
  const message = whole(plain.text) as { usage: Members; content: Members[]; stop_reason: string }
  assert.equal(message.stop_reason, 'end_turn')
  assert.equal(plain.served.url, '/v1/messages?beta=true')
  assert.equal(plain.served.id, plain.id)
  const { usage } = message
  assert.equal(usage.output_tokens, plain.served.completionTokens)
  assert.ok(plain.served.cacheWrite1hTokens > 0)
  assert.equal(usage.cache_creation_input_tokens, plain.served.cacheWriteTokens)
  const { cacheWriteTokens, promptTokens } = plain.served
  assert.equal(usage.input_tokens, promptTokens - cacheWriteTokens)
  const streamed = await post('messages', { ...body, stream: true })
  const events = eventsIn(streamed.text)
  assert.equal(events[0]?.type, 'message_start')
  assert.deepEqual(
    events.slice(-2).map(({ type }) => type),
    ['message_delta', 'message_stop'],
  )
  assert.deepEqual(streamed.served.reportedUsage, usage)
})

test('embeddings are the same numbers in both forms, and token arrays count by their length', async () => {
  const body = { model: 'text-embedding-3-small', dimensions: 8, input: ['one', 'two'] }
  const float = whole((await post('embeddings', body)).text) as { data: { embedding: number[] }[] }
  const packed = await post('embeddings', { ...body, encoding_format: 'base64' })
  const { data } = whole(packed.text) as { data: { embedding: string }[] }
  const bytes = Buffer.from(data[1]?.embedding ?? '', 'base64')
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, 8)
  assert.deepEqual([...floats], [...new Float32Array(float.data[1]?.embedding ?? [])])
  const tokens = await post('embeddings', { ...body, input: [[1, 2, 3], [4]] })
  assert.equal(tokens.served.promptTokens, 4)
  assert.equal((await post('embeddings', { ...body, input: [[1e9]] })).status, 400)
  const many = Array.from({ length: 2_049 }, () => 'x')
  assert.equal((await post('embeddings', { ...body, input: many })).status, 400)
})

test('of completions every candidate is counted, shown or not', async () => {
  const body = { model: 'gpt-3.5-turbo-instruct', prompt: ['one', 'two'], max_tokens: 5 }
  const best = await post('completions', { ...body, best_of: 3, n: 1 })
  const { usage, choices } = whole(best.text) as { usage: Members; choices: Members[] }
  assert.equal(choices.length, 2)
  assert.equal(usage.completion_tokens, 30)
  assert.equal(best.served.completionTokens, 30)
  const options = { stream: true, stream_options: { include_usage: true } }
  const streamed = await post('completions', { ...body, ...options })
  assert.ok(streamed.text.endsWith('data: [DONE]\n\n'))
  assert.equal(streamed.served.completionTokens, 10)
  for (const wrong of [{ echo: true }, { best_of: 2, stream: true }, { prompt: [[1e9]] }])
    assert.equal((await post('completions', { ...body, ...wrong })).status, 400)
})

test('what is free is served, and counted as the request that would be paid', async () => {
  const input = { model: 'gpt-5', input: 'hello' }
  const counted = whole((await post('responses/input_tokens', input)).text)
  const { served } = await post('responses', input)
  assert.equal(counted.input_tokens, served.promptTokens)
  const compacted = whole((await post('responses/compact', input)).text)
  assert.equal(compacted.object, 'response.compaction')
  const messages = [{ role: 'user', content: 'hello' }]
  const said = { model: 'claude-sonnet-4-5', messages }
  const answer = whole((await post('messages/count_tokens', said)).text)
  const message = await post('messages', { ...said, max_tokens: 10 })
  assert.equal(answer.input_tokens, message.served.promptTokens)
})

test('stored responses are found by their id, and go on from where they were', async () => {
  const first = await post('responses', { model: 'gpt-5', input: 'hello' })
  const { id } = whole(first.text) as { id: string }
  const at = `${upstream.url}/responses/${id}`
  const got = await fetch(at, { headers: headers() })
  assert.equal(((await got.json()) as Members).id, id)
  const items = await fetch(`${at}/input_items`, { headers: headers() })
  assert.equal(((await items.json()) as { data: [] }).data.length, 1)
  const next = await post('responses', { model: 'gpt-5', input: 'on', previous_response_id: id })
  assert.ok(next.served.promptTokens > first.served.promptTokens)
  const other = await post('responses', { model: 'gpt-5', input: 'x', store: false })
  const unknown = `${upstream.url}/responses/${String(whole(other.text).id)}`
  assert.equal((await fetch(unknown, { headers: headers() })).status, 404)
  await fetch(at, { method: 'DELETE', headers: headers() })
  assert.equal((await fetch(at, { headers: headers() })).status, 404)
  const gone = await post('responses', { model: 'gpt-5', input: 'on', previous_response_id: id })
  assert.equal((whole(gone.text).error as Members).code, 'previous_response_not_found')
})
