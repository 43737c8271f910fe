import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { behaviours, startDemoUpstream, operatorSecret } from './demo-upstream.server.ts'
import type { DemoUpstream } from './demo-upstream.server.ts'
import {
  ask,
  askStream,
  chunksIn,
  contentOf,
  eventsOf,
  lastServed,
} from '../../../test/raw-client.ts'
import { countText } from './text/tokens.ts'

let upstream: DemoUpstream
before(async () => (upstream = await startDemoUpstream({ pace: 'fast' })))
after(() => upstream.close())

const say = (sentinels: string) => ({ say: `please ${sentinels} now` })
const isDone = (text: string) => eventsOf(text).at(-1) === '[DONE]'

for (const wait of ['slow:1', 'slow-first:1', 'pause:1', 'slow:1]] [[slow-first:1]] [[pause:1']) {
  test(`[[${wait}]] changes the time and nothing else`, async () => {
    const streamed = await askStream(upstream, say(`[[${wait}]]`))
    assert.ok(isDone(streamed.text))
    const plain = await ask(upstream, say(`[[${wait}]]`))
    assert.equal(JSON.parse(plain.text).object, 'chat.completion')
    assert.equal((await lastServed(upstream)).outcome, 'completed')
  })
}

test('reset breaks the connection after so many events', async () => {
  const { status, text, broken } = await askStream(upstream, say('[[reset:5]]'))
  assert.equal(status, 200)
  assert.equal(broken, 'ECONNRESET')
  assert.equal(eventsOf(text).length, 5)
  const served = await lastServed(upstream)
  assert.equal(served.outcome, 'reset')
  assert.equal(served.deliveredEvents, 5)
  assert.equal(served.deliveredTokens, countText(contentOf(chunksIn(text))))
  assert.equal(served.completionTokens, 4)
  assert.equal(served.reportedUsage, null)
})

test('reset:0 breaks the connection before the headers, plain or streamed', async () => {
  for (const asking of [ask, askStream]) {
    const { status, broken } = await asking(upstream, say('[[reset:0]]'))
    assert.equal(status, 0)
    assert.equal(broken, 'ECONNRESET')
    assert.equal((await lastServed(upstream)).status, 0)
  }
})

test('a plain body is reset in the middle', async () => {
  const { status, text, broken } = await ask(upstream, say('[[reset]]'))
  assert.equal(status, 200)
  assert.equal(broken, 'ECONNRESET')
  assert.throws(() => JSON.parse(text))
})

test('end-early ends cleanly without [DONE] and without usage', async () => {
  const { text, broken } = await askStream(upstream, say('[[end-early:4]]'))
  assert.equal(broken, undefined)
  assert.equal(eventsOf(text).length, 4)
  assert.ok(!isDone(text))
  const served = await lastServed(upstream)
  assert.equal(served.outcome, 'ended-early')
  assert.equal(served.reportedUsage, null)
})

test('no-done leaves out [DONE] only', async () => {
  const { text } = await askStream(upstream, say('[[no-done]]'))
  assert.ok(!isDone(text))
  assert.deepEqual(chunksIn(text).at(-1)?.usage, (await lastServed(upstream)).reportedUsage)
})

