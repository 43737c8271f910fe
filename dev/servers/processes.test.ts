import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'

import { inTime } from '../../test/in-time.ts'
import { eventually } from '../command/eventually.ts'
import {
  exitCodeOf,
  freePort,
  spawnOwned,
  stopStranger,
  untilItAnswers,
  type OwnedProcess,
} from './processes.ts'
import { identify, isAlive } from './procfs.ts'

const quiet = { stdio: 'ignore' } as const

async function firstWord({ stdout }: OwnedProcess): Promise<string> {
  assert.ok(stdout, 'its output is a pipe')
  return String(await inTime('the first word of a process', once(stdout, 'data')))
}

test('a child that ignores SIGTERM is killed once its grace is over', async () => {
  const child = spawnOwned(process.execPath, ['--eval', ignoringSigterm], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await firstWord(child)
  assert.deepEqual(await child.stop(1), { code: null, signal: 'SIGKILL' })
  assert.equal(child.isRunning(), false)
  assert.deepEqual(await child.stop(1), { code: null, signal: 'SIGKILL' })
})

const ignoringSigterm = `
  process.on('SIGTERM', () => {})
  process.stdout.write('ready')
  setInterval(() => {}, 60_000)`

test('a child does not outlive a parent that is killed', async () => {
  const source = JSON.stringify(new URL('./processes.ts', import.meta.url).pathname)
  const program = `
    const { spawnOwned } = await import(${source})
    process.stdout.write(String(spawnOwned('sleep', ['600'], { stdio: 'ignore' }).pid))
    setInterval(() => {}, 60_000)`
  const parent = spawnOwned(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const orphan = identify(Number(await firstWord(parent)))
  assert.ok(orphan)
  parent.signal('SIGKILL')
  await eventually('the orphan has ended', () => !isAlive(orphan))
})

test('a program that does not exist is reported, not waited for', async () => {
  const child = spawnOwned('/no/such/program', [], quiet)
  await assert.rejects(
    untilItAnswers('It', 60_000, async () => false, child),
    {
      name: 'CannotContinue',
      message: 'It stopped while starting (exit code 127)',
    },
  )
})

test('a process that took over a dead one’s number is left alone', async () => {
  const child = spawnOwned('sleep', ['600'], quiet)
  const identity = identify(child.pid)
  assert.ok(identity)
  await stopStranger({ ...identity, startTime: '1' }, 60_000)
  assert.equal(isAlive(identity), true)
  await stopStranger(identity, 60_000)
  assert.deepEqual(await child.exited, { code: null, signal: 'SIGTERM' })
})

test('waiting ends with an error when its time is over', async () => {
  await assert.rejects(
    eventually('somebody answers', () => false, { msMax: 0 }),
    { name: 'CannotContinue', message: 'Not within 0 s: somebody answers' },
  )
})

test('a free port can be listened on, and exit codes are those of a shell', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1')
  await once(server, 'listening')
  server.close()
  assert.equal(exitCodeOf({ code: 3, signal: null }), 3)
  assert.equal(exitCodeOf({ code: null, signal: 'SIGTERM' }), 143)
})
