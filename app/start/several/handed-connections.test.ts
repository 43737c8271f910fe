import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { listen } from '../../../dev/command/listen.ts'
import { createBoundServer } from '../bound-server.ts'
import { handedConnections } from './handed-connections.ts'
import type { ToParent } from './parent-words.ts'

const bounds = {
  connectionsMax: 10,
  connectionsAnAddressMax: 10,
  headersMsMax: 200,
  bodyMsMax: 100,
  lateEveryMs: 50,
}

/** A server without a port, and a parent in this process that hands it what comes. */
async function open(more: Partial<typeof bounds> = {}) {
  const said: ToParent[] = []
  let take: (id: number, socket: Socket | undefined) => void = () => undefined
  const parent = {
    say: (words: ToParent) => void said.push(words),
    onConnection: (next: typeof take) => void (take = next),
    leave: () => Promise.resolve(),
  }
  const { server } = createBoundServer(
    { KEEP_ALIVE_SECONDS: 1, RELAY_MODE: 'server' },
    (_, res) => res.end('answer'),
    { ...bounds, ...more },
  )
  const intake = handedConnections(parent, 1)
  await intake.open(server)
  let ids = 0
  const port = createServer((socket) => take(++ids, socket))
  const at = await listen(port)
  return {
    said,
    intake,
    server,
    take: (id: number) => take(id, undefined),
    client: () => connect(at, '127.0.0.1'),
    close: () => void port.close(),
  }
}

test('a connection that was handed over is answered, and its sender is told before', async (t) => {
  const { said, client, close, intake, server } = await open()
  t.after(close)
  const socket = client()
  // Whoever has said all, and has closed their half, is answered all the same.
  socket.end('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  assert.match(await text(socket), /^HTTP\/1.1 200 OK\r\n.*\r\n\r\nanswer$/s)
  assert.deepEqual(said[0], { say: 'took', id: 1 })
  const { ended } = await intake.close(server)
  await ended
})

test('a head that does not come is not waited for, as on a port of its own', async (t) => {
  const { client, close } = await open()
  t.after(close)
  const socket = client()
  socket.write('GET / HTTP/1.1\r\nhost: ')
  assert.match(await text(socket), /^HTTP\/1.1 408 /)
})

test('one whose client has gone on the way is taken, and nothing more', async (t) => {
  const { said, take, close, intake, server } = await open()
  t.after(close)
  take(7)
  assert.deepEqual(said, [{ say: 'took', id: 7 }])
  await (
    await intake.close(server)
  ).ended
})

test('so many connections are told of, now and then', async (t) => {
  const { said, client, close } = await open({ headersMsMax: 60_000 })
  t.after(close)
  const [one, two] = [client(), client()]
  const counts = () => said.flatMap((words) => (words.say === 'connections' ? words.count : []))
  await eventually('both are told of', () => counts().includes(2))
  one.destroy()
  two.destroy()
})

test('one that has come and gone between two looks is told of too, or it would count for ever', async (t) => {
  const { said, client, close } = await open()
  t.after(close)
  const socket = client()
  socket.end('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  assert.match(await text(socket), /answer$/)
  await eventually('there are none', () =>
    said.some((words) => words.say === 'connections' && words.count === 0),
  )
})
