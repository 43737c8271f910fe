import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, beforeEach, describe, test } from 'node:test'
import { closeServer, listen } from '../../dev/command/listen.ts'
import { startConnectProxy, type ConnectProxy } from '../../dev/fakes/connect-proxy.ts'
import { readable } from '../../test/readable.ts'
import { AbortEmitter } from '../http/http.server.ts'
import { readEnv } from '../config/env.ts'
import { checkDefinition } from './definition.ts'
import { environmentUpstreams } from './environment.ts'
import { openUpstream, type UpstreamCall } from './upstream.ts'

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
  const { OPENAI_API_KEY, proxies } = env
  const [own] = environmentUpstreams(env)
  assert.ok(own)
  const { send, ...upstream } = openUpstream({ ...own, proxies, isTrusted: true })
  const headers = upstream.headersWith(OPENAI_API_KEY)
  return { ...upstream, send: (call: UpstreamCall) => send(call, headers, 'a-model') }
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
    return await text(readable((await upstream.send(call())).body))
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
    for await (const piece of readable(body)) {
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

test('an upstream without a key is sent no authorization', async () => {
  const OPENAI_BASE_URL = `http://127.0.0.1:${port}/v1`
  await ask({ OPENAI_BASE_URL })
  await ask({ OPENAI_BASE_URL, OPENAI_API_KEY: '' })
  const [withKey, without] = seen
  assert.equal(withKey?.headers.authorization, 'Bearer sk-upstream')
  assert.ok(without && !('authorization' in without.headers))
})

describe('a definition', () => {
  const defined = (more: object) => {
    const checked = checkDefinition({
      kind: 'openai',
      baseUrl: `http://127.0.0.1:${port}/base/`,
      private: true,
      paths: { 'chat/completions': '/chat/completions' },
      credential: { header: 'api-key', prefix: '' },
      timeouts: { connectMs: 1_000, firstEventMs: 1_000, idleMs: 1_000, totalMs: 10_000 },
      ...more,
    })
    assert.ok('definition' in checked, 'problems' in checked ? checked.problems.join() : '')
    return checked.definition
  }
  async function sent(more: object, theirName = 'gpt-4o') {
    const upstream = openUpstream({ name: 'test', definition: defined(more) })
    const { body } = await upstream.send(call(), upstream.headersWith('secret'), theirName)
    await text(readable(body))
    await upstream.close()
    return seen.at(-1)
  }

  test('says where the key goes, and what is sent with every call', async () => {
    const headers = { 'x-title': 'relay', 'user-agent': 'ours' }
    const { url, headers: came = {} } = (await sent({ headers })) ?? {}
    assert.equal(url, '/base/chat/completions')
    assert.equal(came['api-key'], 'secret')
    assert.equal('authorization' in came, false)
    assert.deepEqual([came['x-title'], came['user-agent']], ['relay', 'ours'])
  })

  test('has paths with their name of the model, which stays within its part, and a query', async () => {
    const paths = { 'chat/completions': '/deployments/{model}/chat/completions' }
    const query = { 'api-version': '2024-10-21', x: 'a&b' }
    const one = await sent({ paths, query })
    assert.equal(
      one?.url,
      '/base/deployments/gpt-4o/chat/completions?api-version=2024-10-21&x=a%26b',
    )
    const other = await sent({ paths }, '../x?y/$& z')
    assert.equal(other?.url, '/base/deployments/..%2Fx%3Fy%2F%24%26%20z/chat/completions')
  })

  test('has no other paths than it names', async () => {
    await assert.rejects(sent({ paths: { moderations: '/moderations' } }), /serves no chat/)
  })
})
