import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, test } from 'node:test'
import { closeServer, listen } from '../../dev/command/listen.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { inTime } from '../../test/in-time.ts'
import { Connections } from './connections.ts'

let server: Server
const sockets: Socket[] = []
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy())
  await closeServer(server)
})

let nowMs = 0
/** A server that answers when the test says so, on a clock that stands still. */
async function serve(most: { allMax: number; eachMax: number }, options: ServerOptions = {}) {
  const asked: ServerResponse[] = []
  server = createServer({ keepAliveTimeout: 60_000, ...options }, (_, res) => void asked.push(res))
  nowMs = 0
  const connections = new Connections(server, most, () => nowMs)
  const port = await listen(server)
  /** A connection from one of the addresses of this machine, and whether it has closed. */
  async function open(localAddress = '127.0.0.1') {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    sockets.push(socket)
    let said = ''
    let isClosed = false
    socket.on('data', (piece) => (said += piece.toString()))
    socket.on('error', () => undefined).on('close', () => (isClosed = true))
    const [accepted] = (await inTime('a connection', once(server, 'connection'))) as [Socket]
    return {
      socket,
      bytesCome: () => accepted.bytesRead,
      said: () => said,
      isClosed: () => isClosed,
      closed: () => eventually('it to close', () => isClosed),
      async ask(text = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n') {
        const count = asked.length
        socket.write(text)
        await eventually('the request', () => asked.length > count)
        const res = asked.at(-1) as ServerResponse
        return async () => {
          const over = once(res, 'close')
          res.end('answered')
          await over
          await eventually('the answer', () => said.endsWith('answered'))
        }
      },
    }
  }
  return { connections, open }
}

test('where there is no room the connection goes that has been idle for longest', async () => {
  const { open } = await serve({ allMax: 3, eachMax: 3 })
  const [first, second, third] = [await open(), await open('127.0.0.2'), await open()]
  await (
    await first.ask()
  )()
  const answer = await second.ask()
  // The third has never asked, the second is being answered, the first was answered last.
  const fourth = await open('127.0.0.3')
  await third.closed()
  const fifth = await open('127.0.0.3')
  await first.closed()
  await answer()
  assert.deepEqual([second.isClosed(), fourth.isClosed(), fifth.isClosed()], [false, false, false])
})

test('one whose head is on its way is not the one that goes, unless all are such', async () => {
  const { open } = await serve({ allMax: 2, eachMax: 2 })
  const [asking, idle] = [await open(), await open()]
  asking.socket.write('GET / HTTP/1.1\r\n')
  await eventually('its first line', () => asking.bytesCome() > 0)
  const third = await open()
  await idle.closed()
  third.socket.write('GET / HTTP/1.1\r\n')
  await eventually('its first line', () => third.bytesCome() > 0)
  assert.equal(asking.isClosed(), false)
  await open()
  await asking.closed()
})

test('who has taken their part gives up one of their own, and takes nobody else’s', async () => {
  const { open } = await serve({ allMax: 10, eachMax: 2 })
  const other = await open('127.0.0.2')
  const [one, two] = [await open(), await open()]
  await open()
  await one.closed()
  await two.ask()
  const three = await open()
  assert.deepEqual([other.isClosed(), two.isClosed(), three.isClosed()], [false, false, false])
})

test('one more than may be under way is not let in', async () => {
  const { open } = await serve({ allMax: 2, eachMax: 2 })
  const [one, two] = [await open(), await open()]
  const answers = [await one.ask(), await two.ask()]
  await (await open()).closed()
  for (const answer of answers) await answer()
  assert.deepEqual([one.isClosed(), two.isClosed()], [false, false])
  // And has a place again once somebody leaves.
  one.socket.destroy()
  await one.closed()
  await (
    await (await open()).ask()
  )()
})

test('a drain closes each connection with its answer, and idle ones after their time', async () => {
  const { connections, open } = await serve({ allMax: 10, eachMax: 10 })
  const [idle, asking, later] = [await open(), await open(), await open()]
  const answer = await asking.ask()
  nowMs = 1_000
  await (
    await later.ask()
  )()
  connections.drain()
  await answer()
  await asking.closed()
  assert.match(asking.said(), /\r\nconnection: close\r\n/i)
  assert.match(later.said(), /\r\nconnection: keep-alive\r\n/i)
  nowMs = 5_500
  connections.closeIdle(5_000)
  await idle.closed()
  await (
    await later.ask()
  )()
  await later.closed()
})

test('the head of a request that is on its way keeps a connection open', async () => {
  const { connections, open } = await serve({ allMax: 10, eachMax: 10 })
  const asking = await open()
  asking.socket.write('GET / HTTP/1.1\r\n')
  await eventually('its first line', () => asking.bytesCome() > 0)
  nowMs = 60_000
  connections.closeIdle(0)
  await (
    await asking.ask('host: x\r\n\r\n')
  )()
})

test('a connection is kept for longer than a head may take', async () => {
  const { open } = await serve(
    { allMax: 10, eachMax: 10 },
    { headersTimeout: 100, requestTimeout: 100, connectionsCheckingInterval: 10 },
  )
  const kept = await open()
  await (
    await kept.ask()
  )()
  for (let times = 0; times < 3; times++) {
    const slow = await open()
    slow.socket.write('GET / HTTP/1.1\r\n')
    await slow.closed()
    assert.match(slow.said(), / 408 /)
  }
  await (
    await kept.ask()
  )()
})
