import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'

import { childEnvironment } from './command/environment.ts'
import { freePort } from './servers/processes.ts'
import { findProcessesIn } from './servers/procfs.ts'

/** A clone with the real dev/, and the least of a relay, a build and a command line. */
const clone = mkdtempSync(join(tmpdir(), 'a clone '))
const files = {
  'package.json': JSON.stringify({ type: 'module', scripts: { build: 'node make-build.mjs' } }),
  'make-build.mjs': `
    import { cpSync } from 'node:fs'
    cpSync('server.ts', 'build/server.mjs')`,
  'server.ts': `
    import { createServer } from 'node:http'
    if (process.env.BROKEN) { console.log('no good'); process.exit(7) }
    const server = createServer((request, response) => {
      if (request.url === '/crash') process.exit(9)
      response.statusCode = request.url === '/readyz' ? 200 : 404
      response.end(JSON.stringify(process.env))
    })
    server.listen(Number(process.env.PORT), '127.0.0.1')
    process.on('SIGTERM', () => { console.log('drained'); process.exit(0) })`,
  'dev/session/local-developer.ts': `
    import { existsSync, writeFileSync } from 'node:fs'
    const firstStart = !existsSync('.data/known')
    writeFileSync('.data/known', '')
    console.log(JSON.stringify(firstStart ? { firstStart, apiKey: 'sk-first' } : { firstStart }))`,
  'app/cli/main.ts': `
    const { DATABASE_URL, RELAY_MODE } = process.env
    console.log(JSON.stringify([process.argv.slice(2), DATABASE_URL, RELAY_MODE]))
    process.exit(5)`,
}
cpSync('dev', join(clone, 'dev'), { recursive: true })
for (const [path, content] of Object.entries(files)) {
  mkdirSync(dirname(join(clone, path)), { recursive: true })
  writeFileSync(join(clone, path), content)
}
cpSync('package-lock.json', join(clone, 'package-lock.json'))
symlinkSync(resolve('node_modules'), join(clone, 'node_modules'))

const started: Command[] = []
after(async () => {
  for (const command of started) command.child.kill('SIGTERM')
  await Promise.all(started.map(({ exitCode }) => exitCode))
  rmSync(clone, { recursive: true })
})

type Command = {
  child: ChildProcess
  /** Everything it wrote, and what of that is for programs to read. */
  output(): string
  standardOutput(): string
  exitCode: Promise<number | null>
  /** Waits until the output has `words`, and fails when the command ends without them. */
  says(words: string): Promise<void>
}

function command(args: string[], env: Record<string, string | undefined> = {}): Command {
  const child = spawn(process.execPath, [join(clone, 'dev/bootstrap.mjs'), ...args], {
    env: childEnvironment({ NODE_ENV: undefined, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let standardOutput = ''
  child.stdout.on('data', (bytes: Buffer) => (standardOutput += bytes.toString()))
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => (output += bytes.toString()))
  }
  const exitCode = once(child, 'close').then(([code]) => code as number | null)
  const running: Command = {
    child,
    exitCode,
    output: () => output,
    standardOutput: () => standardOutput,
    async says(words) {
      const ended = exitCode.then(() => 'ended')
      while (!output.includes(words)) {
        const news = await Promise.race([once(child.stdout, 'data'), ended])
        if (news === 'ended' && !output.includes(words)) assert.fail(output)
      }
    },
  }
  started.push(running)
  return running
}

function serversLeft(): number {
  const mariadb = findProcessesIn(join(clone, '.data/mariadb/data'), 'mariadbd')
  const redis = findProcessesIn(join(clone, '.data/redis'), 'redis-server')
  const others = findProcessesIn(clone, 'node')
  return mariadb.length + redis.length + others.length
}

describe('npm start', () => {
  test('starts all, is found by the other commands, and leaves nothing behind', async () => {
    const port = await freePort()
    const start = command(['start'], { PORT: String(port) })
    await start.says('curl -N')
    assert.match(start.output(), /Bearer sk-first/)
    const seen = await (await fetch(`http://127.0.0.1:${port}/env`)).json()
    assert.equal(seen.RELAY_MODE, 'local')
    assert.equal(seen.UPSTREAM_IS_DEMO, '1')
    assert.match(seen.OPENAI_BASE_URL, /^http:\/\/127\.0\.0\.1:\d+\/v1$/)
    assert.ok(seen.SESSION_SECRET.length >= 32)

    const second = command(['start'])
    assert.equal(await second.exitCode, 1)
    assert.match(second.output(), /\.data is in use by npm start, process \d+\. Stop that first\./)

    const cli = command(['relay', 'key', 'list'])
    assert.equal(await cli.exitCode, 5)
    assert.deepEqual(JSON.parse(cli.standardOutput()), [
      ['key', 'list'],
      seen.DATABASE_URL,
      'local',
    ])

    start.child.kill('SIGINT')
    assert.equal(await start.exitCode, 0)
    assert.match(start.output(), /drained/)
    assert.doesNotMatch(start.output(), /on its own/)
    assert.equal(serversLeft(), 0)
  })

  test('starts again without building and without showing a key', async () => {
    const start = command(['start'], { PORT: String(await freePort()) })
    await start.says('curl -N')
    assert.match(start.output(), /build +fresh/)
    assert.match(start.output(), /Bearer \$RELAY_KEY/)
    start.child.kill('SIGTERM')
    assert.equal(await start.exitCode, 0)
  })

  test('stops everything when the relay crashes, and ends with its exit code', async () => {
    const port = await freePort()
    const start = command(['start'], { PORT: String(port) })
    await start.says('curl -N')
    await assert.rejects(fetch(`http://127.0.0.1:${port}/crash`))
    assert.equal(await start.exitCode, 9)
    assert.equal(serversLeft(), 0)
  })

  test('shows why the relay cannot start and stops', async () => {
    const start = command(['start'], { PORT: String(await freePort()), BROKEN: '1' })
    assert.equal(await start.exitCode, 1)
    assert.match(start.output(), /no good/)
    assert.match(start.output(), /The relay stopped while starting \(exit code 7\)/)
    assert.equal(serversLeft(), 0)
  })
})

describe('npm run relay', () => {
  test('brings the servers up for its own time when nothing runs, and says only its own', async () => {
    const cli = command(['relay', 'account', 'list'])
    assert.equal(await cli.exitCode, 5)
    const [args, databaseUrl] = JSON.parse(cli.standardOutput())
    assert.deepEqual(args, ['account', 'list'])
    assert.match(
      databaseUrl,
      /^mysql:\/\/relay:.+@(localhost\/relay\?socketPath=|127\.0\.0\.1:\d+\/relay$)/,
    )
    assert.equal(serversLeft(), 0)
  })
})
