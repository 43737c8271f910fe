import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startDemoUpstream, operatorSecret, type DemoUpstream } from './demo-upstream.server.ts'
import { ask, lastServed, type RawAnswer } from '../../../test/raw-client.ts'

let upstream: DemoUpstream
before(async () => (upstream = await startDemoUpstream({ pace: 'fast' })))
after(() => upstream.close())

type Members = Record<string, unknown>
type Event = Members & { type: string }

/** Asks another endpoint than chat's as the raw client would. */
function askAt(path: string, body: Members): Promise<RawAnswer> {
  const headers = { 'anthropic-version': '2023-06-01' }
  // The client adds the path of chat completions, which a query makes harmless.
  const given = { ...upstream, url: `${upstream.url}/${path}?` }
  return ask(given, { rawBody: JSON.stringify(body), headers })
}

const web = [{ type: 'web_search' }]
const webOf = [{ type: 'web_search_20250305', name: 'web_search', max_uses: 2 }]
const askResponse = (input: string, more: Members = {}) =>
  askAt('responses', { model: 'gpt-5', input, stream: true, ...more })
const askMessage = (content: string, more: Members = {}) =>
  askAt('messages', {
    model: 'claude-sonnet-4-5',
    max_tokens: 1_000,
    messages: [{ role: 'user', content }],
    stream: true,
    ...more,
  })
const both = [
  ['responses', askResponse, 'response.completed'],
  ['messages', askMessage, 'message_stop'],
] as const

const eventsIn = ({ text }: RawAnswer) =>
  text
    .split(/\r?\n\r?\n/)
    .slice(0, -1)
    .map((frame) => frame.split(/\r?\n/).filter((line) => line.startsWith('data: ')))
    .filter((lines) => lines.length > 0)
    .map((lines) => {
      return JSON.parse(lines.map((line) => line.slice(6)).join('\n')) as Event
    })
const typesIn = (answer: RawAnswer) => eventsIn(answer).map(({ type }) => type)
const usageIn = (answer: RawAnswer) => {
  const last = eventsIn(answer).findLast(({ type }) => /^(response\.|message_delta)/.test(type))
  return (last?.usage ?? (last?.response as Members).usage) as Members
}

for (const [name, asked, terminal] of both) {
  test(`${name}: cut at a byte, it ends there, cleanly or not, and counts what was whole`, async () => {
    for (const at of [0, 1, 700, 5_001]) {
      const ended = await asked(`hello [[end-at-byte:${at}]]`)
      assert.equal(ended.broken, undefined)
      assert.equal(ended.bytes.length, at)
      assert.equal((await lastServed(upstream)).outcome, 'ended-early')
    }
    const reset = await asked('hello [[reset-at-byte:700]]')
    assert.equal(reset.broken, 'ECONNRESET')
    assert.equal(reset.bytes.length, 700)
    const served = await lastServed(upstream)
    assert.equal(served.outcome, 'reset')
    assert.equal(served.deliveredEvents, eventsIn(reset).length)
  })

  test(`${name}: an error event may be the first or a later one, and may blame the client`, async () => {
    for (const at of [0, 4]) {
      const answer = await asked(`hello [[error-event:${at}]]`)
      assert.equal(typesIn(answer).length, at + 1)
      assert.equal(typesIn(answer).at(-1), 'error')
      assert.ok(answer.text.includes(operatorSecret))
      assert.equal((await lastServed(upstream)).outcome, 'error')
    }
    const blamed = await asked('hello [[error-event:0]] [[blames-client]]')
    assert.ok(!blamed.text.includes(operatorSecret))
  })

  test(`${name}: it can end cleanly without its last event, and without usage`, async () => {
    const cut = await asked('hello [[no-done]]')
    assert.equal(cut.broken, undefined)
    assert.ok(!typesIn(cut).includes(terminal))
    const silent = await asked('hello [[no-usage]]')
    assert.equal(typesIn(silent).at(-1), terminal)
    assert.ok(!silent.text.includes('"output_tokens"'))
    const served = await lastServed(upstream)
    assert.equal(served.reportedUsage, null)
    assert.ok(served.completionTokens > 0)
  })

  test(`${name}: usage may come late, or fall, and is the truth at the end`, async () => {
    for (const how of ['usage-late', 'usage-falling', 'usage-nulls']) {
      const answer = await asked(`hello [[${how}]]`)
      const served = await lastServed(upstream)
      assert.equal(usageIn(answer).output_tokens, served.completionTokens)
      assert.equal(served.reportedUsage?.input_tokens, served.promptTokens)
    }
  })

  test(`${name}: pings, long events and other line ends change nothing`, async () => {
    const plain = await asked('hello [[crlf]]')
    assert.ok(!/[^\r]\n/.test(plain.text))
    const flooded = await asked('hello [[ping-flood:500]] [[multi-line]] [[comment]]')
    assert.ok(typesIn(flooded).length >= typesIn(plain).length + 500)
    const big = await asked('hello [[big:1048576]]')
    assert.ok(eventsIn(big).some((event) => JSON.stringify(event).length > 2 ** 20))
    const left = await asked('hello [[half-json:2]]')
    assert.equal(left.broken, undefined)
    assert.ok(!left.text.endsWith('\n'))
  })
}

