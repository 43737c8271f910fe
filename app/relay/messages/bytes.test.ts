import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { whole } from '../../../test/upstreams/messages.ts'
import { limits } from '../../config/limits.ts'
import { ClientStream } from '../client-stream.ts'
import type { Call, StreamForm } from '../endpoint.ts'
import { Meter } from '../meter.ts'
import { pump } from '../pump.ts'
import { events } from './events.ts'

const usage = { input_tokens: 25, cache_read_input_tokens: 7, output_tokens: 1 }
const plain = whole(usage, { output_tokens: 9 })
const forms: Record<string, string> = {
  plain,
  crlf: plain.replaceAll('\n', '\r\n'),
  comments: plain.replaceAll('event: ', ': a comment\nevent: '),
  'without names': plain.replaceAll(/event: .*\n/g, ''),
  unicode: plain.replace('Hello', 'Grüße 🚀\u2028'),
}

/** What comes out of the pump for these pieces, and what it has read in them. */
async function pumped(pieces: Buffer[]) {
  const out = new ClientStream()
  const got: Buffer[] = []
  out.on('data', (piece: Buffer) => got.push(piece))
  const ended = new Promise((resolve) => out.on('end', resolve))
  const call = { model: { name: 'claude' } } as Call
  const meter = new Meter(events as StreamForm, call)
  const deaf = { first: () => undefined, more: () => undefined }
  const body = Readable.from(pieces.filter((piece) => piece.length > 0))
  const how = await pump(body, meter, out, deaf, limits.endpoints.messages.eventBytesMax)
  assert.ok(how.kind === 'complete', how.kind)
  out.finish(how.last)
  await ended
  const { reported } = meter
  assert.ok(reported && 'usage' in reported && !reported.isFirst)
  const { inputTokens, cachedTokens, outputTokens } = reported.usage
  assert.deepEqual([inputTokens, cachedTokens, outputTokens], [32, 7, 9])
  return Buffer.concat(got)
}

for (const [form, text] of Object.entries(forms))
  test(`cut at every single byte, a stream comes through the same: ${form}`, async () => {
    const bytes = Buffer.from(text)
    for (let at = 0; at <= bytes.length; at++) {
      const got = await pumped([bytes.subarray(0, at), bytes.subarray(at)])
      assert.ok(got.equals(bytes), `cut at ${at}`)
    }
    const bytewise = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
    assert.ok((await pumped(bytewise)).equals(bytes))
  })
