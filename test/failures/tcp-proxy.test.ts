import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'

import { eventually } from '../../dev/command/eventually.ts'
import { inTime } from '../in-time.ts'
import { listen } from '../../dev/command/listen.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** Answers each packet with the same bytes and remembers them; `bye` also ends the connection. */
const received: string[] = []
const server = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    received.push(bytes.toString())
    if (bytes.toString() === 'bye') socket.end('farewell')
    else socket.write(bytes)
  })
})

async function open(proxy: TcpProxy): Promise<Socket> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' })
  await once(socket, 'connect')
  return socket
}

async function say(socket: Socket, words: string): Promise<string> {
  socket.write(words)
  const [reply] = (await inTime('a reply', once(socket, 'data'))) as [Buffer]
  return reply.toString()
}

async function errorOf(socket: Socket): Promise<string | undefined> {
  const failed = once(socket, 'error') as Promise<[NodeJS.ErrnoException]>
  const [error] = await inTime('the end of a connection', failed)
  return error.code
}

describe('the TCP proxy', () => {
  let proxy: TcpProxy

  before(async () => {
    proxy = await startTcpProxy({ targetPort: await listen(server) })
  })
  beforeEach(() => void received.splice(0))
  after(async () => {
    await proxy.close()
    server.close()
  })

  test('passes bytes both ways and the end of a connection with its last words', async () => {
    const socket = await open(proxy)
    assert.equal(await say(socket, 'hello'), 'hello')
    assert.equal(await say(socket, 'bye'), 'farewell')
    await inTime('the end of the connection', once(socket, 'end'))
    socket.destroy()
  })

  test('keeps the order of delayed packets', async () => {
    const socket = await open(proxy)
    proxy.delay(5)
    let heard = ''
    socket.on('data', (bytes) => (heard += bytes.toString()))
    for (const word of ['one ', 'two ', 'three']) {
      socket.write(word)
      await new Promise(setImmediate)
    }
    await eventually('all is heard', () => heard.length >= 'one two three'.length)
    assert.equal(heard, 'one two three')
    proxy.delay(0)
    socket.destroy()
  })

  test('cuts every open connection and lets new ones through', async () => {
    const sockets = [await open(proxy), await open(proxy)]
    for (const socket of sockets) await say(socket, 'hello')
    const errors = Promise.all(sockets.map(errorOf))
    proxy.dropAll()
    assert.deepEqual(await errors, ['ECONNRESET', 'ECONNRESET'])
    const next = await open(proxy)
    assert.equal(await say(next, 'again'), 'again')
    next.destroy()
  })

  test('refuses new connections while open ones live on', async () => {
    const old = await open(proxy)
    await say(old, 'hello')
    proxy.refuse(true)
    const refused = connect({ port: proxy.port, host: '127.0.0.1' })
    assert.equal(await errorOf(refused), 'ECONNRESET')
    assert.equal(await say(old, 'still here'), 'still here')
    proxy.refuse(false)
    old.destroy()
  })

  test('holds bytes while frozen and delivers them after', async () => {
    const frozen = await open(proxy)
    await say(frozen, 'hello')
    proxy.freeze(true)
    frozen.write('held')
    const late = await open(proxy)
    late.write('held too')
    // Another way to the same server: what was written before must not have overtaken it.
    const direct = connect({ port: (server.address() as { port: number }).port })
    await say(direct, 'direct')
    assert.deepEqual(received, ['hello', 'direct'])
    const replies = Promise.all([once(frozen, 'data'), once(late, 'data')])
    proxy.freeze(false)
    assert.deepEqual((await inTime('what was held', replies)).map(String), ['held', 'held too'])
    for (const socket of [frozen, late, direct]) socket.destroy()
  })

  test('lets the server act on a packet and loses its reply, once', async () => {
    const [unlucky, other] = [await open(proxy), await open(proxy)]
    const sprung = proxy.cutAfterClientSends('COMMIT')
    assert.equal(await say(unlucky, 'INSERT'), 'INSERT')
    assert.equal(await say(other, 'SELECT'), 'SELECT')
    unlucky.on('data', () => assert.fail('the reply must not arrive'))
    const error = errorOf(unlucky)
    unlucky.write('COMMIT')
    await inTime('the trap is sprung', sprung)
    assert.equal(await error, 'ECONNRESET')
    assert.deepEqual(received, ['INSERT', 'SELECT', 'COMMIT'])
    assert.equal(await say(other, 'COMMIT'), 'COMMIT')
    other.destroy()
  })

  test('rewrites a URL to lead through it', () => {
    const url = proxy.through('mysql://relay:pw@10.0.0.1:3306/books')
    assert.equal(url, `mysql://relay:pw@127.0.0.1:${proxy.port}/books`)
  })
})