test('a response can fail before anything was said, and after, with usage', async () => {
  const first = await askResponse('hello [[failed:0]]')
  assert.deepEqual(typesIn(first), ['response.failed'])
  assert.equal((eventsIn(first)[0]?.response as Members).usage, null)
  const later = await askResponse('hello [[failed:8]]')
  const { completionTokens } = await lastServed(upstream)
  assert.equal(usageIn(later).output_tokens, completionTokens)
  assert.equal(typesIn(later).length, 9)
  const last = await askResponse('hello [[failed]] [[no-usage]]')
  assert.equal(typesIn(last).at(-1), 'response.failed')
  assert.ok(!last.text.includes('"output_tokens"'))
})

test('an answer can be incomplete, by the limit or for another reason', async () => {
  const limited = await askResponse('hello', { max_output_tokens: 16 })
  assert.equal(usageIn(limited).output_tokens, 16)
  const { response } = eventsIn(limited).at(-1) as unknown as { response: Members }
  assert.deepEqual(response.incomplete_details, { reason: 'max_output_tokens' })
  const filtered = await askResponse('hello [[incomplete]]')
  assert.equal(typesIn(filtered).at(-1), 'response.incomplete')
  const refused = await askMessage('hello [[incomplete]]')
  assert.match(refused.text, /"stop_reason":"refusal"/)
  const short = await askMessage('hello', { max_tokens: 3 })
  assert.match(short.text, /"stop_reason":"max_tokens"/)
})

test('the web is searched as often as the request lets it, and only where it is offered', async () => {
  await askResponse('hello [[search:3]]')
  assert.equal((await lastServed(upstream)).searches, 0)
  const answer = await askResponse('hello [[search:9]]', { tools: web, max_tool_calls: 8 })
  assert.equal((await lastServed(upstream)).searches, 8)
  const { response } = eventsIn(answer).at(-1) as unknown as { response: Members }
  const { web_search } = response.tool_usage as Members
  assert.deepEqual(web_search, { num_requests: 8 })
  const silent = await askResponse('hello [[search:2]] [[no-tool-usage]]', { tools: web })
  assert.ok(!silent.text.includes('tool_usage'))
  const added = eventsIn(silent).filter(({ type }) => type === 'response.output_item.added')
  assert.equal(added.filter(({ item }) => (item as Event).type === 'web_search_call').length, 2)
  const message = await askMessage('hello [[search:5]]', { tools: webOf })
  assert.equal((await lastServed(upstream)).searches, 2)
  assert.deepEqual(usageIn(message).server_tool_use, {
    web_search_requests: 2,
    web_fetch_requests: 0,
  })
})

