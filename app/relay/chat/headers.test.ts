import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { startStage, type Stage } from '../../../test/stage.ts'
import { errorIn } from '../../../test/wire.ts'

let stage: Stage
before(async () => (stage = await startStage({ env: { OPENAI_ALLOW_MEMBERS: 'thinking,store' } })))
afterEach(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(() => stage.stop())

type Echo = Record<string, unknown>
/** What the upstream says it was sent. */
async function echoed(say: string, body: Echo, headers: Record<string, string> = {}) {
  const answer = await stage.ask({ say, body, headers })
  assert.equal(answer.status, 200, answer.text)
  const { choices } = JSON.parse(answer.text) as { choices: { message: { content: string } }[] }
  return JSON.parse(choices[0]!.message.content) as Echo
}

const hostile: Record<string, string> = {
  cookie: 'sid=secret',
  'x-forwarded-for': '10.0.0.1',
  'x-forwarded-host': 'elsewhere.example',
  'x-forwarded-proto': 'https',
  forwarded: 'for=10.0.0.1',
  'x-real-ip': '10.0.0.1',
  via: '1.1 somewhere',
  'proxy-authorization': 'Basic eA==',
  'x-api-key': 'sk-mine',
  'api-key': 'sk-mine',
  'openai-organization': 'org-mine',
  'openai-project': 'proj-mine',
  'x-openai-host': 'elsewhere.example',
  referer: 'https://elsewhere.example/',
  origin: 'https://elsewhere.example',
  range: 'bytes=0-1',
  'if-none-match': '"x"',
  'accept-language': 'de',
  'accept-encoding': 'gzip, br',
  'x-http-method-override': 'DELETE',
  'x-original-url': '/v1/models',
  'x-rewrite-url': '/v1/models',
  'x-relay-account': '1',
  'x-request-id': 'mine',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  'sec-fetch-site': 'cross-site',
  upgrade: 'h2c',
  'http2-settings': 'AAMAAABkAAQAAP__',
  te: 'trailers',
  'x-stainless-retry-count': '2',
  'x-stainless-lang': 'js',
  ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`x-odd-${i}`, `\xe9"'<>;,${i}`])),
}

describe('of the headers a client sends', () => {
  const allowed = [
    'accept',
    'accept-encoding',
    'authorization',
    'connection',
    'content-length',
    'content-type',
    'host',
    'user-agent',
  ]

  test('none reaches the upstream that is not on the list', async () => {
    assert.ok(Object.keys(hostile).length > 60)
    const headers = { ...hostile, 'user-agent': 'My client/1.0', accept: 'text/evil' }
    const echo = await echoed('[[echo-headers]]', {}, headers)
    assert.deepEqual(Object.keys(echo).sort(), allowed)
    assert.equal(echo.authorization, `Bearer ${stage.upstream.apiKey}`)
    assert.equal(echo.host, new URL(stage.upstream.url).host)
    assert.equal(echo['accept-encoding'], 'identity')
    assert.equal(echo.accept, 'application/json')
    assert.equal(echo['content-type'], 'application/json')
    assert.equal(echo['user-agent'], 'My client/1.0 ai-api-relay')
    const said = JSON.stringify(echo)
    for (const secret of [stage.customer.secret, '10.0.0.1', 'elsewhere', 'mine'])
      assert.ok(!said.includes(secret), secret)
  })

  test('those on the list do, unless they are too long', async () => {
    const given = { 'openai-beta': 'assistants=v2', 'user-agent': 'é/1' }
    const echo = await echoed('[[echo-headers]]', {}, given)
    assert.deepEqual(Object.keys(echo).sort(), [...allowed, 'openai-beta'].sort())
    assert.equal(echo['openai-beta'], given['openai-beta'])
    const long = { 'openai-beta': 'x'.repeat(256), 'user-agent': 'y'.repeat(5_000) }
    const short = await echoed('[[echo-headers]]', {}, long)
    assert.equal(short['openai-beta'], undefined)
    assert.ok(String(short['user-agent']).length < 230)
  })

  test('an idempotency key does as the account’s own: no two of them share an answer', async () => {
    const other = await stage.newCustomer()
    const seen = async (key: string, customer = stage.customer) => {
      const headers = { 'idempotency-key': key }
      const answer = await stage.ask({ customer, say: '[[echo-headers]]', headers })
      const { choices } = JSON.parse(answer.text) as { choices: { message: { content: string } }[] }
      const echo = JSON.parse(choices[0]!.message.content) as Record<string, string>
      return echo['idempotency-key']
    }
    const [first, again, theirs, next] = [
      await seen('k-1'),
      await seen('k-1', await stage.newKey(stage.customer.accountId)),
      await seen('k-1', other),
      await seen('k-2'),
    ]
    assert.match(first!, /^[0-9a-f]{64}$/)
    assert.equal(again, first)
    assert.equal(new Set([first, theirs, next]).size, 3)
    assert.match((await seen('x'.repeat(5_000)))!, /^[0-9a-f]{64}$/)
  })

  test('the name of the client is kept with the call, in a form that is safe to show', async () => {
    await stage.ask({ headers: { 'user-agent': `a\tb${'c'.repeat(200)}` } })
    const { client } = await stage.lastCall()
    assert.equal(client, `ab${'c'.repeat(98)}`)
    await stage.ask({ headers: { 'x-stainless-retry-count': '1e9' } })
    assert.equal((await stage.lastCall()).retry, 255)
    await stage.ask({ headers: { 'x-stainless-retry-count': '-1; drop table calls' } })
    assert.equal((await stage.lastCall()).retry, 0)
  })
})

