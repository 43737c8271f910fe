import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import * as zlib from 'node:zlib'
import { limits } from '../config/limits.ts'
import { startStage, type Stage } from '../../test/stage.ts'
import { errorIn } from '../../test/wire.ts'

let stage: Stage
before(async () => (stage = await startStage()))
after(async () => {
  await stage.expectNothingHeld()
  await stage.stop()
})

type Wire = { status: number; headers: Record<string, string>; text: string }

/** One request, its target byte for byte, and its answer. */
async function sent(target: string, headers: string[] = [], body = ''): Promise<Wire> {
  const head = [
    `${target} HTTP/1.1`,
    'host: relay',
    `authorization: Bearer ${stage.customer.secret}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...headers,
  ]
  const answer = await stage.sendBytes(`${head.join('\r\n')}\r\n\r\n${body}`)
  const [top = '', ...rest] = answer.split('\r\n\r\n')
  const [line = '', ...fields] = top.split('\r\n')
  const named = fields.map((field) => {
    const [name = '', ...value] = field.split(': ')
    return [name.toLowerCase(), value.join(': ')] as const
  })
  return {
    status: Number(line.split(' ')[1]),
    headers: Object.fromEntries(named),
    text: rest.join('\r\n\r\n'),
  }
}
const messageIn = ({ text }: Wire) =>
  (JSON.parse(text) as { error: { message: string } }).error.message
const call = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] })
const streamed = JSON.stringify({ ...(JSON.parse(call) as object), stream: true })

const exposed =
  'x-request-id, request-id, x-relay-cost-usd, x-relay-max-tokens, retry-after, retry-after-ms, ' +
  'x-should-retry, openai-processing-ms, x-ratelimit-limit-requests, x-ratelimit-limit-tokens, ' +
  'x-ratelimit-remaining-requests, x-ratelimit-remaining-tokens, x-ratelimit-reset-requests, ' +
  'x-ratelimit-reset-tokens, ' +
  ['requests', 'tokens', 'input-tokens', 'output-tokens']
    .map((of) => `anthropic-ratelimit-${of}-`)
    .flatMap((name) => [`${name}limit`, `${name}remaining`, `${name}reset`])
    .join(', ')

describe('a page of another site', () => {
  const preflight = (target: string, asked = 'authorization,content-type,x-stainless-os') =>
    sent(target, [
      'origin: https://chat.example',
      'access-control-request-method: POST',
      `access-control-request-headers: ${asked}`,
    ])

  test('may ask whether it may call anything below /v1, without a key', async () => {
    for (const path of ['/v1/chat/completions', '/v1/models', '/v1/nothing', '/v1']) {
      const { status, headers, text } = await preflight(`OPTIONS ${path}`)
      assert.equal(status, 204)
      assert.equal(text, '')
      assert.equal(headers['content-length'], undefined)
      assert.equal(headers['access-control-allow-origin'], '*')
      assert.equal(headers['access-control-allow-credentials'], undefined)
      assert.match(headers['access-control-allow-methods'] ?? '', /POST/)
      const names = headers['access-control-allow-headers'] ?? ''
      assert.equal(names, 'authorization,content-type,x-stainless-os')
    }
    const odd = await preflight('OPTIONS /v1/models', 'x\t(odd)')
    assert.equal(odd.headers['access-control-allow-headers'], 'authorization, content-type')
  })

  test('may read every answer, also one that is an error', async () => {
    const answers = [
      await sent('POST /v1/chat/completions', [], call),
      await sent('POST /v1/chat/completions', [], streamed),
      await sent('POST /v1/chat/completions', [], '{'),
      await sent('GET /v1/models'),
      await sent('GET /v1/nothing'),
      await sent('PUT /v1/models'),
      await sent('GET /v1/models', ['authorization: Bearer sk-no']),
    ]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 400, 200, 404, 405, 200],
    )
    for (const { headers } of answers) {
      assert.equal(headers['access-control-allow-origin'], '*')
      assert.equal(headers['access-control-expose-headers'], exposed)
      assert.equal(headers['access-control-allow-credentials'], undefined)
    }
  })

  test('may not read what is beside /v1', async () => {
    for (const target of ['GET /dashboard/billing/usage', 'OPTIONS /dashboard/billing/usage']) {
      const { headers } = await sent(target, ['origin: https://chat.example'])
      assert.equal(headers['access-control-allow-origin'], undefined)
    }
  })
})

test('no cache keeps an answer, and no browser guesses what it is', async () => {
  const answers = [
    await sent('POST /v1/chat/completions', [], call),
    await sent('GET /v1/models'),
    await sent('GET /v1/nothing'),
    await sent('GET /dashboard/billing/subscription'),
    await sent('GET /readyz'),
  ]
  for (const { headers } of answers) {
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers['x-content-type-options'], 'nosniff')
  }
  const { headers } = await sent('POST /v1/chat/completions', [], streamed)
  assert.equal(headers['cache-control'], 'no-cache')
  assert.equal(headers['x-content-type-options'], 'nosniff')
})

test('a method that a path does not take is answered with those that it does', async () => {
  assert.equal((await sent('GET /v1/chat/completions')).headers.allow, 'POST')
  assert.equal((await sent('POST /v1/models')).headers.allow, 'GET, HEAD')
})

describe('a call of the API that has missed its path', () => {
  const cases: [target: string, meant: string | undefined][] = [
    ['POST /chat/completions', '/v1/chat/completions'],
    ['POST /chat/completions/', '/v1/chat/completions'],
    ['POST /v1/v1/chat/completions', '/v1/chat/completions'],
    ['POST /V1/chat/completions', '/v1/chat/completions'],
    ['POST /api/v1/chat/completions', '/v1/chat/completions'],
    ['POST /openai/deployments/gpt-4o/chat/completions?api-version=1', '/v1/chat/completions'],
    ['POST /moderations', '/v1/moderations'],
    ['GET /models', '/v1/models'],
    ['GET /v1/v1/models', '/v1/models'],
    ['GET /models/gpt-4o', '/v1/models/gpt-4o'],
    ['POST /images/generations', undefined],
  ]
  for (const [target, meant] of cases) {
    test(`${target} is told the right one`, async () => {
      const answer = await sent(target, [], call)
      assert.equal(answer.status, 404)
      const { APP_URL } = stage.relay.env
      const said = messageIn(answer)
      if (meant) assert.ok(said.includes(` ${APP_URL}${meant}:`), said)
      assert.ok(
        said.endsWith(`The base URL is ${APP_URL}/v1.`) ||
          said.endsWith(`: the base URL is ${APP_URL}/v1.`),
        said,
      )
    })
  }

  for (const target of [
    'POST /v1/v1/messages',
    'POST /anthropic/v1/messages',
    'POST /messages',
    'POST /v1/v1/messages/count_tokens?beta=true',
  ]) {
    test(`${target} is told the base URL of Anthropic's clients, who add /v1 themselves`, async () => {
      const answer = await sent(target, [], call)
      assert.equal(answer.status, 404)
      const { APP_URL } = stage.relay.env
      const said = messageIn(answer)
      assert.ok(said.includes(` ${APP_URL}/v1/messages`), said)
      assert.ok(said.endsWith(`: the base URL is ${APP_URL}, without /v1.`), said)
    })
  }

  test('one that is nowhere is told only that', async () => {
    const answer = await sent('POST /v1/nothing', [], call)
    assert.equal(messageIn(answer), 'Invalid URL (POST /v1/nothing)')
  })
})

