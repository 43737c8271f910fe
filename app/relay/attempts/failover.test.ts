import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, afterEach, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { deltaOf, eventOf, speak, type Play } from '../../../test/upstreams/hand-fed-upstream.ts'
import { readTries } from '../../../test/tries.ts'
import {
  costAt,
  saysNothing,
  saysStatus,
  startSeveral,
  usage,
  type Several,
} from '../../../test/upstreams/several-upstreams.ts'
import { endOfStream, errorIn, textIn } from '../../../test/wire.ts'

const dear = { input: 700, output: 900 }
const cheap = { input: 100, output: 300 }

let several: Several<'bad' | 'good'>
before(async () => {
  several = await startSeveral({
    bad: { price: dear },
    good: { price: cheap },
  })
})
/** How long each upstream may say nothing: a case that is answered never comes to it. */
async function letBeSilentFor(ms: number) {
  await several.sql(
    `update upstreams set version = version + 1, definition = json_set(
       definition, '$.timeouts.firstEventMs', ?, '$.timeouts.idleMs', ?)`,
    [ms, ms],
  )
  await several.refresh()
}

afterEach(async () => {
  await several.expectNothingHeld()
  await several.expectCleanBooks()
  several.forget()
})
after(() => several.stop())

const stream = (res: ServerResponse) => res.writeHead(200, { 'content-type': 'text/event-stream' })
const json = (res: ServerResponse, headers = {}) =>
  res.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'req_bad', ...headers })

/** What the first one does, and what the row then says of it: its status, and who may have charged. */
type Case = [play: Play, status: number | null, charged: boolean | 'maybe']
const everywhere: Record<string, Case> = {
  'accepts and never answers': [saysNothing, null, 'maybe'],
  'resets the connection': [(res) => res.destroy(), null, 'maybe'],
  'says 500': [saysStatus(500), 500, false],
  'says 529': [saysStatus(529), 529, false],
  'says 408': [saysStatus(408), 408, false],
  'says 429, and to come back in a day': [
    saysStatus(429, { message: 'slow down' }, { 'retry-after': '99999' }),
    429,
    false,
  ],
  'says that the operator’s key is none': [saysStatus(401), 401, false],
  'says that the operator owes money': [saysStatus(402), 402, false],
  'says that the operator may not': [saysStatus(403), 403, false],
  'says that the operator’s quota is used up': [
    saysStatus(429, { message: 'no', code: 'insufficient_quota' }),
    429,
    false,
  ],
  redirects: [(res) => res.writeHead(307, { location: '/elsewhere' }).end(), 307, false],
  'says a page': [
    (res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'),
    200,
    'maybe',
  ],
  'says nothing at all': [(res) => json(res).end(), 200, 'maybe'],
  'says something packed, which nobody asked for': [
    (res) => json(res, { 'content-encoding': 'gzip' }).end(gzipSync('{}')),
    200,
    'maybe',
  ],
  'says an error under a 200': [
    (res) => json(res).end('{"error":{"message":"no","type":"server_error"}}'),
    200,
    false,
  ],
}
const streamedOnly: Record<string, Case> = {
  'begins, and then says nothing': [(res) => stream(res).flushHeaders(), 200, 'maybe'],
  'says only comments': [
    (res) => {
      const every = setInterval(() => res.write(': here\n\n'), 20)
      res.once('close', () => clearInterval(every))
      stream(res)
    },
    200,
    'maybe',
  ],
  'says only comments that hold the word data': [
    (res) => void stream(res).write(': no data yet, and no data: either\n\n'),
    200,
    'maybe',
  ],
  'says more comments than are kept': [
    (res) => void stream(res).write(`: ${'here '.repeat(50)}\n\n`.repeat(2_000)),
    200,
    'maybe',
  ],
  'says an error first': [
    (res) => stream(res).end(eventOf({ error: { message: 'no', type: 'server_error' } })),
    200,
    false,
  ],
  'ends before it has said anything': [(res) => stream(res).end(), 200, 'maybe'],
  'breaks before it has said anything': [
    (res) => stream(res).write(': here\n\n', () => res.destroy()),
    200,
    'maybe',
  ],
}
const plainOnly: Record<string, Case> = {
  'breaks in the middle of its answer': [
    (res) => json(res).write('{"choices":[{"message":{"content":"two', () => res.destroy()),
    200,
    'maybe',
  ],
  'stops in the middle of its answer': [
    (res) => json(res).write('{"choices":[{"message":{"content":"two'),
    200,
    'maybe',
  ],
  'says half an answer': [(res) => json(res).end('{"choices":[{"message":'), 200, 'maybe'],
}

const silent = new Set([
  'accepts and never answers',
  'begins, and then says nothing',
  'says only comments',
  'says only comments that hold the word data',
  'says more comments than are kept',
  'stops in the middle of its answer',
])

for (const streamed of [false, true]) {
  describe(`a ${streamed ? 'streamed' : 'plain'} call is answered by the next where the first`, () => {
    const cases = { ...everywhere, ...(streamed ? streamedOnly : plainOnly) }
    for (const [name, [play, status, charged]] of Object.entries(cases)) {
      test(name, async () => {
        await letBeSilentFor(silent.has(name) ? 500 : 60_000)
        several.fed.bad.play(play)
        const answer = await several.call({ stream: streamed })
        assert.equal(answer.status, 200, answer.text)
        assert.equal(textIn(answer), 'two words')
        if (streamed) assert.equal(endOfStream(answer), 'done')
        const id = answer.headers['x-request-id']
        const row = await several.waitForCall(id)
        assert.deepEqual([row.outcome, row.cost, row.charges], ['completed', costAt(cheap), 1])
        assert.deepEqual([several.fed.bad.heard.length, several.fed.good.heard.length], [1, 1])
        const { upstream, tries, attempts } = await readTries(several.sql, id)
        assert.deepEqual([upstream, attempts], ['good', 2])
        const [first, second] = tries
        assert.deepEqual(
          [first?.upstream, first?.key, first?.status, first?.charged],
          ['bad', 'main', status, charged],
        )
        assert.deepEqual(
          [second?.upstream, second?.status, second?.id, second?.charged],
          ['good', 200, 'req_good', true],
        )
      })
    }
  })
}

test('a line of the log says which upstream has failed, and by which key', () => {
  const failed = several.relay.logged.filter((line) => line.includes('"upstream_failed"'))
  assert.ok(failed.length > 0)
  for (const line of failed) assert.match(line, /"upstream":"bad","key":"main"/)
})

for (const status of [400, 404, 413, 422]) {
  test(`what is wrong with the request is passed on as ${status}, and tried nowhere else`, async () => {
    several.fed.bad.play(saysStatus(status, { message: 'your request', code: null }))
    const answer = await several.call()
    assert.deepEqual([answer.status, errorIn(answer).message], [status, 'your request'])
    assert.equal(several.fed.good.heard.length, 0)
    const { upstream, tries, attempts } = await readTries(
      several.sql,
      answer.headers['x-request-id'],
    )
    assert.deepEqual([upstream, tries, attempts], ['bad', [], 1])
  })
}

test('a stream that has begun is not tried again', async () => {
  several.fed.bad.play((res) => {
    speak(res, deltaOf({ content: 'two ' }))
    setImmediate(() => res.destroy())
  })
  const answer = await several.call({ stream: true })
  assert.notEqual(endOfStream(answer), 'done')
  assert.equal(several.fed.good.heard.length, 0)
  const row = await several.waitForCall(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.cost], ['failed', 0])
})

