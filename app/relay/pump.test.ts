import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { chunks } from './chat/said.ts'
import type { ChatCall } from './chat/request.ts'
import { ClientStream } from './client-stream.ts'
import { Meter } from './meter.ts'
import { pump } from './pump.ts'

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
