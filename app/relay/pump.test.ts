import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, mock, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { eventOf } from '../../test/upstreams/hand-fed-upstream.ts'
import { limits } from '../config/limits.ts'
import { IncomingBody } from '../upstreams/answer-body.ts'
import { chunks } from './chat/said.ts'
import type { ChatCall } from './chat/request.ts'
import { ClientStream } from './client-stream.ts'
import { Meter } from './meter.ts'
import { pump, type StreamEnd } from './pump.ts'

const deaf = { first: () => undefined, more: () => undefined }

test('a stream that says its usage and its end is never looked into', async () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
  const events = [
    { choices: [{ index: 0, delta: { content: 'one ' } }] },
    { choices: [{ index: 0, delta: { content: 'two' }, finish_reason: 'stop' }] },
    { choices: [], usage },
  ]
  const said = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
  const body = Readable.from([Buffer.from(`${said}data: [DONE]\n\n`)])
  let lookedInto = 0
  const heard: typeof chunks.heard = (event) => {
    lookedInto++
    return chunks.heard(event)
  }
  const meter = new Meter({ ...chunks, heard }, {
    usageWanted: false,
    choices: 1,
    model: { name: 'gpt-4o' },
  } as ChatCall)
  const out = new ClientStream()
  out.resume()
  const closed = once(body, 'close')
  const end = await pump(body, meter, out, deaf, 1_000_000)
  await closed
  out.destroy()
  assert.equal(end.kind, 'complete')
  assert.equal(meter.uncounted.isAhead, false)
  assert.equal(lookedInto, 0)
})