test('what was compacted stands beside the usage, and is part of the truth', async () => {
  const answer = await askMessage('hello [[compaction:200]]')
  const served = await lastServed(upstream)
  const usage = usageIn(answer)
  assert.equal(served.completionTokens, Number(usage.output_tokens) + 20)
  assert.equal(served.promptTokens, Number(usage.input_tokens) + 200)
})

test('what goes into a cache and comes out of it is asked for by marks, or by the script', async () => {
  const kept = { cache_control: { type: 'ephemeral', ttl: '1h' } }
  const content = [
    { type: 'text', text: 'a long beginning', ...kept },
    { type: 'text', text: 'and more', cache_control: { type: 'ephemeral' } },
    { type: 'text', text: 'hello' },
  ]
  const messages = [{ role: 'user', content }]
  await askMessage('', { messages })
  const marked = await lastServed(upstream)
  assert.ok(marked.cacheWrite1hTokens > 0)
  assert.ok(marked.cacheWriteTokens > marked.cacheWrite1hTokens)
  assert.ok(marked.promptTokens > marked.cacheWriteTokens)
  const read = [{ role: 'user', content: [...content, { type: 'text', text: '[[cached]]' }] }]
  await askMessage('', { messages: read })
  assert.equal((await lastServed(upstream)).cachedTokens, marked.cacheWriteTokens)
  await askMessage('hello [[cache-write-1h:5]] [[cache-write:3]] [[cached:2]]')
  const { cachedTokens, cacheWriteTokens, cacheWrite1hTokens } = await lastServed(upstream)
  assert.deepEqual([cachedTokens, cacheWriteTokens, cacheWrite1hTokens], [2, 8, 5])
})

test('tools are called in either dialect', async () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } }
  const tool = { type: 'function', name: 'forecast', parameters }
  const called = await askResponse('[[tool]]', { tools: [tool] })
  const args = eventsIn(called).filter(({ type }) => type.endsWith('arguments.delta'))
  assert.equal(args.map(({ delta }) => delta).join(''), '{"city":"demo"}')
  const own = { name: 'forecast', input_schema: parameters }
  const used = await askMessage('[[tool]]', { tools: [own] })
  assert.match(used.text, /"stop_reason":"tool_use"/)
  const custom = await askResponse('[[tool]]', { tools: [{ type: 'custom', name: 'note' }] })
  assert.ok(typesIn(custom).includes('response.custom_tool_call_input.done'))
})

test('Anthropic refuses in words and shapes of its own', async () => {
  const wrong: [string, Members, number, string][] = [
    ['hello [[status:400]]', {}, 400, 'invalid_request_error'],
    ['hello [[status:404]]', {}, 404, 'not_found_error'],
    ['hello [[status:529]]', {}, 529, 'overloaded_error'],
    ['hello [[quota]]', {}, 400, 'invalid_request_error'],
    ['hello', { max_tokens: 0 }, 400, 'invalid_request_error'],
    ['hello', { max_output_tokens: 9 }, 400, 'invalid_request_error'],
    [
      'hello',
      { thinking: { type: 'enabled', budget_tokens: 2_000 } },
      400,
      'invalid_request_error',
    ],
  ]
  for (const [say, more, status, type] of wrong) {
    const answer = await askMessage(say, more)
    const body = JSON.parse(answer.text) as { type: string; error: Members; request_id: string }
    assert.equal(answer.status, status, say)
    assert.equal(body.type, 'error')
    assert.equal(body.error.type, type)
    assert.equal(body.request_id, answer.headers['request-id'])
  }
})

test('a response takes no less than 16 tokens, and nothing that is another endpoint’s', async () => {
  const wrong = [{ max_output_tokens: 15 }, { max_tokens: 20 }, { messages: [] }]
  for (const more of [...wrong, { stream_options: { include_usage: true } }])
    assert.equal((await askResponse('hello', more)).status, 400, JSON.stringify(more))
})