test('every spelling of a path is answered as the path itself', async () => {
  const spellings = [
    '/x/../v1/models',
    '/v1\\models',
    '//v1//models',
    '/%761/models',
    'http://elsewhere.example/v1/models',
  ]
  for (const spelling of spellings) {
    const { status, text } = await sent(`GET ${spelling}`)
    assert.equal(status, 200, spelling)
    assert.equal((JSON.parse(text) as { object: string }).object, 'list', spelling)
  }
  const last = stage.relay.logged.at(-1)
  assert.match(last ?? '', /"event":"answered"/)
})

describe('a compressed body', () => {
  const posted = (body: Buffer, encoding: string) =>
    stage.ask({ rawBody: body, headers: { 'content-encoding': encoding } })
  const { bodyBytesMax } = limits.endpoints.chat

  test('is read as what it was, whatever Node can undo', async () => {
    const encoded: [string, Buffer][] = [
      ['gzip', zlib.gzipSync(call)],
      ['deflate', zlib.deflateSync(call)],
      ['br', zlib.brotliCompressSync(call)],
    ]
    const { zstdCompressSync } = zlib as { zstdCompressSync?: (text: string) => Buffer }
    if (zstdCompressSync) encoded.push(['zstd', zstdCompressSync(call)])
    for (const [encoding, body] of encoded) {
      const { status, text } = await posted(body, encoding)
      assert.equal(status, 200, text)
    }
    assert.equal(stage.servedFor(await stage.lastCall()).promptTokens > 0, true)
  })

  test('that is a bomb is too large, and one that is broken is said to be so', async () => {
    const bomb = await posted(zlib.gzipSync(Buffer.alloc(bodyBytesMax + 1, ' ')), 'gzip')
    assert.deepEqual([bomb.status, errorIn(bomb).code], [413, 'request_too_large'])
    const broken = await posted(Buffer.from(call), 'gzip')
    assert.equal(broken.status, 400)
    assert.match(errorIn(broken).message, /content-encoding/)
  })

  test('in an encoding that is not known is answered with those that are', async () => {
    const answer = await posted(Buffer.from(call), 'compress')
    assert.deepEqual([answer.status, errorIn(answer).code], [415, 'unsupported_encoding'])
    assert.match(answer.headers['accept-encoding'] ?? '', /^gzip, deflate, br/)
  })
})

test('what is no path of anything is a 404 in the shape of the API', async () => {
  for (const target of ['GET /%', 'GET /v1/%zz', 'GET /v1.data', 'POST /v1/chat/completions%00']) {
    const answer = await sent(target)
    assert.equal(answer.status, 404, target)
    assert.deepEqual(Object.keys((JSON.parse(answer.text) as { error: object }).error), [
      'message',
      'type',
      'param',
      'code',
    ])
  }
})