for (const nothing of [
  '\n',
  '\r',
  ': x\n\n',
  'data:\n\n',
  'data\r\r',
  'event: x\r\n\r\n',
  'data:{}\n\n',
])
  test(`of ${JSON.stringify(nothing)} a thousand times no event is looked into`, async () => {
    const said = (content: string) =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`
    const heard: string[] = []
    const form = {
      ...chunks,
      heard(event: Buffer) {
        heard.push(event.toString())
        return chunks.heard(event)
      },
    }
    const meter = new Meter(form, { choices: 1, model: { name: 'gpt-4o' } } as ChatCall)
    const parts = [said('one '), nothing.repeat(1_000), said('two')]
    meter.read(Buffer.from(parts.join('')))
    assert.equal(await meter.uncounted.tokens(), 2)
    assert.deepEqual(
      heard.map((it) => it.trim()),
      [said('one ').trim(), said('two').trim()],
    )
  })

test('of what comes behind the first event only lines of data are something said', async () => {
  const meter = new Meter(chunks, { choices: 1, model: { name: 'gpt-4o' } } as ChatCall)
  const out = new ClientStream()
  out.resume()
  const first = 'data: {"choices":[]}\n\n'
  const pieces = [
    ': x\n\n',
    first,
    ': x\n\n',
    '\n',
    ': data',
    ': x\n',
    '\n',
    'data: {"ch',
    'oic',
    'es":[]}',
  ]
  const told: string[] = []
  let piece = ''
  const body = Readable.from(pieces.map((it) => Buffer.from(it)))
  body.on('data', (it: Buffer) => (piece = it.toString()))
  const more = () => void told.push(piece)
  await pump(body, meter, out, { first: () => undefined, more }, 1_000_000)
  out.destroy()
  assert.deepEqual(told, [first, 'data: {"ch', 'oic', 'es":[]}'])
})

describe('an upstream whose end is the finish reason', () => {
  const { finishMsMax } = limits.stream
  const said = (index: number, finish: string | null, more: object = {}) =>
    eventOf({ choices: [{ index, delta: { content: 'a' }, finish_reason: finish }], ...more })
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
  const figures = eventOf({ choices: [], usage })

  /** Of each stream its own: a mocked timer that has run is cleared together with another one. */
  async function stopTheClock() {
    await setImmediate()
    mock.timers.reset()
    mock.timers.enable({ apis: ['setTimeout'] })
  }
  beforeEach(stopTheClock)
  afterEach(() => mock.timers.reset())

  /** A stream that says these pieces, one for each wait, and is left open. */
  async function leftOpen(pieces: string[], { choices = 1, endsWith = 'finish' as const } = {}) {
    await stopTheClock()
    const call = { choices, usageWanted: true, model: { name: 'gpt-4o' } } as ChatCall
    const meter = new Meter(chunks, call, 'sum', endsWith)
    const body = new IncomingBody({ resume: () => undefined, abort: () => undefined })
    const out = new ClientStream()
    out.resume()
    let end: StreamEnd | undefined
    void pump(body, meter, out, deaf, 1_000_000).then((how) => (end = how))
    for (const piece of pieces) {
      body.push(Buffer.from(piece))
      await setImmediate()
      mock.timers.tick(finishMsMax)
      await setImmediate()
    }
    body.destroy()
    out.destroy()
    return { end, meter }
  }

  test('has ended a while behind it, and what it says until then is taken', async () => {
    for (const last of ['', figures, ': ping\n\n', figures.trimEnd()]) {
      const { end, meter } = await leftOpen([said(0, null) + said(0, 'stop') + last])
      assert.equal(end?.kind, 'complete', last)
      assert.equal(meter.reported !== undefined, last.startsWith('data'))
    }
    const done = await leftOpen([`${said(0, 'stop')}data: [DONE]`])
    assert.deepEqual(done.end, { kind: 'complete', last: Buffer.from('data: [DONE]\n\n') })
  })

  test('has not where a choice, or an event on its way, is not at its end', async () => {
    for (const [piece, choices] of [
      [said(0, null), 1],
      [said(0, 'stop'), 2],
      [said(0, 'stop') + said(1, null), 1],
      [`${said(0, 'stop')}data: {"choices":[],"us`, 1],
      [': ping\n\n', 1],
    ] as const) {
      const { end } = await leftOpen([piece], { choices })
      assert.equal(end, undefined, piece)
    }
    for (const [pieces, choices] of [
      [[said(0, 'stop'), said(1, 'length')], 2],
      [[`${said(0, 'stop')}data: {"choices":[],"us`, `age":${JSON.stringify(usage)}}\n\n`], 1],
      [[said(0, null), said(0, 'stop')], 1],
    ] as const) {
      const { end } = await leftOpen([...pieces], { choices })
      assert.equal(end?.kind, 'complete', pieces.join('|'))
    }
  })

  test('has where it goes on saying nothing, and no other has', async () => {
    const call = { choices: 1, model: { name: 'gpt-4o' } } as ChatCall
    for (const [endsWith, wanted] of [
      ['finish', 'complete'],
      ['done', undefined],
    ] as const) {
      await stopTheClock()
      const body = new IncomingBody({ resume: () => undefined, abort: () => undefined })
      const out = new ClientStream()
      out.resume()
      let end: StreamEnd | undefined
      const meter = new Meter(chunks, call, 'sum', endsWith)
      void pump(body, meter, out, deaf, 1_000_000).then((how) => (end = how))
      body.push(Buffer.from(said(0, 'stop')))
      for (let i = 0; i < 4; i++) {
        await setImmediate()
        mock.timers.tick(finishMsMax / 4)
        body.push(Buffer.from('data: {}\n\n'))
      }
      await setImmediate()
      assert.equal(end?.kind, wanted)
      body.destroy()
      out.destroy()
    }
  })

  test('is heard once more before that, where its reader had held it up', async () => {
    const call = { choices: 1, usageWanted: true, model: { name: 'gpt-4o' } } as ChatCall
    const meter = new Meter(chunks, call, 'sum', 'finish')
    const body = new IncomingBody({ resume: () => undefined, abort: () => undefined })
    const out = new ClientStream()
    let end: StreamEnd | undefined
    void pump(body, meter, out, deaf, 1_000_000).then((how) => (end = how))
    const long = 'a'.repeat(2 * limits.stream.bufferBytesMax)
    body.push(Buffer.from(eventOf({ choices: [{ index: 0, delta: { content: long } }] })))
    body.push(Buffer.from(said(0, 'stop')))
    body.push(Buffer.from(figures))
    mock.timers.tick(finishMsMax)
    await setImmediate()
    assert.deepEqual([end, meter.reported], [undefined, undefined])
    out.resume()
    for (let i = 0; i < 3; i++) {
      await setImmediate()
      mock.timers.tick(finishMsMax)
    }
    await setImmediate()
    assert.deepEqual([end?.kind, meter.reported !== undefined], ['complete', true])
    out.destroy()
  })
})
