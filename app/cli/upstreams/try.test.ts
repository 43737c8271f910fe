import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { closeServer, listen } from '../../../dev/command/listen.ts'
import { testBooks, type TestBooks } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { present } from '../../../test/present.ts'
import { seedCatalog } from '../../catalog/catalog.server.ts'

type Asked = { url: string; key: string; body: Record<string, unknown> }
type Answer = (response: ServerResponse, streamed: boolean, request: IncomingMessage) => void

const usage = { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 }
const completion = {
  object: 'chat.completion',
  model: 'prod-4o-2024',
  choices: [{ index: 0, message: { role: 'assistant', content: 'OK' }, finish_reason: 'length' }],
  usage,
}
const chunk = (more: object) => `data: ${JSON.stringify({ model: 'prod-4o-2024', ...more })}\n\n`
const said = chunk({ choices: [{ index: 0, delta: { content: 'OK' } }] })

const good =
  (...end: string[]): Answer =>
  (response, streamed) => {
    response.setHeader('x-request-id', 'req_1')
    response.end(streamed ? [said, ...end].join('') : JSON.stringify(completion))
  }

describe('upstream test', () => {
  let books: TestBooks
  let port: number
  let answer: Answer
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const read = JSON.parse(body || '{}') as Record<string, unknown>
      const key = request.headers['api-key'] as string
      asked.push({ url: request.url ?? '', key, body: read })
      answer(response, read.stream === true, request)
    })
  })
  const relay = (...args: string[]) =>
    capturedCli({
      DATABASE_URL: books.url,
      UPSTREAM_KEYS_SECRET: Buffer.alloc(32, 'test').toString('base64'),
      KEY: 'sk-the-operators-own',
    })(...args)
  const tested = async (given: Answer, ...args: string[]) => {
    answer = given
    asked.length = 0
    const { exitCode, out } = await relay('upstream', 'test', 'azure', ...args, '--json')
    return { exitCode, ...JSON.parse(out) }
  }

  before(async () => {
    books = await testBooks()
    await seedCatalog(books.pool)
    port = await listen(server)
    const url = `http://127.0.0.1:${port}/openai`
    const from = ['--preset', 'azure-classic', '--url', url, '--private', '--key-from', 'KEY']
    const added = await relay('upstream', 'add', 'azure', ...from)
    assert.equal(added.exitCode, 0, added.err)
    await relay('upstream', 'serve', 'azure', 'gpt-4o', '--as', 'prod-4o')
  })
  after(async () => {
    await closeServer(server)
    await books.close()
  })

  test('makes two calls as customers’ are made, and says what it read of them', async () => {
    const usageChunk = chunk({ choices: [], usage })
    const { exitCode, plain, stream } = await tested(good(usageChunk, 'data: [DONE]\n\n'))
    assert.equal(exitCode, 0)
    const { url, key, body } = present(asked[0])
    assert.equal(url, '/openai/deployments/prod-4o/chat/completions?api-version=2024-10-21')
    assert.equal(key, 'sk-the-operators-own')
    assert.deepEqual([body.model, body.max_tokens], ['prod-4o', 1])
    assert.match(String(body.user), /^[0-9a-f]{32}$/)
    assert.deepEqual(asked[1]?.body.stream_options, { include_usage: true })
    for (const call of [plain, stream]) {
      assert.deepEqual([call.good, call.status, call.answered_by], [true, 200, 'prod-4o-2024'])
      assert.deepEqual(call.usage, {
        input_tokens: 9,
        cached_tokens: 0,
        output_tokens: 1,
        reasoning_tokens: 0,
      })
      assert.equal(call.their_request_id, 'req_1')
    }
    assert.equal(Number((await books.sql('select count(*) as n from calls'))[0]?.n), 0)
  })

  test('says what an operator would want to know of a stream', async () => {
    answer = good()
    const { exitCode, out } = await relay('upstream', 'test', 'azure')
    assert.equal(exitCode, 1)
    assert.match(out, /failed: no_end/)
    assert.match(out, /set end to finish/)
    answer = good('data: [DONE]\n\n')
    const unsaid = await relay('upstream', 'test', 'azure')
    assert.equal(unsaid.exitCode, 0)
    assert.match(unsaid.out, /says nothing of what was used/)
  })

  test('tells a refusal by its code, and never by words that may quote a key', async () => {
    const refusal = { code: 'invalid_api_key', message: 'Incorrect API key: sk-the-operators-own' }
    answer = (response) => response.writeHead(401).end(JSON.stringify({ error: refusal }))
    const { exitCode, out, err } = await relay('upstream', 'test', 'azure')
    assert.equal(exitCode, 1)
    assert.match(out, /failed: invalid_api_key/)
    assert.doesNotMatch(out + err, /sk-the/)
  })

  test('does not follow a redirect, and takes no HTML and no connection for an answer', async () => {
    const redirect = await tested((response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${port}/elsewhere` }).end()
    })
    assert.deepEqual([redirect.exitCode, redirect.plain.status], [1, 302])
    assert.equal(asked.length, 2)
    assert.ok(asked.every(({ url }) => url.startsWith('/openai/')))
    const html = await tested((response) => response.end('<html>'))
    assert.deepEqual([html.plain.good, html.plain.code], [false, 'no_completion'])
    const reset = await tested((_, __, request) => request.socket.destroy())
    assert.deepEqual([reset.plain.status, reset.plain.good], [null, false])
  })

  test('names a key and a model that are not there', async () => {
    const told = async (...args: string[]) => (await relay('upstream', 'test', ...args)).err
    assert.match(await told('azure', '--key', 'spare'), /has no key spare/)
    assert.match(await told('nowhere'), /no upstream nowhere/)
    await relay('upstream', 'key', 'disable', 'azure', 'main')
    assert.match(await told('azure'), /no key that is in use/)
    const named = await tested(good('data: [DONE]\n\n'), '--key', 'main', '--model', 'their-own')
    assert.deepEqual([named.exitCode, asked[0]?.body.model], [0, 'their-own'])
    await relay('upstream', 'unserve', 'azure', 'gpt-4o')
    assert.match(await told('azure', '--key', 'main'), /name one by --model/)
  })
})