test('an answer too long to pass on is not asked for again', async () => {
  several.fed.bad.play((res) => {
    json(res)
    const piece = Buffer.alloc(1024 * 1024, ' ')
    const more = () => res.writable && res.write(piece, more)
    more()
  })
  const answer = await several.call()
  assert.deepEqual([answer.status, several.fed.good.heard.length], [502, 0])
})

test('usage that comes twice, and a total below its parts, is charged once, as it was last said', async () => {
  several.fed.bad.play((res) => {
    speak(res, deltaOf({ content: 'two words' }, { finish_reason: 'stop' }))
    speak(res, { choices: [], usage: { ...usage, completion_tokens: 1, total_tokens: 11 } })
    speak(res, { choices: [], usage: { ...usage, total_tokens: 3 } })
    res.end('data: [DONE]\n\n')
  })
  const answer = await several.call({ stream: true })
  const row = await several.waitForCall(answer.headers['x-request-id'])
  assert.deepEqual([row.input, row.output, row.cost], [10, 2, costAt(dear)])
})

test('choices whose figures add up to more than any column holds are booked all the same', async () => {
  const figures = { prompt_tokens: 20_000_000, completion_tokens: 20_000_000 }
  const choices = Array.from({ length: 250 }, (_, index) => ({
    index,
    usage: figures,
    finish_reason: 'stop',
  }))
  for (const streamed of [false, true]) {
    several.fed.bad.play((res, { body: { model } }) => {
      if (!streamed) {
        const answers = choices.map((it) => ({ ...it, message: { content: 'two words' } }))
        return json(res).end(JSON.stringify({ model, choices: answers }))
      }
      for (const it of choices)
        speak(res, { model, choices: [{ ...it, delta: { content: 'two words' } }] })
      res.end('data: [DONE]\n\n')
    })
    const answer = await several.call({ stream: streamed })
    assert.equal(answer.status, 200, answer.text)
    const row = await several.waitForCall(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.output], ['completed', 500])
  }
})

describe('where all fail', () => {
  const dead: Record<string, [Play, number, string]> = {
    'say nothing': [saysNothing, 504, 'upstream_timeout'],
    'say 500': [saysStatus(500), 503, 'upstream_unavailable'],
    'say 401': [saysStatus(401), 503, 'upstream_unavailable'],
    'say that it is a limit': [saysStatus(429), 429, 'rate_limit_exceeded'],
  }
  for (const [name, [play, status, code]] of Object.entries(dead)) {
    test(`and ${name}: ${status}, and nobody is charged`, async () => {
      await letBeSilentFor(500)
      several.fed.bad.play(play)
      several.fed.good.play(play)
      for (const streamed of [false, true]) {
        several.takeForWell()
        const answer = await several.call({ stream: streamed })
        assert.deepEqual([answer.status, errorIn(answer).code], [status, code])
        const row = await several.waitForCall(answer.headers['x-request-id'])
        assert.deepEqual([row.outcome, row.status, row.cost], ['failed', status, 0])
      }
      const heard = several.fed.bad.heard.length + several.fed.good.heard.length
      assert.equal(heard, 4)
    })
  }
})
