import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { listen } from '../../dev/command/listen.ts'
import { openRedis } from '../../test/failures/opened-redis.ts'

test('a master that does not say what it is ends no relay', async (t) => {
  let port = 0
  let asked = 0
  const answer = (command: string) => {
    if (/get-master/i.test(command))
      return `*2\r\n$9\r\n127.0.0.1\r\n$${`${port}`.length}\r\n${port}\r\n`
    if (/sentinels/i.test(command)) return '*0\r\n'
    if (!/role/i.test(command)) return '+OK\r\n'
    asked++
    return '$-1\r\n'
  }
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      const commands = String(data).split(/(?=\*\d+\r\n)/)
      for (const command of commands) socket.write(answer(command))
    })
  })
  t.after(() => server.close())
  port = await listen(server)
  const { redis } = openRedis(`redis+sentinel://127.0.0.1:${port}/master`)
  t.after(() => redis.close())
  await eventually('to be asked', () => asked > 0)
  assert.equal(await redis.publish('revoked', '1'), true)
})
