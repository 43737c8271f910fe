import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'

import { makeClone } from '../test/clone.ts'
import { freePort } from './servers/processes.ts'

const clone = makeClone()
const { command, serversLeft } = clone
after(() => clone.remove())

describe('npm start', () => {
  test('starts all, is found by the other commands, and leaves nothing behind', async () => {
    const port = await freePort()
    const start = command(['start'], { PORT: String(port), APP_URL: 'https://relay.example' })
    await start.says('curl -N')
    assert.match(start.output(), /Bearer sk-first/)
    assert.match(
      start.output(),
      new RegExp(`http://localhost:${port}/login\\?token=1\\.2\\.3\\.4\n`),
    )
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
    const [args, given] = JSON.parse(cli.standardOutput())
    assert.deepEqual(args, ['key', 'list'])
    const { DATABASE_URL, SESSION_SECRET } = seen
    assert.deepEqual([given.DATABASE_URL, given.RELAY_MODE], [DATABASE_URL, 'local'])
    assert.equal(given.APP_URL, `http://localhost:${port}`)
    assert.equal(given.SESSION_SECRET, SESSION_SECRET)

    start.child.kill('SIGINT')
    assert.equal(await start.exitCode, 0)
    assert.match(start.output(), /drained/)
    assert.doesNotMatch(start.output(), /on its own/)
    assert.equal(serversLeft(), 0)
  })

  test('starts again without building and without showing a key or who signs in', async () => {
    const github = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' }
    const start = command(['start'], { PORT: String(await freePort()), ...github })
    await start.says('curl -N')
    assert.doesNotMatch(start.output(), /token=/)
    const cli = command(['relay', 'sign-in'], { APP_URL: 'http://localhost:1' })
    assert.equal(await cli.exitCode, 5)
    const [, { APP_URL, RELAY_MODE }] = JSON.parse(cli.standardOutput())
    assert.deepEqual([APP_URL, RELAY_MODE], [undefined, 'local'])
    assert.match(start.output(), /build +fresh/)
    assert.match(start.output(), /Bearer \$RELAY_KEY/)
    start.child.kill('SIGTERM')
    assert.equal(await start.exitCode, 0)
  })

  test('has demo upstreams of which one may be killed, and is back without them', async () => {
    const start = command(['start'], { PORT: String(await freePort()), DEMO_UPSTREAMS: '2' })
    await start.says('curl -N')
    assert.match(start.output(), /demo-steady, demo-slow\n/)
    const pidFile = (name: string) => join(clone.path, `.data/demo-${name}.pid`)
    process.kill(Number(readFileSync(pidFile('steady'), 'utf8')))
    await start.says('demo-steady has ended (exit code 0); it is back in 30 s.')
    assert.deepEqual([existsSync(pidFile('steady')), existsSync(pidFile('slow'))], [false, true])
    assert.doesNotMatch(start.output(), /Stopping/)
    start.child.kill('SIGTERM')
    assert.equal(await start.exitCode, 0)
    assert.equal(serversLeft(), 0)
    assert.equal(existsSync(pidFile('slow')), false)
  })

  test('refuses demo upstreams where they would be beside a real one, or are no number', async () => {
    const refusedFor = async (environment: Record<string, string>) => {
      const start = command(['start'], environment)
      assert.equal(await start.exitCode, 1)
      return /- DEMO_UPSTREAMS: (.*)/.exec(start.output())?.[1]
    }
    assert.equal(await refusedFor({ DEMO_UPSTREAMS: '4' }), 'must be a whole number from 0 to 3')
    assert.match(
      (await refusedFor({ DEMO_UPSTREAMS: '3', OPENAI_API_KEY: 'sk-real' })) ?? '',
      /^is for a relay without an upstream/,
    )
  })

  test('refuses what is wrong though the demo would stand in for it', async () => {
    const given = { OPENAI_BASE_URL: '192.168.1.5:11434/v1', ANTHROPIC_BASE_URL: 'nope' }
    const start = command(['start'], { ...given, RELAY_MODE: 'both' })
    assert.equal(await start.exitCode, 1)
    for (const name of [...Object.keys(given), 'RELAY_MODE'])
      assert.equal(start.output().split(`  - ${name}: `).length, 2, start.output())
    assert.equal(serversLeft(), 0)
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
    const [args, { DATABASE_URL, APP_URL }] = JSON.parse(cli.standardOutput())
    assert.deepEqual(args, ['account', 'list'])
    assert.match(
      DATABASE_URL,
      /^mysql:\/\/relay:.+@(localhost\/relay\?socketPath=|127\.0\.0\.1:\d+\/relay$)/,
    )
    assert.equal(APP_URL, undefined)
    assert.equal(serversLeft(), 0)
  })
})
