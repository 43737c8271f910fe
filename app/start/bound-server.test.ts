import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { listen } from '../../dev/command/listen.ts'
import { inTime } from '../../test/in-time.ts'
import { limits } from '../config/limits.ts'
import { createBoundServer } from './bound-server.ts'

type Bounds = Parameters<typeof createBoundServer>[2]
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(ends.splice(0).map((end) => end()))))

async function serve(
  bounds: Partial<Bounds>,
  handle: RequestListener = (_, res) => res.end(),
  keepAliveSeconds = 60,
) {
  const env = { KEEP_ALIVE_SECONDS: keepAliveSeconds, RELAY_MODE: 'server' } as const
  const { server } = createBoundServer(env, handle, { ...limits.http, ...bounds })
  const port = await listen(server)
  const sockets: Socket[] = []
  ends.push(() => {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return {
    /** A connection, and all that has come on it. */
    open(sent = '') {
      const socket = connect(port, '127.0.0.1')
      sockets.push(socket)
      const closed = once(socket, 'close')
      let text = ''
      socket.setEncoding('utf8').on('error', () => undefined)
      socket.on('data', (piece) => (text += String(piece)))
      socket.write(sent)
      return {
        socket,
        text: () => text,
        whenClosed: async () => {
          await inTime('its end', closed)
          return text
        },
      }
    },
  }
}
const get = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'

describe('connections', () => {
  test('that are idle are closed, and may be used until then', async () => {
    const { open } = await serve({}, undefined, 0.05)
    const idle = open(get)
    await eventually('it is served', () => idle.text() !== '')
    assert.match(await idle.whenClosed(), /^HTTP\/1\.1 200/)
  })
})

describe('a request', () => {
  const soon = { headersMsMax: 50, bodyMsMax: 50, lateEveryMs: 20 }

  test('whose head does not end is told so, and ended', async () => {
    const { open } = await serve(soon)
    assert.match(await open('GET / HTTP/1.1\r\nx-a: ').whenClosed(), /^HTTP\/1\.1 408/)
  })

  test('that never begins is ended', async () => {
    const { open } = await serve(soon)
    assert.match(await open().whenClosed(), /^(?:HTTP\/1\.1 408|$)/)
  })

  test('whose body nobody reads is ended', async () => {
    const { open } = await serve(soon, () => undefined)
    const body = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\na'
    assert.match(await open(body).whenClosed(), /^HTTP\/1\.1 408/)
  })

  test('that came in time may be answered later', async () => {
    const { open } = await serve(soon, (_, res) => setTimeout(() => res.end('late'), 300))
    const slow = open(get)
    await eventually('it is answered', () => slow.text().includes('late'))
  })
})
