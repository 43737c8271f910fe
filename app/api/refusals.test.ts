import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { limits } from '../config/limits.ts'
import { startStage, type Stage } from '../../test/stage.ts'

let stage: Stage
let from = 0
before(async () => (stage = await startStage({ env: { TRUSTED_PROXIES: '127.0.0.1' } })))
beforeEach(() => (from = stage.relay.logged.length))
after(() => stage.stop())

type Line = Record<string, unknown>
const lines = (event: string) =>
  stage.relay.logged
    .slice(from)
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.event === event)

const chat = '/chat/completions'
async function post(path: string, authorization: string | undefined, body: string, more = {}) {
  const headers = { 'content-type': 'application/json', ...more }
  const answer = await fetch(stage.relay.url + path, {
    method: 'POST',
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
    body,
  })
  await answer.text()
  return { status: answer.status, id: answer.headers.get('x-request-id') }
}

const call = (model: string) =>
  JSON.stringify({ model, messages: [{ role: 'user', content: 'words of a client' }] })

describe('a request that is refused before it is a call', () => {
  const good = () => `Bearer ${stage.customer.secret}`
  const unknown = `sk-${'Zz9'.repeat(10)}AB`
  const cases: [
    what: string,
    status: number,
    code: string,
    key: RegExp,
    ask: () => ReturnType<typeof post>,
  ][] = [
    [
      'an unknown key',
      401,
      'invalid_api_key',
      /^sk-Zz9Z…z9AB$/,
      () => post(chat, `Bearer ${unknown}`, call('gpt-4o')),
    ],
    [
      'a key of another form',
      401,
      'invalid_api_key',
      /^malformed$/,
      () => post(chat, 'Bearer hunter2', call('gpt-4o')),
    ],
    [
      'an unknown key in x-api-key',
      401,
      'invalid_api_key',
      /^sk-Zz9Z…z9AB$/,
      () => post(chat, undefined, call('gpt-4o'), { 'x-api-key': unknown }),
    ],
    [
      'a key of another service in x-api-key',
      401,
      'invalid_api_key',
      /^malformed$/,
      () => post(chat, undefined, call('gpt-4o'), { 'x-api-key': 'sk-ant-api03-hunter2' }),
    ],
    ['no key', 401, 'invalid_api_key', /^none$/, () => post(chat, undefined, call('gpt-4o'))],
    ['a body that is no JSON', 400, 'bad_request', /^sk-.{4}….{4}$/, () => post(chat, good(), '{')],
    [
      'a model that is not there',
      404,
      'model_not_found',
      /^sk-.{4}…/,
      () => post(chat, good(), call('no-such')),
    ],
    [
      'a path that is not there',
      404,
      'not_found',
      /^sk-.{4}…/,
      () => post('/nothing', good(), '{}'),
    ],
    [
      'another encoding',
      415,
      'unsupported_encoding',
      /^sk-.{4}…/,
      () => post(chat, good(), '{}', { 'content-encoding': 'x-odd' }),
    ],
  ]
  for (const [what, status, code, key, ask] of cases) {
    test(`for ${what} leaves one line, and nothing of what nobody may read`, async () => {
      const answer = await ask()
      assert.equal(answer.status, status)
      const [line, ...more] = lines('refused')
      assert.deepEqual(more, [])
      const { request, level, code: said, status: told } = line ?? {}
      assert.deepEqual([request, level, said, told], [answer.id, 'debug', code, status])
      assert.match(String(line?.key), key)
      const all = stage.relay.logged.slice(from).join('')
      for (const secret of [unknown, 'hunter2', stage.customer.secret, 'words of a client'])
        assert.ok(!all.includes(secret))
    })
  }

  test('is counted by its code, and the count is told in one line', async () => {
    stage.relay.services.log.flush()
    from = stage.relay.logged.length
    for (let i = 0; i < 5; i++) await post(chat, 'Bearer no', call('gpt-4o'))
    await post(chat, good(), '{')
    assert.deepEqual(lines('refusals'), [])
    stage.relay.services.log.flush()
    const [line, ...more] = lines('refusals')
    assert.deepEqual(more, [])
    assert.deepEqual([line?.level, line?.invalid_api_key, line?.bad_request], ['info', 5, 1])
  })
})

test('a call that was let in and failed has its row, and no such line', async () => {
  const answer = await stage.ask({ say: '[[status:500]]' })
  assert.equal(answer.status, 502)
  await stage.waitForCall(answer.headers['x-request-id'])
  assert.deepEqual(lines('refused'), [])
})

describe('an address that sends keys that do not work', () => {
  const { anAddress } = limits.addresses.guesses.key
  const ask = (address: string, key: string, more = {}) =>
    fetch(`${stage.relay.url}/models`, {
      headers: { authorization: `Bearer ${key}`, 'x-forwarded-for': address, ...more },
    })
  const wrong = (i: number) => `sk-${String(i).padStart(32, '0')}`

  test('is told to wait after so many, and its good keys are answered all the same', async () => {
    const all = Array.from({ length: anAddress }, (_, i) => ask('198.51.100.1', wrong(i)))
    const statuses = new Set((await Promise.all(all)).map(({ status }) => status))
    assert.deepEqual([...statuses], [401])
    const refused = await ask('198.51.100.1', wrong(anAddress))
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('x-should-retry'), 'false')
    const seconds = Number(refused.headers.get('retry-after'))
    assert.ok(seconds >= 1 && seconds <= 60)
    const { error } = (await refused.json()) as { error: Record<string, unknown> }
    assert.deepEqual([error.type, error.code], ['requests', 'rate_limit_exceeded'])
    assert.match(String(error.message), /API key that does not work.* in \d+ s\./)
    const dialect = await ask('198.51.100.1', 'none', { 'anthropic-version': '2023-06-01' })
    assert.equal(dialect.status, 429)
    assert.ok(Number(dialect.headers.get('retry-after')) >= 1)
    const said = (await dialect.json()) as { type: string; error: { type: string } }
    assert.deepEqual([said.type, said.error.type], ['error', 'rate_limit_error'])
    assert.equal((await ask('198.51.100.1', stage.customer.secret)).status, 200)
    // Who forges what stands before, is known by what the proxy has heard.
    assert.equal((await ask('1.1.1.1, 198.51.100.1', wrong(0))).status, 429)
    assert.equal((await ask('198.51.100.2', wrong(0))).status, 401)
  })
})
