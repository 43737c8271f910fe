import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { limits } from '../../config/limits.ts'
import { eventually } from '../../../dev/command/eventually.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { errorIn } from '../../../test/wire.ts'

let stage: Stage
before(async () => (stage = await startStage()))
afterEach(async () => {
  await stage.expectNothingHeld()
  assert.deepEqual(await stage.callsOf(stage.customer), [])
  assert.deepEqual(stage.upstream.served(), [])
})
after(async () => {
  await stage.expectCleanBooks()
  await stage.stop()
})

const path = '/v1/chat/completions'
const say = '"messages":[{"role":"user","content":"hi"}]'
const model = '"model":"gpt-4o"'

/** One request as raw text; answers what came back, taken apart. */
async function sent(head: string[], body: string | Buffer = '', target = `POST ${path}`) {
  const lines = [`${target} HTTP/1.1`, 'host: relay', ...head, '', '']
  const text = await stage.sendBytes(
    Buffer.concat([Buffer.from(lines.join('\r\n')), Buffer.from(body)]),
  )
  const [top = '', ...rest] = text.split('\r\n\r\n')
  const [first = '', ...fields] = top.split('\r\n')
  const headers = Object.fromEntries(
    fields.map((field) => [
      field.slice(0, field.indexOf(':')).toLowerCase(),
      field.slice(field.indexOf(':') + 2),
    ]),
  )
  return { status: Number(first.split(' ')[1] ?? 0), headers, text: rest.join('\r\n\r\n') }
}
const authorization = () => `authorization: Bearer ${stage.customer.secret}`

/** Posts a body with the good key. */
const posted = (body: string | Buffer) => {
  const length = `content-length: ${Buffer.byteLength(body)}`
  return sent([authorization(), length, 'connection: close'], body)
}

