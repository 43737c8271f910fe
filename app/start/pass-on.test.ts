import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { listen } from '../../dev/command/listen.ts'
import { limits } from '../config/limits.ts'
import { createPassOn, type PassOn, type PassOnBounds } from './pass-on.ts'

const folder = mkdtempSync(join(tmpdir(), 'pass-on-'))
const socketPath = join(folder, 'pages')
/** What the pages have been asked and have not answered: they answer when they are told to. */
const asked: (() => void)[] = []
async function answer(req: IncomingMessage, res: ServerResponse) {
  const body = await text(req)
  if (req.url !== '/wait') return void res.end(body || 'page')
  asked.push(() => res.end('done'))
}
const pages = createServer((req, res) => void answer(req, res))
let connections = 0
pages.on('connection', () => connections++)

before(() => new Promise<void>((resolve) => void pages.listen(socketPath, resolve)))
after(() => {
  pages.closeAllConnections()
  pages.close()
  rmSync(folder, { recursive: true })
})

type Door = {
  port: number
  sockets: Socket[]
  /** How many requests have come to it. */
  heads(): number
  slowForm(): Socket
  end(): Promise<void>
}

/** A door before the pages, with some bounds of its own. */
async function openDoor(bounds: Partial<PassOnBounds>): Promise<Door> {
  const passOn: PassOn = createPassOn(
    socketPath,
    { failed: () => undefined },
    { ...limits.pages, ...bounds },
  )
  let heads = 0
  const server = createServer((req, res) => {
    heads++
    void passOn.handle(req, res)
  })
  const port = await listen(server)
  const sockets: Socket[] = []
  return {
    port,
    sockets,
    heads: () => heads,
    slowForm() {
      const socket = connect(port, '127.0.0.1')
      socket.setEncoding('utf8').on('error', () => undefined)
      socket.write('POST /auth/github HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\na=')
      sockets.push(socket)
      return socket
    },
    async end() {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await passOn.close()
    },
  }
}

const ask = ({ port }: Door, path = '/', method = 'GET', body?: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    request({ port, path, method, agent: false }, resolve).on('error', reject).end(body)
  })
const statusOf = async (answer: IncomingMessage) => {
  answer.resume()
  return answer.statusCode
}
const allOf = async (socket: Socket) => {
  let all = ''
  for await (const piece of socket) all += String(piece)
  return all
}
/** Asks, and leaves once the pages have been asked, or the door has. */
async function leave(door: Door, isAsked: () => boolean, cookie = '') {
  const asking = request({ port: door.port, path: '/wait', agent: false, headers: { cookie } })
  asking.on('error', () => undefined).end()
  await eventually('the door is asked', isAsked)
  const gone = new Promise((resolve) => asking.on('close', resolve))
  asking.destroy()
  await gone
}
/** What has come in is on its way through the door when the next answer is there. */
const arrived = (door: Door) => ask(door).then(statusOf)

describe('slow forms', () => {
  test('keep no page from anybody, however many there are', async () => {
    const door = await openDoor({ underWayMax: 2 })
    for (let i = 0; i < 50; i++) door.slowForm()
    await arrived(door)
    assert.equal(await statusOf(await ask(door)), 200)
    assert.equal(await text(await ask(door, '/', 'POST', 'a=b')), 'a=b')
    await door.end()
  })

  test('are ended after their time, and told so', async () => {
    const door = await openDoor({ formMsMax: 50 })
    const answer = await allOf(door.slowForm())
    assert.match(answer, /^HTTP\/1\.1 408 /)
    assert.match(answer, /Send it once more/)
    await door.end()
  })

  test('of one address are bounded, and their places come back', async () => {
    const door = await openDoor({ formsAnAddressMax: 3, formsMax: 10 })
    const slow = [door.slowForm(), door.slowForm(), door.slowForm()]
    await eventually('there is no place', async () => {
      return (await statusOf(await ask(door, '/', 'POST', 'a=b'))) === 503
    })
    assert.equal(await statusOf(await ask(door)), 200)
    slow[0]!.write('x'.repeat(98))
    await eventually('a place is free', async () => {
      return (await statusOf(await ask(door, '/', 'POST', 'a=b'))) === 200
    })
    // One whose sender has gone is free too.
    slow[0]!.destroy()
    await door.end()
  })

  test('that say they are too long are refused unread', async () => {
    const door = await openDoor({ formBytesMax: 10 })
    const long = connect(door.port, '127.0.0.1').setEncoding('utf8')
    long.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 11\r\n\r\n')
    assert.match(await allOf(long), /^HTTP\/1\.1 413 [^]*Nothing was changed/)
    const chunked = connect(door.port, '127.0.0.1').setEncoding('utf8')
    const chunk = 'b\r\nhello world\r\n'
    chunked.write(`POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`)
    assert.match(await allOf(chunked), /^HTTP\/1\.1 413 /)
    await door.end()
  })
})

describe('pages under way', () => {
  test('of one address are bounded, and their places come back', async () => {
    const door = await openDoor({ underWayAnAddressMax: 2 })
    const waiting = [ask(door, '/wait'), ask(door, '/wait')]
    await eventually('both are under way', () => asked.length === 2)
    assert.equal(await statusOf(await ask(door)), 503)
    for (const answer of asked.splice(0)) answer()
    for (const answer of await Promise.all(waiting)) assert.equal(await text(answer), 'done')
    assert.equal(await statusOf(await ask(door)), 200)
    await door.end()
  })
})

describe('readers that leave', () => {
  test('keep their place until the pages have answered, and cost no connection', async () => {
    const door = await openDoor({ underWayAnAddressMax: 1 })
    await arrived(door)
    connections = 0
    for (let times = 0; times < 5; times++) {
      await leave(door, () => asked.length === 1)
      assert.equal(await statusOf(await ask(door)), 503)
      asked.pop()!()
      await eventually('the place is free', async () => (await statusOf(await ask(door))) === 200)
    }
    assert.equal(connections, 0)
    await door.end()
  })

  test('make those of the same name wait, and whoever leaves then has asked for nothing', async () => {
    const door = await openDoor({ leftOfOneMax: 2 })
    for (const count of [1, 2]) await leave(door, () => asked.length === count)
    const heads = door.heads()
    const waiting = ask(door, '/wait')
    await leave(door, () => door.heads() === heads + 2)
    const other = request({ port: door.port, path: '/', agent: false, headers: { cookie: 'a=b' } })
    const answered = once(other.end(), 'response')
    assert.equal(await statusOf((await answered)[0] as IncomingMessage), 200)
    assert.equal(asked.length, 2)
    asked.pop()!()
    await eventually('the one that waits goes on', () => asked.length === 2)
    for (const answer of asked.splice(0)) answer()
    assert.equal(await text(await waiting), 'done')
    assert.equal(await statusOf(await ask(door)), 200)
    assert.equal(asked.length, 0)
    await door.end()
  })

  test('of all names together are bounded, and whoever waits comes to their turn', async () => {
    const door = await openDoor({ leftOfOneMax: 2, leftMax: 3 })
    for (const count of [1, 2, 3]) await leave(door, () => asked.length === count, `a=${count}`)
    const heads = door.heads()
    const waiting = [ask(door, '/wait'), ask(door, '/wait')]
    await eventually('both have come', () => door.heads() === heads + 2)
    assert.equal(asked.length, 3)
    asked.pop()!()
    await eventually('both go on', () => asked.length === 4)
    for (const answer of asked.splice(0)) answer()
    for (const answer of await Promise.all(waiting)) assert.equal(await text(answer), 'done')
    await door.end()
  })
})
