import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { inTime } from '../../test/in-time.ts'
import { listen } from '../../dev/command/listen.ts'
import { writeAnswer } from './adapter.ts'
import { Answer } from './answer.ts'
import { Connections } from './connections.ts'
import { drainServer } from './drain.ts'

const MiB = 1024 * 1024
const nothingUnderWay = { cutAll: () => undefined, ended: () => Promise.resolve() }
const ask = 'GET / HTTP/1.1\r\nhost: relay\r\n\r\n'

/** A server with one answer, and a connection that has asked and reads nothing yet. */
async function askFor(source: () => Answer['source']) {
  const server = createServer((req, res) => {
    writeAnswer(req, res, new Answer(source(), { status: 200, headers: {} }))
  })
  const connections = new Connections(server, { allMax: 10, eachMax: 10 })
  const socket = connect(await listen(server), '127.0.0.1').pause()
  socket.on('error', () => undefined)
  socket.write(ask)
  await inTime('the request', once(server, 'request'))
  return { server, connections, socket }
}

/** Far more than the kernel keeps for a connection. */
const long = Buffer.alloc(16 * MiB, 'long ')
const bodyOf = (whole: Buffer) => whole.subarray(whole.indexOf('\r\n\r\n') + 4)

describe('a drain', () => {
  const limits = { delayMs: 0, drainMsMax: 30_000, cutMsMax: 1_000 }

  test('lets a slow reader have the rest of a plain answer', async () => {
    const { server, connections, socket } = await askFor(() => long)
    const drained = drainServer(server, connections, nothingUnderWay, limits)
    const whole = await buffer(socket)
    assert.ok(bodyOf(whole).equals(long))
    await drained
  })

  test('lets a slow reader have the rest of a stream, and its end', async () => {
    const source = () => Readable.from([long], { objectMode: false })
    const { server, connections, socket } = await askFor(source)
    const drained = drainServer(server, connections, nothingUnderWay, limits)
    const whole = (await buffer(socket)).toString('latin1')
    assert.ok(whole.endsWith('\r\n0\r\n\r\n'))
    assert.ok(whole.length > long.length)
    await drained
  })
})

test('a stream that breaks is never given a clean end', async () => {
  const source = new Readable({ read: () => undefined })
  const { server, socket } = await askFor(() => source)
  const received = buffer(socket)
  source.push(Buffer.from('data: one\n\n'))
  // What was pushed is out before it breaks.
  await inTime('the first bytes', once(socket, 'data'))
  source.destroy(new Error('broken'))
  const whole = (await received).toString()
  assert.match(whole, /\r\nb\r\ndata: one\n\n\r\n$/)
  server.close()
})