describe('a body that cannot be meant is refused with 400 before anything is held', () => {
  const deep = '['.repeat(10_000) + ']'.repeat(10_000)
  const bodies: [string, string | Buffer, param?: string | null][] = [
    ['nothing', ''],
    ['no JSON', 'model=gpt-4o'],
    ['half of it', `{${model},${say}`],
    ['two of it', `{${model},${say}}{}`],
    ['a comma too many', `{${model},${say},}`],
    ['a list', `[{${model},${say}}]`],
    ['a string', '"gpt-4o"'],
    ['null', 'null'],
    ['a number', '7'],
    [
      'no UTF-8',
      Buffer.concat([
        Buffer.from(`{${model},"user":"`),
        Buffer.of(0xff, 0xc3),
        Buffer.from(`",${say}}`),
      ]),
    ],
    ['UTF-16', Buffer.from(`{${model},${say}}`, 'utf16le')],
    ['nested 10,000 deep', `{${model},${say},"metadata":${deep}}`],
    ['nested 10,000 deep in its messages', `{${model},"messages":${deep}}`],
    ['nested only, a million deep', '['.repeat(1_000_000)],
    ['no model', `{${say}}`, 'model'],
    ['an empty model', `{"model":"",${say}}`, 'model'],
    ['a model of another type', `{"model":7,${say}}`, 'model'],
    ['a list for a model', `{"model":["gpt-4o"],${say}}`, 'model'],
    ['no messages', `{${model}}`, 'messages'],
    ['empty messages', `{${model},"messages":[]}`, 'messages'],
    ['null for messages', `{${model},"messages":null}`, 'messages'],
    ['text for messages', `{${model},"messages":"hi"}`, 'messages'],
    ['a message that is text', `{${model},"messages":[{},"hi"]}`, 'messages.[1]'],
    ['a message that is null', `{${model},"messages":[null]}`, 'messages.[0]'],
    ['text for stream', `{${model},${say},"stream":"true"}`, 'stream'],
    ['a number for stream', `{${model},${say},"stream":1}`, 'stream'],
    [
      'text for stream_options',
      `{${model},${say},"stream":true,"stream_options":"x"}`,
      'stream_options',
    ],
    ['a list for stream_options', `{${model},${say},"stream_options":[]}`, 'stream_options'],
    [
      'usage that is wanted and not',
      `{${model},${say},"stream":true,"stream_options":{"include_usage":true,"include_usage":false}}`,
      'stream_options',
    ],
    [
      'usage that is not wanted, in another spelling',
      `{${model},${say},"stream":true,"stream_options":{"include_usage":true,"Include_Usage":false}}`,
      'stream_options',
    ],
    ['a model given twice', `{${model},${say},"model":"gpt-4"}`, 'model'],
    ['a limit given twice', `{${model},${say},"max_tokens":1,"max_tokens":9}`, 'max_tokens'],
    ['a limit given twice, once in disguise', `{${model},${say},"n":1,"\\u006e":9}`, 'n'],
    ['a prototype given twice', `{${model},${say},"__proto__":{},"__proto__":{}}`, '__proto__'],
    [
      'content given twice',
      `{${model},"messages":[{"role":"user","content":[{"type":"video_url"}],"content":"hi"}]}`,
      'messages',
    ],
    [
      'the type of a tool given twice',
      `{${model},${say},"tools":[{"type":"web_search","type":"function"}]}`,
      'tools',
    ],
    [
      'a search given twice',
      `{${model},${say},"search_parameters":{"mode":"on","mode":"off"}}`,
      'search_parameters',
    ],
    ['n: 0', `{${model},${say},"n":0}`, 'n'],
    ['n: 129', `{${model},${say},"n":129}`, 'n'],
    ['n: 1e300', `{${model},${say},"n":1e300}`, 'n'],
    ['n: 1.5', `{${model},${say},"n":1.5}`, 'n'],
    ['n: "2"', `{${model},${say},"n":"2"}`, 'n'],
    ['an unknown service tier', `{${model},${say},"service_tier":"first"}`, 'service_tier'],
    ['an unknown member', `{${model},${say},"foo":null}`, 'foo'],
    ['a member in another spelling', `{${model},${say},"Max_Tokens":9}`, 'Max_Tokens'],
    ['one with a Kelvin sign', `{${model},${say},"max_to\u212aens":9}`, 'max_to\u212aens'],
    ['one in disguise', `{${model},${say},"\\u004d\\u006fdel":"o3"}`, 'Model'],
    ['a second model', `{${model},${say},"models":["o3"]}`, 'models'],
    ['a search', `{${model},${say},"web_search_options":{}}`, 'web_search_options'],
    [
      'a tool of the upstream',
      `{${model},${say},"tools":[{"type":"web_search"}]}`,
      'tools[0].type',
    ],
    ['a number for service tier', `{${model},${say},"service_tier":1}`, 'service_tier'],
  ]
  for (const name of ['max_tokens', 'max_completion_tokens']) {
    for (const value of ['-1', '0', '0.5', '"100"', 'true', '[1]', '{}'])
      bodies.push([`${name}: ${value}`, `{${model},${say},"${name}":${value}}`, name])
  }
  for (const [name, body, param = null] of bodies) {
    test(name, async () => {
      const answer = await posted(body)
      assert.equal(answer.status, 400, answer.text)
      const error = errorIn(answer)
      assert.deepEqual(
        [error.type, error.code, error.param],
        ['invalid_request_error', null, param],
      )
    })
  }
})

test('members named like parts of an object’s prototype are members like any other', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  for (const name of names) {
    const body = `{"${name}":{"model":"gpt-4o","max_tokens":5},${say}}`
    assert.equal(errorIn(await posted(body)).param, name)
    assert.equal((await posted(`{"model":"${name}",${say}}`)).status, 404)
  }
})

describe('a body over the limit is refused with 413, and its connection closed', () => {
  const over = limits.endpoints.chat.bodyBytesMax + 1
  const expectTooLarge = (answer: Awaited<ReturnType<typeof sent>>) => {
    assert.equal(answer.status, 413)
    assert.equal(answer.headers.connection, 'close')
    assert.equal(errorIn(answer).code, 'request_too_large')
  }

  test('as its content-length says, without waiting for it', async () => {
    expectTooLarge(await sent([authorization(), `content-length: ${over}`], '{'))
    expectTooLarge(await sent([authorization(), 'content-length: 99999999999999'], '{'))
  })

  test('as it turns out when it is counted', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x')
    const pieces = Array.from({ length: 21 }, () => [
      Buffer.from('100000\r\n'),
      piece,
      Buffer.from('\r\n'),
    ])
    const body = Buffer.concat([...pieces.flat(), Buffer.from('0\r\n\r\n')])
    expectTooLarge(await sent([authorization(), 'transfer-encoding: chunked'], body))
  })

  test('and one of exactly the limit is read', async () => {
    const start = `{"model":"none",${say},"user":"`
    const body = `${start}${'x'.repeat(over - 1 - start.length - 2)}"}`
    assert.equal(body.length, limits.endpoints.chat.bodyBytesMax)
    assert.equal((await posted(body)).status, 404)
  })
})

