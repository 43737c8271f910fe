import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { present } from '../../test/present.ts'
import { inTime } from '../../test/in-time.ts'
import { listen } from '../../dev/command/listen.ts'
import { ChunkWriter } from './chunks.ts'

let answer: (res: ServerResponse) => void = () => undefined
const server = createServer((_, res) => {
  res.writeHead(200, { 'content-type': 'text/event-stream' })
  answer(res)
})
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let port: number
before(async () => void (port = await listen(server)))
after(() => {
  agent.destroy()
  server.close()
})

async function get(): Promise<{ message: IncomingMessage; body: Buffer; isReused: boolean }> {
  const sent = request({ host: '127.0.0.1', port, agent }).end()
  const [message] = (await once(sent, 'response')) as [IncomingMessage]
  return { message, body: await buffer(message), isReused: sent.reusedSocket }
}

/** Each piece in a turn of its own, or all in one. */
function writeAll(res: ServerResponse, pieces: Buffer[], last: Buffer | undefined, apart: boolean) {
  const body = new ChunkWriter(res)
  const next = (at: number) => {
    if (at === pieces.length) return body.end(last)
    body.write(present(pieces[at]))
    if (apart) setImmediate(() => next(at + 1))
    else next(at + 1)
  }
  next(0)
}

const lengths = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 4_090, max: 4_100 }),
  fc.constant(100_000),
)
const piece = fc
  .tuple(lengths, fc.integer({ min: 0, max: 255 }))
  .map(([length, byte]) => Buffer.alloc(length, Buffer.from([byte, 13, 10, 48, 0xff])))

test('whatever the pieces are, the body arrives as it was, and the connection serves on', async () => {
  let asked = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 6 }),
      fc.option(piece, { nil: undefined }),
      fc.boolean(),
      async (pieces, last, apart) => {
        answer = (res) => writeAll(res, pieces, last, apart)
        const { message, body, isReused } = await get()
        assert.equal(message.headers['transfer-encoding'], 'chunked')
        assert.ok(body.equals(Buffer.concat([...pieces, last ?? Buffer.alloc(0)])))
        assert.equal(isReused, asked++ > 0)
      },
    ),
    { numRuns: 200 },
  )
})

test('a reader of HTTP/1.0 gets the bytes alone, and the end of the connection', async () => {
  answer = (res) =>
    writeAll(res, [Buffer.from('one '), Buffer.from('two ')], Buffer.from('.'), true)
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.0\r\n\r\n')
  const text = (await buffer(socket)).toString()
  const [head = '', body] = text.split('\r\n\r\n')
  assert.doesNotMatch(head, /transfer-encoding/i)
  assert.equal(body, 'one two .')
})

test('a short piece is one chunk with its size before it, and the last one brings the end', async () => {
  answer = (res) => writeAll(res, [Buffer.from('first')], Buffer.from('[DONE]'), true)
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  const text = (await buffer(socket)).toString()
  assert.ok(text.endsWith('\r\n\r\n5\r\nfirst\r\n6\r\n[DONE]\r\n0\r\n\r\n'), text)
})

test('a reader that takes nothing is noticed', async () => {
  const full = new Promise<boolean>((resolve) => {
    answer = (res) => {
      const body = new ChunkWriter(res)
      let room = true
      for (let i = 0; i < 64 && room; i++) room = body.write(Buffer.alloc(1_048_576))
      resolve(!room)
    }
  })
  const socket = connect(port, '127.0.0.1').pause()
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  assert.equal(await inTime('the buffers are full', full), true)
  socket.destroy()
})
