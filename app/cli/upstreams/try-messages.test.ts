import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { closeServer, listen } from '../../../dev/command/listen.ts'
import { testBooks, type TestBooks } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { present } from '../../../test/present.ts'

type Asked = { url: string; headers: IncomingHttpHeaders; body: Record<string, unknown> }
type Answer = (response: ServerResponse, streamed: boolean) => void

const started = {
  input_tokens: 11,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 0,
  output_tokens: 0,
}
const message = {
  type: 'message',
  model: 'claude-their-own',
  content: [{ type: 'text', text: 'OK' }],
  stop_reason: 'max_tokens',
  usage: { ...started, output_tokens: 1 },
}
const event = (it: { type: string; [member: string]: unknown }) =>
  `event: ${it.type}\ndata: ${JSON.stringify(it)}\n\n`
const start = event({
  type: 'message_start',
  message: { ...message, content: [], usage: started },
})
const delta = event({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: 'OK' },
})
const ended = event({
  type: 'message_delta',
  delta: { stop_reason: 'max_tokens' },
  usage: { input_tokens: null, output_tokens: 1 },
})
const stop = event({ type: 'message_stop' })
const error = (type: string) => ({
  type: 'error',
  error: { type, message: 'Key sk-ant-the-operators-own of nobody' },
})

describe('upstream test of one that speaks Anthropic’s messages', () => {
  let books: TestBooks
  let answer: Answer
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const read = JSON.parse(body) as Record<string, unknown>
      asked.push({ url: request.url ?? '', headers: request.headers, body: read })
      answer(response, read.stream === true)
    })
  })
  const relay = (...args: string[]) =>
    capturedCli({
      DATABASE_URL: books.url,
      UPSTREAM_KEYS_SECRET: Buffer.alloc(32, 'test').toString('base64'),
      KEY: 'sk-ant-the-operators-own',
    })(...args)
  const tested = async (given: Answer) => {
    answer = given
    asked.length = 0
    const model = ['--model', 'claude-their-own']
    const { exitCode, out, err } = await relay('upstream', 'test', 'claude', ...model, '--json')
    assert.doesNotMatch(out + err, /sk-ant/)
    return { exitCode, ...JSON.parse(out) }
  }

  before(async () => {
    books = await testBooks()
    const url = `http://127.0.0.1:${await listen(server)}/v1`
    const from = ['--preset', 'anthropic', '--url', url, '--private', '--key-from', 'KEY']
    const added = await relay('upstream', 'add', 'claude', ...from)
    assert.equal(added.exitCode, 0, added.err)
  })
  after(async () => {
    await closeServer(server)
    await books.close()
  })

  test('makes two calls of one token, and reads what both say was used', async () => {
    const { exitCode, plain, stream } = await tested((response, streamed) => {
      response.setHeader('request-id', 'req_1')
      const events = [start, event({ type: 'ping' }), delta, ended, stop]
      response.end(streamed ? events.join('') : JSON.stringify(message))
    })
    assert.equal(exitCode, 0)
    const { url, headers, body } = present(asked[0])
    assert.equal(url, '/v1/messages')
    assert.deepEqual(
      [headers['x-api-key'], headers['anthropic-version']],
      ['sk-ant-the-operators-own', '2023-06-01'],
    )
    assert.deepEqual([body.model, body.max_tokens, body.stream], ['claude-their-own', 1, undefined])
    assert.equal(asked[1]?.body.stream, true)
    for (const call of [plain, stream]) {
      assert.deepEqual([call.good, call.status, call.code], [true, 200, null])
      assert.deepEqual([call.answered_by, call.their_request_id], ['claude-their-own', 'req_1'])
      const tokens = { input_tokens: 15, cached_tokens: 4, output_tokens: 1, reasoning_tokens: 0 }
      assert.deepEqual(call.usage, tokens)
    }
    assert.equal(typeof stream.first_event_ms, 'number')
  })

  test('tells an error by its type, in either form, and a stream that stops short', async () => {
    const overloaded = await tested((response) => {
      response.writeHead(529).end(JSON.stringify(error('overloaded_error')))
    })
    for (const call of [overloaded.plain, overloaded.stream])
      assert.deepEqual([call.good, call.status, call.code], [false, 529, 'overloaded_error'])
    const later = await tested((response, streamed) => {
      const failed = [start, event(error('api_error'))].join('')
      response.end(streamed ? failed : JSON.stringify(error('api_error')))
    })
    for (const call of [later.plain, later.stream])
      assert.deepEqual([call.good, call.status, call.code], [false, 200, 'api_error'])
    const short = await tested((response, streamed) => {
      response.end(streamed ? start + delta : '<html>')
    })
    assert.deepEqual([short.exitCode, short.stream.code], [1, 'no_end'])
    assert.equal(short.plain.code, 'no_message')
  })
})