test('back to the client go only the headers of the list', async () => {
  const plain = await stage.ask({})
  const shared = [
    'access-control-allow-origin',
    'access-control-expose-headers',
    'cache-control',
    'connection',
    'content-type',
    'date',
    'openai-processing-ms',
    'x-content-type-options',
    'x-request-id',
  ]
  assert.deepEqual(
    Object.keys(plain.headers).sort(),
    [...shared, 'content-length', 'x-relay-cost-usd'].sort(),
  )
  const streamed = await stage.ask({ body: { stream: true } })
  assert.deepEqual(
    Object.keys(streamed.headers).sort(),
    [...shared, 'transfer-encoding', 'x-accel-buffering'].sort(),
  )
  const { upstreamId } = await stage.lastCall()
  assert.match(upstreamId ?? '', /^req_demo_/)
  assert.notEqual(streamed.headers['x-request-id'], upstreamId)
})

describe('the body reaches the upstream', () => {
  const own = {
    model: 'gpt-4o',
    temperature: 0.5,
    seed: 12345678901,
    logit_bias: { '50256': -100 },
  }

  test('as the client wrote it when nothing has to be said on top', async () => {
    assert.deepEqual(await echoed('[[echo-body]]', own), own)
  })

  test('with the members that the operator lets through, and no others', async () => {
    const passing = { ...own, thinking: { type: 'enabled' }, store: true }
    assert.deepEqual(await echoed('[[echo-body]]', passing), passing)
    for (const name of ['Thinking', 'enable_thinking', 'plugins']) {
      const answer = await stage.ask({ body: { ...own, [name]: ['x'] } })
      assert.equal(answer.status, 400)
      assert.equal(errorIn(answer).param, name)
    }
  })

  test('with usage asked of every stream, beside the client’s other options', async () => {
    const given = { ...own, stream: true, stream_options: { include_obfuscation: false } }
    const answer = await stage.ask({ say: '[[echo-body]]', body: given })
    const chunks = answer.text
      .split('\n\n')
      .flatMap((event) => /^data: (\{.*)$/.exec(event)?.[1] ?? [])
    const said = chunks
      .map((chunk) => JSON.parse(chunk) as { choices: { delta: { content?: string } }[] })
      .map(({ choices }) => choices[0]?.delta.content ?? '')
      .join('')
    const options = { include_obfuscation: false, include_usage: true }
    assert.deepEqual(JSON.parse(said), { ...given, stream_options: options })
  })

  test('with no more output than the model has, whatever was asked for', async () => {
    const most = 16_384
    for (const name of ['max_tokens', 'max_completion_tokens']) {
      const echo = await echoed('[[echo-body]]', { ...own, [name]: 999_999_999 })
      assert.deepEqual(echo, { ...own, [name]: most })
      assert.equal((await stage.lastCall()).tokensMax, most)
    }
    const fits = { ...own, max_tokens: 4_000 }
    assert.deepEqual(await echoed('[[echo-body]]', fits), fits)
  })

  test('with the limit that the money sets where the client set none', async () => {
    for (const [model, name] of [
      ['gpt-4o', 'max_tokens'],
      ['o3', 'max_completion_tokens'],
    ] as const) {
      const customer = await stage.newCustomer({ balanceNanos: 20_000_000 })
      const body = { model, [name]: null }
      const answer = await stage.ask({ customer, say: '[[echo-body]]', body })
      const { choices } = JSON.parse(answer.text) as { choices: { message: { content: string } }[] }
      const echo = JSON.parse(choices[0]!.message.content) as Echo
      const row = await stage.lastCall(customer)
      assert.equal(echo[name], row.tokensMax)
      assert.ok(row.tokensMax > 256 && row.tokensMax < 3_000)
      assert.ok(row.hold <= 20_000_000)
    }
  })

  test('or not at all: what is wrong with options of a plain call is the upstream’s to say', async () => {
    const answer = await stage.ask({ body: { stream_options: { include_usage: true } } })
    assert.equal(answer.status, 400)
    assert.equal(errorIn(answer).param, 'stream_options')
    const both = await stage.ask({ body: { max_tokens: 5, max_completion_tokens: 5 } })
    assert.equal(errorIn(both).code, 'invalid_parameter_combination')
  })
})

test('the upstream is never told of the client’s address, path or query', async () => {
  const answer = await fetch(
    `${stage.relay.url}/chat/completions?key=sk-x&base=http://evil.example`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${stage.customer.secret}` },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] }),
    },
  )
  assert.equal(answer.status, 200)
  assert.equal((await stage.lastCall()).outcome, 'completed')
})
