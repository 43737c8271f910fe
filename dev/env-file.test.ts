import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { makeClone, type Command } from '../test/clone.ts'
import { freePort } from './servers/processes.ts'

const clone = makeClone()
after(() => clone.remove())

async function seenBy(command: Command, port: number): Promise<Record<string, string>> {
  await command.says('relay    ')
  const seen = (await (await fetch(`http://127.0.0.1:${port}/env`)).json()) as Record<
    string,
    string
  >
  command.child.kill('SIGTERM')
  assert.equal(await command.exitCode, 0, command.output())
  return seen
}

for (const verb of ['start', 'dev']) {
  test(`npm ${verb} reads .env, and the environment wins`, async () => {
    const port = await freePort()
    clone.write(
      '.env',
      `PORT=${port}\nLOG_LEVEL=warn\nWELCOME_CREDIT_USD=1.25 # each\nOPENAI_BASE_URL="http://127.0.0.1:9/v1"\n`,
    )
    const seen = await seenBy(clone.command([verb], { LOG_LEVEL: 'error' }), port)
    assert.equal(seen.LOG_LEVEL, 'error')
    assert.equal(seen.WELCOME_CREDIT_USD, '1.25')
    // An address alone names an upstream that takes no key: there is no demo.
    assert.equal(seen.OPENAI_BASE_URL, 'http://127.0.0.1:9/v1')
    assert.equal(seen.OPENAI_API_KEY, undefined)
    assert.equal(seen.UPSTREAM_IS_DEMO, undefined)
  })
}

test('a production start reads .env, and runs what is built and nothing beside it', async () => {
  const port = await freePort()
  const lines = {
    NODE_ENV: 'production',
    PORT: port,
    APP_URL: 'https://relay.example',
    OPENAI_API_KEY: 'sk-upstream',
  }
  clone.write(
    '.env',
    Object.entries(lines)
      .map((line) => line.join('='))
      .join('\n'),
  )
  const start = clone.command(['start'])
  await start.says('listening')
  const seen = await (await fetch(`http://127.0.0.1:${port}/env`)).json()
  start.child.kill('SIGTERM')
  assert.equal(await start.exitCode, 0, start.output())
  const { NODE_ENV, APP_URL, RELAY_MODE, DATABASE_URL } = seen
  assert.deepEqual([NODE_ENV, APP_URL], ['production', 'https://relay.example'])
  assert.deepEqual([RELAY_MODE, DATABASE_URL], [undefined, undefined])
  assert.equal(start.output(), 'listening\ndrained\n')
})

test('the command line reads .env, also what the environment leaves blank', async () => {
  clone.write('.env', 'WELCOME_CREDIT_USD=2.5\nLOG_LEVEL=warn\nOPENAI_API_KEY=\n')
  const blank = { WELCOME_CREDIT_USD: '', OPENAI_BASE_URL: '' }
  const cli = clone.command(['relay', 'verify'], { ...blank, LOG_LEVEL: 'error' })
  assert.equal(await cli.exitCode, 5)
  const [, seen] = JSON.parse(cli.standardOutput())
  assert.deepEqual([seen.WELCOME_CREDIT_USD, seen.LOG_LEVEL], ['2.5', 'error'])
})

test('what is for tests never sees .env', async () => {
  clone.write('.env', 'PORT=none\n')
  const cli = clone.command(['relay', 'verify'], { NODE_ENV: 'test' })
  await cli.exitCode
  assert.equal(JSON.parse(cli.standardOutput())[1].PORT, undefined)
  clone.write('dev/check.ts', 'console.log(`port: ${process.env.PORT}`)')
  const check = clone.command(['check'])
  await check.exitCode
  assert.match(check.output(), /^port: undefined$/m)
})

test('all that keeps it from starting is said at once, before anything is started', async () => {
  clone.write('.env', '')
  const wrong = {
    PORT: '99999',
    APP_URL: 'relay.example',
    DATABASE_URL: 'mysql://relay:hunter2@127.0.0.1:1/relay',
    GITHUB_CLIENT_ID: 'id',
  }
  const start = clone.command(['start'], wrong)
  assert.equal(await start.exitCode, 1)
  const names = [...start.output().matchAll(/^ {2}- (\w+): /gm)].map(([, name]) => name)
  assert.deepEqual(names.sort(), ['APP_URL', 'DATABASE_URL', 'GITHUB_CLIENT_SECRET', 'PORT'])
  assert.match(start.output(), /DATABASE_URL: nothing listens there; start the database/)
  assert.match(start.output(), /PORT: must be a whole number from 1 to 65535/)
  assert.doesNotMatch(start.output(), /hunter2|MariaDB and Redis|build| at /)
})
