import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

const modules = ['./log.ts', './last-words.ts'].map((path) => new URL(path, import.meta.url).href)

/** What a process says that does this, and how it ends. */
async function said(what: string) {
  const program = `
    const { createLog } = await import('${modules[0]}')
    const { endInOneLine, speakThroughLog } = await import('${modules[1]}')
    const log = createLog('info')
    speakThroughLog(log)
    endInOneLine(log)
    ${what}
  `
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [err, out, [code]] = await Promise.all([
    text(child.stderr),
    text(child.stdout),
    once(child, 'exit') as Promise<[number]>,
  ])
  assert.equal(out, '')
  const lines = err.split('\n').filter((line) => line !== '')
  return { code, err, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

const failures = {
  'what nobody caught': `setTimeout(() => { throw new TypeError('a secret') })`,
  'what nobody waited for': `void Promise.reject(new TypeError('a secret'))`,
}
for (const [name, what] of Object.entries(failures))
  test(`${name} is one line, and the end`, async () => {
    const { code, err, lines } = await said(what)
    assert.equal(code, 1)
    assert.equal(lines.length, 1)
    assert.deepEqual([lines[0]?.event, lines[0]?.error], ['uncaught', 'TypeError'])
    assert.doesNotMatch(err, /secret/)
  })

test('whatever answers at the address of Redis, a process goes on', async () => {
  for (const wrong of [':1', '$-1', '*-1', '*1\\r\\n*1\\r\\n:1']) {
    const { code, lines } = await said(`
      const { createServer } = await import('node:net')
      const { Redis } = await import('ioredis')
      const server = createServer((socket) => {
        socket.on('data', (said) => socket.write(/subscribe/i.test(said) ? '${wrong}\\r\\n' : '+OK\\r\\n'))
      })
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address()
        const redis = new Redis(port, '127.0.0.1', { disableClientInfo: true, enableReadyCheck: false })
        redis.on('error', () => undefined)
        redis.on('ready', () => redis.subscribe('news').catch(() => undefined))
        process.on('uncaughtException', () => setImmediate(() => process.exit(3)))
      })
    `)
    assert.deepEqual(
      [code, ...lines.map(({ event }) => event)],
      [3, 'redis_answers_wrongly'],
      wrong,
    )
  }
})

test('packages and Node speak in lines too, without what they quote', async () => {
  const { code, err, lines } = await said(`
    console.error(new RangeError('a secret'))
    console.warn('a secret', { of: 'somebody' })
    process.emitWarning('a secret', 'DeprecationWarning', 'DEP0000')
  `)
  assert.equal(code, 0)
  assert.deepEqual(
    lines.map(({ event, error, name }) => [event, error ?? name]),
    [
      ['console_error', 'RangeError'],
      ['console_warning', 'string'],
      ['node_warning', 'DeprecationWarning'],
    ],
  )
  assert.doesNotMatch(err, /secret|somebody/)
})
