import { createServer } from 'node:net'
import type { TestContext } from 'node:test'
import { listen } from '../../dev/command/listen.ts'

/** How a server of MySQL begins: what it is, and what it can, with parts of a challenge between. */
const greeting = Buffer.concat([
  Buffer.from('\n8.0.0\0\x01\0\0\0challeng\0'),
  Buffer.from('fff7080200ff8115', 'hex'),
  Buffer.from(`${'\0'.repeat(10)}echallengeec\0mysql_native_password\0`),
])
const yes = Buffer.from([0, 0, 0, 2, 0, 0, 0])

/** What says yes to everything, and is no database; answers its address. */
export async function startYes(t: TestContext): Promise<string> {
  const server = createServer((socket) => {
    const send = (at: number, bytes: Buffer) =>
      socket.write(Buffer.concat([Buffer.from([bytes.length, 0, 0, at]), bytes]))
    send(0, greeting)
    socket.on('error', () => undefined)
    socket.on('data', (asked) => send(asked.readUInt8(3) + 1, yes))
  })
  t.after(() => server.close())
  return `mysql://relay:x@127.0.0.1:${await listen(server)}/relay`
}
