import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, beforeEach, describe, test } from 'node:test'
import { closeServer, listen } from '../../dev/command/listen.ts'
import { startConnectProxy, type ConnectProxy } from '../../dev/fakes/connect-proxy.ts'
import { AbortEmitter } from '../http/http.server.ts'
import { readEnv } from '../config/env.ts'
import { createUpstream } from './upstream.ts'

const seen: Pick<IncomingMessage, 'url' | 'headers'>[] = []
let answer: ServerResponse | undefined
const server = createServer((req, res) => {
  answer = res
  seen.push({ url: req.url, headers: req.headers })
  if (req.headers.accept === 'text/event-stream')
    return void res.writeHead(200).write('data: 1\n\n')
  res.end('answered')
})
let port: number
let proxy: ConnectProxy
before(async () => {
  port = await listen(server)
  proxy = await startConnectProxy({ 'upstream.example:80': port, 'upstream.example:8080': port })
})
beforeEach(() => {
  seen.length = 0
  proxy.asked.length = 0
})
after(async () => {
  await proxy.close()
  await closeServer(server)
})

/** The upstream of a relay with these variables. */
function upstreamOf(variables: Record<string, string>) {
  const env = readEnv({
    NODE_ENV: 'test',
    APP_URL: 'http://relay.example',
    DATABASE_URL: 'mysql://relay@db/relay',
    REDIS_URL: 'redis://cache',
    OPENAI_API_KEY: 'sk-upstream',
    SESSION_SECRET: 'a secret that is for tests alone, and long',
    ...variables,
  })
  const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey, proxies } = env
  return createUpstream({
    name: 'test',
    baseUrl,
    apiKey,
    proxies,
    allowedMembers: new Set(),
  })
}

const call = (streamed = false, signal = new AbortEmitter()) => ({
  path: 'chat/completions',
  body: [Buffer.from('{}')],
  streamed,
  headers: {},
  signal,
})

async function ask(variables: Record<string, string>): Promise<string> {
  const upstream = upstreamOf(variables)
  try {
    return await text((await upstream.send(call())).body)
  } finally {
    await upstream.close()
  }
}
const asked = () => proxy.asked.map(({ method, target }) => `${method} ${target}`)

test('a query in the base address goes along with every call', async () => {
  const OPENAI_BASE_URL = `http://127.0.0.1:${port}/openai/v1/?api-version=2025-04-01&x=a%2Fb`
  assert.equal(await ask({ OPENAI_BASE_URL }), 'answered')
  assert.equal(seen[0]?.url, '/openai/v1/chat/completions?api-version=2025-04-01&x=a%2Fb')
})

describe('the proxy of the environment', () => {
  test('is asked for the upstream, by a name that only it need know', async () => {
    for (const name of ['HTTP_PROXY', 'http_proxy']) {
      const variables = { OPENAI_BASE_URL: 'http://upstream.example/v1', [name]: proxy.url }
      assert.equal(await ask(variables), 'answered')
    }
    // Not by CONNECT, which many proxies let nobody have to this port.
    assert.deepEqual(asked(), ['POST upstream.example:80', 'POST upstream.example:80'])
    assert.equal(seen[0]?.url, '/v1/chat/completions')
    assert.equal(seen[0]?.headers.host, 'upstream.example')
    assert.equal(seen[0]?.headers.authorization, 'Bearer sk-upstream')
    assert.equal(seen[0]?.headers['proxy-authorization'], undefined)
  })

  test('is told who we are, where its address says so, and needs no scheme', async () => {
    const { host } = new URL(proxy.url)
    const OPENAI_BASE_URL = 'http://upstream.example:8080/v1'
    assert.equal(await ask({ OPENAI_BASE_URL, HTTP_PROXY: `us%40er:pass@${host}` }), 'answered')
    const authorization = `Basic ${Buffer.from('us@er:pass').toString('base64')}`
    const target = 'upstream.example:8080'
    assert.deepEqual(proxy.asked, [{ method: 'POST', target, authorization }])
    assert.equal(seen[0]?.headers.authorization, 'Bearer sk-upstream')
    assert.equal(seen[0]?.headers['proxy-authorization'], undefined)
  })

  test('that does not know us is an error, and no answer of the upstream', async (t) => {
    const strict = await startConnectProxy({ 'upstream.example:80': port }, 'user:pass')
    t.after(() => strict.close())
    const { host } = new URL(strict.url)
    const OPENAI_BASE_URL = 'http://upstream.example/v1'
    await assert.rejects(ask({ OPENAI_BASE_URL, HTTP_PROXY: `user:wrong@${host}` }), /\(407\)/)
    assert.deepEqual(seen, [])
    assert.equal(await ask({ OPENAI_BASE_URL, HTTP_PROXY: `user:pass@${host}` }), 'answered')
  })

  test('of https is asked for an upstream of https', async () => {
    const variables = { OPENAI_BASE_URL: 'https://api.example/v1', HTTPS_PROXY: proxy.url }
    await assert.rejects(ask({ ...variables, HTTP_PROXY: 'http://127.0.0.1:9' }))
    assert.deepEqual(asked(), ['CONNECT api.example:443'])
  })

  test('of http alone is not asked for an upstream of https', async () => {
    const variables = { OPENAI_BASE_URL: 'https://api.example/v1', HTTP_PROXY: proxy.url }
    // Nobody else knows this name: looking for it by ourselves is going straight.
    await assert.rejects(ask(variables), { syscall: 'getaddrinfo', hostname: 'api.example' })
    assert.deepEqual(asked(), [])
  })

  test('of https alone is not asked for an upstream of http', async () => {
    const variables = { OPENAI_BASE_URL: 'http://upstream.example/v1', HTTPS_PROXY: proxy.url }
    await assert.rejects(ask(variables), { syscall: 'getaddrinfo', hostname: 'upstream.example' })
    assert.deepEqual(asked(), [])
  })

  test('is not asked for what it is not for', async () => {
    const direct = `http://127.0.0.1:${port}/v1`
    assert.equal(await ask({ OPENAI_BASE_URL: direct, HTTP_PROXY: proxy.url }), 'answered')
    for (const exempt of ['upstream.example', '.example', 'a.test, upstream.example:80', '*']) {
      const variables = { OPENAI_BASE_URL: 'http://upstream.example/v1', HTTP_PROXY: proxy.url }
      await assert.rejects(ask({ ...variables, NO_PROXY: exempt }), exempt)
    }
    assert.deepEqual(asked(), [])
  })

  test('carries a stream, which ends when the call is ended', async () => {
    const upstream = upstreamOf({
      OPENAI_BASE_URL: 'http://upstream.example/v1',
      HTTP_PROXY: proxy.url,
    })
    const signal = new AbortEmitter()
    const { body } = await upstream.send(call(true, signal))
    for await (const piece of body) {
      assert.equal(String(piece), 'data: 1\n\n')
      break
    }
    assert.deepEqual(asked(), ['POST upstream.example:80'])
    assert.ok(answer)
    const closed = once(answer, 'close')
    signal.abort()
    await closed
    await upstream.close()
  })
})
