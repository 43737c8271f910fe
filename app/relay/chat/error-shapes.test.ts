import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { after, afterEach, before, describe, test } from 'node:test'
import OpenAI from 'openai'
import {
  eventStream,
  json,
  startScriptedUpstream,
  type ScriptedAnswer,
  type ScriptedUpstream,
} from '../../../test/upstreams/scripted-upstream.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { endOfStream, errorIn } from '../../../test/wire.ts'
import { limits } from '../../config/limits.ts'

let upstream: ScriptedUpstream
let stage: Stage
/** One that breaks the silence before any upstream does. */
let pinging: Stage
before(async () => {
  upstream = await startScriptedUpstream()
  stage = await startStage({ upstreamUrl: upstream.url })
  pinging = await startStage({ upstreamUrl: upstream.url, pingEveryMs: 20 })
})
afterEach(async () => {
  for (const each of [stage, pinging]) {
    await each.expectNothingHeld()
    await each.expectCleanBooks()
  }
})
after(async () => {
  await stage.stop()
  await pinging.stop()
  await upstream.close()
})

/** Asks, plain or streamed, and answers the error that came with its status and its row. */
async function refused(answer: ScriptedAnswer, stream: boolean) {
  upstream.answerWith(answer)
  const got = await stage.ask({ say: 'hello', body: { stream } })
  const row = await stage.waitForCall(got.headers['x-request-id'])
  assert.equal(row.cost, 0)
  return { status: got.status, error: errorIn(got), headers: got.headers, text: got.text, row }
}
const both = [false, true]
const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`

const page = '<!doctype html><html><body>operator-gateway: bad request</body></html>'
const html = (status: number): ScriptedAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  parts: [page],
})

describe("a client's own 4xx is itself, whatever the body, and is tried once", () => {
  const words = 'messages.0.content is wrong'
  const shapes: Record<string, unknown> = {
    'error.message': { error: { message: words, type: 'x', param: null, code: null } },
    'a list of one error': [{ error: { code: 400, message: words, status: 'INVALID_ARGUMENT' } }],
    'error as text': { error: words },
    message: { object: 'error', message: words, type: 'BadRequestError', code: 400 },
    'detail as text': { detail: words },
    'detail as a list': { detail: [{ loc: ['body'], msg: words, type: 'value_error' }] },
    title: { title: words },
  }
  for (const status of [400, 404, 413, 422]) {
    for (const [shape, body] of Object.entries(shapes)) {
      test(`${status} with ${shape}`, async () => {
        for (const stream of both) {
          const { error, row, ...got } = await refused(json(status, body), stream)
          assert.deepEqual([got.status, error.message], [status, words])
          assert.equal(got.headers['retry-after'], undefined)
          assert.deepEqual([row.outcome, row.error], ['failed', 'upstream_refused'])
        }
      })
    }

    const bare: Record<string, ScriptedAnswer> = {
      'a page': html(status),
      nothing: { status, parts: [] },
      text: { status, headers: { 'content-type': 'text/plain' }, parts: ['operator-gateway'] },
      'half of some JSON': { status, parts: ['{"error":{"message":"oper'] },
      'packed bytes': {
        status,
        headers: { 'content-encoding': 'gzip' },
        parts: [gzipSync(JSON.stringify({ error: { message: words } }))],
      },
      'too much': json(status, { error: { message: 'operator'.repeat(200_000) } }),
      'a page in JSON': json(status, { error: { message: page } }),
      'a reset': { status, parts: ['{'], isReset: true },
    }
    for (const [shape, answer] of Object.entries(bare)) {
      test(`${status} with ${shape} says so in words of ours`, async () => {
        for (const stream of both) {
          const { status: got, error, text } = await refused(answer, stream)
          assert.equal(got, status)
          assert.match(error.message, /provider/)
          assert.ok(!text.includes('operator'))
          assert.equal(error.type, 'invalid_request_error')
        }
      })
    }
  }

  test('403 and 451 are, where they are about content', async () => {
    for (const status of [403, 451]) {
      const flagged = { error: { code: status, message: 'Your input was flagged by moderation.' } }
      const { error, ...got } = await refused(json(status, flagged), false)
      assert.deepEqual([got.status, error.message], [status, flagged.error.message])
    }
    for (const body of [{ error: { message: 'org-demo may not' } }, {}]) {
      const got = await refused(json(403, body), false)
      assert.deepEqual([got.status, got.error.code], [502, 'upstream_error'])
    }
    assert.equal((await refused(html(403), false)).status, 502)
  })

  test('long words are cut', async () => {
    const { error } = await refused(json(400, { message: 'x'.repeat(20_000) }), false)
    assert.equal(error.message.length, limits.upstream.errorCharsMax)
  })

  test("openai's package throws its class for it, with the words, after one call", async () => {
    const messages = [{ role: 'user' as const, content: 'hello' }]
    for (const stream of both) {
      upstream.answerWith(json(400, shapes['a list of one error']))
      const client = stage.openai({ maxRetries: 2 })
      const asked = client.chat.completions.create({ model: 'gpt-4o-mini', messages, stream })
      await assert.rejects(asked, (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError)
        assert.ok(error.message.includes(words))
        return true
      })
      assert.equal(upstream.calls(), 1)
    }
  })
})

describe("what is the operator's own never reaches the client, whatever its status", () => {
  const secret = 'operator-secret'
  const own: [number, object, number, string][] = [
    [400, { error: { message: secret, code: 'invalid_api_key' } }, 502, 'upstream_error'],
    [400, { error: { message: `API key not valid: ${secret}` } }, 502, 'upstream_error'],
    [403, { error: { message: secret, type: 'insufficient_quota' } }, 503, 'upstream_unavailable'],
    [400, { message: `Credit balance too low: ${secret}` }, 503, 'upstream_unavailable'],
    [404, { detail: `billing of ${secret}` }, 503, 'upstream_unavailable'],
    [401, { error: { message: secret } }, 502, 'upstream_error'],
    [402, { error: { message: secret } }, 502, 'upstream_error'],
    [429, { error: { message: secret, code: 'insufficient_quota' } }, 503, 'upstream_unavailable'],
    [429, { error: { message: `${secret}: billing` } }, 503, 'upstream_unavailable'],
    [429, { error: { message: secret } }, 429, 'rate_limit_exceeded'],
    [400, { error: { message: `organization ${secret} must be verified` } }, 400, 'null'],
  ]
  for (const [status, body, toStatus, toCode] of own) {
    test(`${status} ${JSON.stringify(body)} is ${toStatus} ${toCode}`, async () => {
      for (const stream of both) {
        const got = await refused(json(status, body), stream)
        assert.deepEqual([got.status, String(got.error.code)], [toStatus, toCode])
        assert.ok(!got.text.includes(secret))
      }
    })
  }
})

describe('a limit of the provider is a 429 that says how long to wait', () => {
  const limited = {
    error: { message: 'Rate limit reached for org-x', code: 'rate_limit_exceeded' },
  }
  const waits: [Record<string, string>, string, string][] = [
    [{}, '1', '1000'],
    [{ 'retry-after': '7' }, '7', '7000'],
    [{ 'retry-after': '2.5' }, '3', '2500'],
    [{ 'retry-after': '300' }, '60', '60000'],
    [{ 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }, '60', '60000'],
    [{ 'retry-after-ms': '1500' }, '2', '1500'],
    [{ 'retry-after': 'never' }, '1', '1000'],
  ]
  for (const [headers, seconds, ms] of waits) {
    test(JSON.stringify(headers), async () => {
      for (const stream of both) {
        const got = await refused(json(429, limited, headers), stream)
        assert.deepEqual([got.status, got.error.code], [429, 'rate_limit_exceeded'])
        assert.equal(got.error.type, 'requests')
        assert.deepEqual([got.headers['retry-after'], got.headers['retry-after-ms']], [seconds, ms])
        assert.ok(!got.text.includes('org-'))
        assert.deepEqual([got.row.status, got.row.error], [429, 'rate_limit_exceeded'])
      }
    })
  }

  test('an outage that says so keeps its word too', async () => {
    const got = await refused(json(503, {}, { 'retry-after': '12' }), false)
    assert.deepEqual([got.status, got.headers['retry-after']], [503, '12'])
  })
})

describe('an error within a 200', () => {
  const said = { error: { message: 'This prompt is too long.', code: 400 } }

  test('as first event of a stream has its own status, also behind comments', async () => {
    for (const before of ['', ': connected\n\n', ': PROCESSING\n\n: PROCESSING\n\n', '\uFEFF']) {
      const { error, ...got } = await refused(eventStream(before, event(said)), true)
      assert.deepEqual([got.status, error.message], [400, said.error.message])
    }
    const flat = {
      object: 'error',
      message: said.error.message,
      type: 'BadRequestError',
      code: 400,
    }
    const { code, message } = said.error
    for (const only of [
      event(flat),
      `event: error\n${event({ code, message })}`,
      `data: ${JSON.stringify(said)}\n`,
      JSON.stringify(said),
      JSON.stringify(said, null, 2),
      `${JSON.stringify([said])}\n\n`,
    ]) {
      const { error, ...got } = await refused(eventStream(only), true)
      assert.deepEqual([got.status, error.message], [400, said.error.message], only)
    }
    const named = { error: { message: 'x', type: 'rate_limit_error' } }
    assert.equal((await refused(eventStream(event(named)), true)).status, 429)
    const broken = { error: { message: 'x', type: 'server_error' } }
    assert.equal((await refused(eventStream(event(broken)), true)).status, 502)
  })

  test('as all of the answer has it too', async () => {
    for (const stream of both) {
      const { status, error } = await refused(json(200, said), stream)
      assert.deepEqual([status, error.message], [400, said.error.message])
    }
    for (const stream of both) assert.equal((await refused(html(200), stream)).status, 502)
  })

  test('after a ping says its words as an error event, which is the last', async () => {
    let heard = () => undefined as void
    const pinged = new Promise<void>((resolve) => (heard = resolve))
    const onPiece = () => void heard()
    upstream.answerWith(eventStream(() => pinged, event(said)))
    const got = await pinging.ask({ say: 'hello', body: { stream: true }, onPiece })
    assert.match(got.text, /^(: ping\n)+data: /)
    const error = endOfStream(got)
    assert.ok(error !== 'done')
    assert.equal(error.message, said.error.message)
    const row = await pinging.waitForCall(got.headers['x-request-id'])
    assert.deepEqual([row.cost, row.error], [0, 'upstream_refused'])
  })

  test('after words is the end of the connection, and its own words go to nobody', async () => {
    const chunk = { choices: [{ index: 0, delta: { content: 'half' } }] }
    const own = { error: { message: 'org-demo is broke', code: 400 } }
    upstream.answerWith(eventStream(event(chunk), event(own)))
    const got = await stage.ask({ say: 'hello', body: { stream: true } })
    const error = endOfStream(got)
    assert.ok(error !== 'done')
    assert.equal(error.message, 'The connection to the provider was terminated.')
    assert.equal(error.code, 'upstream_error')
    assert.ok(!got.text.includes('org-demo'))
    await stage.waitForCall(got.headers['x-request-id'])
  })
})
