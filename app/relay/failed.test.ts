import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import type { AnswerBody } from '../upstreams/upstreams.server.ts'
import { ClientStream } from './client-stream.ts'
import type { Call, StreamForm } from './endpoint.ts'
import { Meter } from './meter.ts'
import { pump, type StreamEnd } from './pump.ts'

const said = 'data: {"said":"a"}\n\n'
const failed = 'data: {"is":"failed"}\n\n'
const form: StreamForm = {
  marks: [Buffer.from('failed')],
  look: () => ({ kind: 'failed', id: 'answer_1' }),
  heardMark: Buffer.from('"said"'),
  heard: () => ({ delivered: [], id: 'answer_0', number: 7 }),
  choicesOf: () => 1,
}

/** Pumps these bytes as a whole answer; what has come of it by its end. */
async function pumped(text: string) {
  const meter = new Meter(form, { model: { name: 'm' } } as Call)
  const out = new ClientStream()
  const body = Readable.from([Buffer.from(text)]) as unknown as AnswerBody
  const how: StreamEnd = await pump(
    body,
    meter,
    out,
    { first: () => undefined, more: () => undefined },
    1_000,
  )
  const read: unknown = out.read()
  out.destroy()
  return { how, sent: read === null ? '' : String(read), meter }
}

describe('an upstream that says in its last event that it has failed', () => {
  test('has the client read that event as it came, once the call is settled', async () => {
    const { how, sent } = await pumped(said + failed + said)
    assert.equal(sent, said)
    assert.deepEqual(how, { kind: 'failed', event: Buffer.from(failed) })
  })

  test('has said nothing else where it is the first event, and another one may be asked', async () => {
    const { how, sent } = await pumped(failed)
    assert.equal(sent, '')
    assert.deepEqual(how, { kind: 'error-event', event: Buffer.from(failed), first: true })
  })

  test('may leave out the empty line behind it', async () => {
    for (const cut of [1, 2]) {
      const { how } = await pumped(said + failed.slice(0, -cut))
      assert.equal(how.kind, 'failed')
    }
    assert.equal((await pumped(failed.slice(0, -1))).how.kind, 'error-event')
  })

  test('has told by what name and number it had got so far', async () => {
    const { meter } = await pumped(said + failed)
    assert.deepEqual(meter.before, { id: 'answer_1', number: 7, model: null })
    const { meter: early } = await pumped(said)
    assert.deepEqual(early.before, { id: 'answer_0', number: 7, model: null })
  })
})
