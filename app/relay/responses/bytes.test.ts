import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { lastOf, opening, search, words } from '../../../test/upstreams/responses.ts'
import type { AnswerBody } from '../../upstreams/upstreams.server.ts'
import { ClientStream } from '../client-stream.ts'
import { Meter } from '../meter.ts'
import { pump } from '../pump.ts'
import type { ResponsesCall } from './request.ts'
import { events } from './said.ts'

const deaf = { first: () => undefined, more: () => undefined }

/** What comes out of the pump for these pieces, and what it has found in them. */
async function pumped(pieces: Buffer[]) {
  const out = new ClientStream()
  const got: Buffer[] = []
  out.on('data', (piece: Buffer) => got.push(piece))
  const ended = new Promise((resolve) => out.on('end', resolve))
  const meter = new Meter(events, { model: { name: 'gpt-4o' } } as ResponsesCall)
  const body = Readable.from(pieces.filter((piece) => piece.length > 0))
  const how = await pump(body as unknown as AnswerBody, meter, out, deaf, 1_000_000)
  assert.ok(how.kind === 'complete' || how.kind === 'failed', how.kind)
  out.finish(how.kind === 'complete' ? how.last : how.event)
  await ended
  return { bytes: Buffer.concat(got), reported: meter.reported, id: meter.id }
}

const whole = (status: string, end: string) =>
  Buffer.from(opening(end) + words(end) + lastOf(status, { output: [search] }, end))

describe('cut at every single byte, a stream comes through the same', () => {
  for (const [name, end] of Object.entries({ LF: '\n', CRLF: '\r\n', CR: '\r' })) {
    for (const status of ['completed', 'incomplete', 'failed']) {
      test(`${status}, with lines that end in ${name}`, async () => {
        const bytes = whole(status, end)
        for (let at = 0; at <= bytes.length; at++) {
          const got = await pumped([bytes.subarray(0, at), bytes.subarray(at)])
          assert.ok(got.bytes.equals(bytes), `cut at ${at}`)
          assert.ok(got.reported && 'usage' in got.reported, `cut at ${at}`)
          assert.deepEqual(got.reported.usage.more, { searches: 1 })
          assert.equal(got.id, 'resp_1')
        }
        const bytewise = [...bytes.keys()].map((at) => bytes.subarray(at, at + 1))
        assert.ok((await pumped(bytewise)).bytes.equals(bytes))
      })
    }
  }
})

describe('a model that talks of ends and errors', () => {
  test('ends nothing', async () => {
    const said = JSON.stringify('response.completed event: error {"type":"response.failed"} error')
    const delta = `event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":${said}}\n\n`
    const bytes = Buffer.from(opening() + delta + delta + lastOf('completed'))
    assert.ok((await pumped([bytes])).bytes.equals(bytes))
  })
})
