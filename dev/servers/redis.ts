import { existsSync, realpathSync, symlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

import { keptSecret, makePrivateFolder, writePrivateFile } from './private-files.ts'
import { startPrivateServer, type PrivateServer } from './private-server.ts'
import { findProgram } from './programs.ts'

export type Redis = PrivateServer & {
  /** redis://:PASSWORD@127.0.0.1:PORT/0 */
  readonly url: string
}

type RedisSettings = {
  dir: string
  /** One of its own unless given: servers of a group share theirs. */
  password?: string
  /** Further lines of its configuration. */
  lines?: string[]
}

/** Starts a private Redis under `dir`: loopback, a password, and nothing kept over a restart. */
export async function startRedis({ dir, password, lines = [] }: RedisSettings): Promise<Redis> {
  return startConfigured({
    dir,
    password,
    lines: [
      'save ""',
      'appendonly no',
      'maxmemory 128mb',
      // Refusing a write is noticed; a counter evicted in silence would let a limit be passed.
      'maxmemory-policy noeviction',
      ...lines,
    ],
    mode: [],
  })
}

/** Starts a Sentinel, which is the same program with other things on its mind. */
export const startSentinel = (settings: Required<RedisSettings>): Promise<Redis> =>
  startConfigured({ ...settings, mode: ['--sentinel'] })

type Configured = {
  dir: string
  password: string | undefined
  lines: string[]
  mode: string[]
}

async function startConfigured({ mode, lines, ...settings }: Configured): Promise<Redis> {
  makePrivateFolder(settings.dir)
  const dir = realpathSync(settings.dir)
  const password = settings.password ?? keptSecret(join(dir, 'password'))
  writePrivateFile(join(dir, 'redis.conf'), configuration(password, lines))
  const server = await startPrivateServer({
    name: 'Redis',
    program: 'redis-server',
    folder: dir,
    logFile: join(dir, 'redis.log'),
    command: (port) => ({
      file: program(dir),
      args: ['redis.conf', ...mode, '--port', String(port)],
    }),
    answers: (port) => answers(port, password),
  })
  return Object.assign(server, { url: `redis://:${password}@127.0.0.1:${server.port}/0` })
}

const configuration = (password: string, lines: string[]): string =>
  [
    'bind 127.0.0.1',
    `requirepass ${password}`,
    // The process must keep the name under which the next start looks for leftovers.
    'set-proc-title no',
    ...lines,
    '',
  ].join('\n')

/**
 * In Debian the server's code is in redis-tools, as redis-check-rdb: one program that acts by the
 * name it is called under, and /usr/bin/redis-server is a link to it in a second package, which
 * would also enable a system service. A link of our own makes that package unnecessary.
 */
function program(dir: string): string {
  const installed = findProgram('redis-server')
  const multiCall = findProgram('redis-check-rdb')
  if (installed !== undefined || multiCall === undefined) return installed ?? 'redis-server'
  const link = join(dir, 'redis-server')
  if (!existsSync(link)) symlinkSync(multiCall, link)
  return link
}

/** Says the password and PING over a plain socket; any other reply or none is a no. */
async function answers(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let reply = ''
    const end = (verdict: boolean) => {
      socket.destroy()
      resolve(verdict)
    }
    socket.setTimeout(5_000, () => end(false))
    socket.once('error', () => end(false))
    socket.once('close', () => end(false))
    socket.on('data', (bytes) => {
      reply += bytes.toString('latin1')
      if (reply === '+OK\r\n+PONG\r\n') end(true)
      else if (reply.startsWith('-') || reply.length > 100) end(false)
    })
    socket.write(`AUTH ${password}\r\nPING\r\n`)
  })
}