describe('a request that is not one of ours', () => {
  const others: [target: string, status: number][] = [
    [`GET ${path}`, 405],
    [`PUT ${path}`, 405],
    [`DELETE ${path}`, 405],
    ['POST /v1/models', 405],
    ['POST /v1/dashboard/billing/usage', 405],
    ['POST /v1/images/generations', 404],
    ['POST /v1/audio/speech', 404],
    ['GET /v1', 404],
    ['GET /v1/', 404],
    ['GET /v1/chat', 404],
    [`POST ${path}/x`, 404],
    ['POST /v1/chat/completions%00', 404],
    ['GET /v1/models/%', 404],
    ['GET /dashboard/billing/usage?start_date=zzz', 400],
    ['GET /v1/dashboard/billing/usage?start_date=2026-02-30', 400],
    ['GET /dashboard/billing/usage?start_date=2026-01-01&end_date=2026-1-5', 400],
    ['GET /dashboard/billing/usage?end_date=0000-00-00', 400],
    ['GET /dashboard/billing/usage?end_date=2026-11-25T00:00:00Z', 400],
    ['GET /v1/models/gpt-99', 404],
    ['GET /v1/models/constructor', 404],
  ]
  for (const [target, status] of others) {
    test(`${target} is ${status}`, async () => {
      const answer = await sent(
        [authorization(), 'content-length: 0', 'connection: close'],
        '',
        target,
      )
      assert.equal(answer.status, status)
      const { type, code } = errorIn(answer)
      assert.equal(type, 'invalid_request_error')
      assert.equal(code, target.includes('models/') ? 'model_not_found' : null)
    })
  }

  test('shows nothing but the start of a path it does not know', async () => {
    const answer = await sent(['connection: close'], '', `GET /v1/${'x'.repeat(5_000)}`)
    assert.ok(errorIn(answer).message.length < 300)
  })
})

test('a client that leaves in the middle of its body, or right behind it, leaves nothing behind', async () => {
  const before = stage.answered()
  const head = `POST ${path} HTTP/1.1\r\nhost: relay\r\ncontent-length: 450\r\n`
  for (let bytes = 0; bytes < 500; bytes += 50) {
    // A key that was never seen is looked up first, and its client is gone by then.
    const { secret } = await stage.newKey(stage.customer.accountId)
    const start = `${head}authorization: Bearer ${secret}\r\n\r\n${'x'.repeat(bytes)}`
    await stage.sendBytes(start, 'leave')
  }
  await eventually('each is accounted for', () => stage.answered() - before === 10)
  const answered = stage.relay.logged.filter((line) => line.includes('"event":"answered"'))
  const statuses = answered
    .slice(-10)
    .map((line) => (JSON.parse(line) as { status: number }).status)
  // The whole body may have been read, and refused, before its client was seen to be gone.
  assert.deepEqual(
    statuses.filter((status) => status !== 499 && status !== 400),
    [],
  )
  assert.ok(statuses.filter((status) => status === 499).length >= 9)
})

test('what the HTTP parser itself refuses reaches nothing', async () => {
  const body = `{${model},${say}}`
  const smuggled = [
    ['content-length: 5', 'content-length: 6'],
    ['content-length: 5', 'transfer-encoding: chunked'],
    ['transfer-encoding: chunked, identity'],
    ['content-length: -1'],
    [`x: ${'y'.repeat(1_000_000)}`],
    ['a b: c', 'content-length: 5'],
    ['authorization: Bearer sk-\u0000', 'content-length: 5'],
  ]
  for (const head of smuggled) {
    const { status } = await sent([authorization(), ...head, 'connection: close'], body)
    assert.ok(status === 400 || status === 431, `${head.join().slice(0, 50)} is ${status}`)
  }
})