test('half-json stops in the middle of an object and ends cleanly', async () => {
  const plain = await ask(upstream, say('[[half-json]]'))
  assert.equal(plain.broken, undefined)
  assert.equal(plain.headers['content-length'], undefined)
  assert.throws(() => JSON.parse(plain.text))
  const streamed = await askStream(upstream, say('[[half-json:2]]'))
  assert.equal(streamed.broken, undefined)
  assert.equal(eventsOf(streamed.text).length, 2)
  assert.match(streamed.text, /\n\ndata: \{"id":[^\n]*\{"in$/)
  assert.equal((await lastServed(upstream)).outcome, 'ended-early')
})

test('error-event sends an error that names the operator, then ends', async () => {
  const { text } = await askStream(upstream, say('[[error-event:3]]'))
  const events = eventsOf(text)
  assert.equal(events.length, 4)
  assert.ok(JSON.parse(events[3] ?? '').error.message.includes(operatorSecret))
  const served = await lastServed(upstream)
  assert.equal(served.outcome, 'error')
  assert.equal(served.deliveredTokens, 2)
})

test('crlf, comment, bom and multi-line change the bytes and not the answer', async () => {
  const whole = '[[crlf]] [[comment]] [[bom]] [[multi-line]] [[pause:1]]'
  const { text } = await askStream(upstream, say(whole))
  assert.ok(text.startsWith('\uFEFFdata: '))
  assert.ok(!/[^\r]\n/.test(text))
  assert.ok(text.includes('\r\n: comment\r\n'))
  assert.ok(eventsOf(text)[0]?.includes('\n'))
  assert.ok(isDone(text))
  assert.equal(countText(contentOf(chunksIn(text))), (await lastServed(upstream)).deliveredTokens)
})

test('split writes each byte alone, and split:N cuts at exactly that byte', async () => {
  const bytewise = await askStream(upstream, { ...say('[[split]]'), body: { max_tokens: 2 } })
  assert.ok(bytewise.pieces.length > bytewise.bytes.length / 2)
  assert.ok(isDone(bytewise.text))
  for (const offset of [1, 7, 500]) {
    const { pieces } = await askStream(upstream, say(`[[split:${offset}]]`))
    assert.equal(pieces[0]?.length, offset)
    assert.equal(pieces.length, 2)
  }
})

test('big sends one event with so many bytes of content, and counts them', async () => {
  const { text } = await askStream(upstream, say('[[big]]'))
  const contents = chunksIn(text).map((chunk) => chunk.choices[0]?.delta.content ?? '')
  assert.equal(Math.max(...contents.map((content) => Buffer.byteLength(content))), 1_047_552)
  assert.equal(countText(contents.join('')), (await lastServed(upstream)).deliveredTokens)
})

test('gzip comes compressed though identity was asked for', async () => {
  const given = { ...say('[[gzip]]'), headers: { 'accept-encoding': 'identity' } }
  const { headers, bytes } = await askStream(upstream, given)
  assert.equal(headers['content-encoding'], 'gzip')
  assert.ok(isDone(gunzipSync(bytes).toString()))
})

test('wrong-type gives a stream as plain JSON, and a plain answer as text', async () => {
  const streamed = await askStream(upstream, say('[[wrong-type]]'))
  assert.equal(streamed.headers['content-type'], 'application/json')
  assert.ok('choices' in JSON.parse(streamed.text))
  const plain = await ask(upstream, say('[[wrong-type]]'))
  assert.equal(plain.headers['content-type'], 'text/plain')
})

test('repeat makes the answer so long, unicode makes characters of several tokens', async () => {
  const long = chunksIn((await askStream(upstream, say('[[repeat:500]]'))).text)
  assert.equal(countText(contentOf(long)), 500)
  const odd = chunksIn((await askStream(upstream, say('[[unicode]]'))).text)
  assert.ok(contentOf(odd).includes('👩‍👩‍👧‍👦'))
  assert.ok(odd.every((chunk) => !chunk.choices[0]?.delta.content?.includes('\uFFFD')))
  assert.equal(countText(contentOf(odd)), odd.at(-1)?.usage?.completion_tokens)
})

test('echo-headers and echo-body show what was received, every time', async () => {
  for (const color of ['red', 'blue']) {
    const given = { ...say('[[echo-headers]]'), headers: { 'x-color': color } }
    const answer = JSON.parse((await ask(upstream, given)).text)
    assert.equal(JSON.parse(answer.choices[0].message.content)['x-color'], color)
  }
  const body = { temperature: 0.5, user: 'me' }
  const answer = JSON.parse((await ask(upstream, { ...say('[[echo-body]]'), body })).text)
  const echoed = JSON.parse(answer.choices[0].message.content)
  assert.deepEqual(echoed, { model: 'gpt-4o', ...body })
})

test('a behaviour can be asked for by model name', async () => {
  for (const model of [
    'demo-repeat:5',
    'demo-repeat:5+crlf',
    'gpt-4o+repeat:5',
    'a+crlf+repeat:5',
  ]) {
    const { text } = await askStream(upstream, { body: { model } })
    assert.equal(countText(contentOf(chunksIn(text))), 5, model)
    assert.equal(chunksIn(text)[0]?.model, model)
    assert.equal(text.includes('\r\n'), model.includes('crlf'))
  }
})

test('every behaviour is asked for by some test', () => {
  const here = new URL('.', import.meta.url)
  const files = readdirSync(here).filter((name) => name.endsWith('.test.ts'))
  const tests = files.map((name) => readFileSync(new URL(name, here), 'utf8')).join('\n')
  for (const name of Object.keys(behaviours)) {
    assert.match(tests, new RegExp(`(\\[\\[|\\+|demo-|'|\\b)${name}(\\]\\]|:|'|\\+)`), name)
  }
})
