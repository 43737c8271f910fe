import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'

import { inTime } from '../../test/in-time.ts'
import { listen } from '../../dev/command/listen.ts'
import { watchReader } from './reader.ts'

let given: (res: ServerResponse) => void = () => undefined
const server = createServer((_, res) => given(res))
let port: number
before(async () => void (port = await listen(server)))
after(() => {
  server.closeAllConnections()
  server.close()
})

/** A connection that asks and reads nothing yet, and the answer to write to. */
async function ask() {
  const res = new Promise<ServerResponse>((resolve) => (given = resolve))
  const socket = connect(port, '127.0.0.1').pause()
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  return { socket, res: await inTime('the request', res) }
}
/** Far more than the kernel keeps for a connection. */
const fill = (res: ServerResponse) => {
  for (let megabytes = 0; megabytes < 64; megabytes++) res.write(Buffer.alloc(1_048_576))
}
const state = async (promise: Promise<unknown>) =>
  Promise.race([promise, new Promise((resolve) => setImmediate(() => resolve('waits')))])

test('there is room until the buffers are full, and again when they were read', async () => {
  const { socket, res } = await ask()
  const reader = watchReader(res)
  assert.equal(await reader.ready(), true)
  fill(res)
  const ready = reader.ready()
  assert.equal(await state(ready), 'waits')
  socket.resume()
  assert.equal(await inTime('there is room again', ready), true)
  socket.destroy()
})

test('a reader that leaves is not waited for', async () => {
  const { socket, res } = await ask()
  const reader = watchReader(res)
  fill(res)
  const ready = reader.ready()
  socket.destroy()
  assert.equal(await inTime('the reader is gone', ready), false)
  assert.equal(await reader.ready(), false)
})

test('a reader that takes nothing for too long is disconnected', async () => {
  const { socket, res } = await ask()
  const reader = watchReader(res, 50)
  fill(res)
  assert.equal(await inTime('the reader is cut off', reader.ready()), false)
  socket.destroy()
})
