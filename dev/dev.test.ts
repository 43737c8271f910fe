import assert from 'node:assert/strict'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { after, test } from 'node:test'

import { testDatabase, testRedisUrl } from '../test/database.ts'
import { childEnvironment } from './command/environment.ts'
import { freePort, spawnOwned, untilItAnswers, type OwnedProcess } from './servers/processes.ts'

const database = await testDatabase()
const running: OwnedProcess[] = []
after(async () => {
  await Promise.all(running.map((relay) => relay.stop(10_000)))
  await database.drop()
})

/** The relay as `npm run dev` runs it. */
async function startDevelopment() {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const relay = spawnOwned(process.execPath, ['--import', 'tsx', 'server.ts'], {
    env: childEnvironment({
      NODE_ENV: 'test',
      RELAY_MODE: 'local',
      RELAY_DEV: '1',
      PORT: String(port),
      DATABASE_URL: database.url,
      REDIS_URL: testRedisUrl(),
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      SESSION_SECRET: 'a secret that is for tests alone, and long',
      LOG_LEVEL: 'error',
    }),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  running.push(relay)
  const isUp = () =>
    fetch(`${url}/@vite/client`).then(
      ({ ok }) => ok,
      () => false,
    )
  await untilItAnswers('The relay', 120_000, isUp, relay)
  const client = await (await fetch(`${url}/@vite/client`)).text()
  return { pid: relay.pid, port, client }
}

/** The addresses that a process listens on, as the kernel writes them, with their ports. */
function listening(pid: number): { address: string; port: number }[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`)
      .map((name) => readlinkSync(`/proc/${pid}/fd/${name}`))
      .map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1]),
  )
  return ['tcp', 'tcp6']
    .flatMap((kind) => readFileSync(`/proc/${pid}/net/${kind}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.has(inode))
    .map(([, local = '']) => local.split(':'))
    .map(([address = '', port = '']) => ({ address, port: Number.parseInt(port, 16) }))
}

test('hot reload listens on loopback, each relay’s on a port of its own', async () => {
  const loopback = '0100007F'
  const both = await Promise.all([startDevelopment(), startDevelopment()])
  const sockets = both.map(({ pid, port, client }) => {
    const open = listening(pid)
    assert.deepEqual(
      open.filter(({ address }) => address !== loopback),
      [],
    )
    const [socket, ...more] = open.filter((it) => it.port !== port)
    assert.ok(socket)
    assert.deepEqual(more, [])
    assert.match(client, new RegExp(`hmrPort = ${socket.port}\\b`))
    assert.match(client, /127\.0\.0\.1/)
    return socket.port
  })
  assert.notEqual(sockets[0], sockets[1])
})
