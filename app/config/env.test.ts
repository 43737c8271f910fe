import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BadEnvironment, readEnv } from './env.ts'

const good = {
  NODE_ENV: 'production',
  APP_URL: 'https://relay.example/',
  DATABASE_URL: 'mysql://relay:secret@db/relay',
  REDIS_URL: 'redis://cache:6379',
  OPENAI_API_KEY: 'sk-upstream',
  SESSION_SECRET: 'f3a9c1d24b7e4f0e8a6d5c3b2a190817',
}

function wrongWith(changes: Record<string, string | undefined>): string[] {
  try {
    readEnv({ ...good, ...changes })
  } catch (error) {
    assert.ok(error instanceof BadEnvironment)
    return error.wrong
  }
  return []
}

test('a production environment is read, with its defaults', () => {
  const env = readEnv(good)
  assert.equal(env.APP_URL, 'https://relay.example')
  assert.equal(env.PORT, 3000)
  assert.equal(env.HOST, '127.0.0.1')
  assert.equal(env.OPENAI_BASE_URL, 'https://api.openai.com/v1')
  assert.equal(env.RELAY_MODE, 'server')
})

test('everything that is wrong is said at once, by name and without its value', () => {
  const wrong = wrongWith({
    PORT: 'hunter2',
    DATABASE_URL: 'postgres://hunter2',
    REDIS_URL: undefined,
    SESSION_SECRET: 'hunter2',
  })
  const names = wrong.map((line) => line.split(':')[0])
  assert.deepEqual(names.sort(), ['DATABASE_URL', 'PORT', 'REDIS_URL', 'SESSION_SECRET'])
  assert.doesNotMatch(wrong.join(), /hunter2/)
})

test('an empty variable is a missing one', () => {
  assert.deepEqual(wrongWith({ OPENAI_API_KEY: '' }), ['OPENAI_API_KEY: is missing'])
})

test('production refuses a secret that anybody could guess', () => {
  for (const secret of ['', 'changeme', 'secret', 'a'.repeat(40), 'default']) {
    assert.equal(wrongWith({ SESSION_SECRET: secret }).length, 1, secret)
  }
})

test('a server needs its own address, and has no demo upstream', () => {
  assert.equal(wrongWith({ APP_URL: undefined }).length, 1)
  assert.equal(wrongWith({ UPSTREAM_IS_DEMO: '1' }).length, 1)
})

test('local mode listens on loopback alone, and never in production', () => {
  const local = { NODE_ENV: 'development', RELAY_MODE: 'local', APP_URL: undefined }
  assert.deepEqual(wrongWith(local), [])
  assert.equal(readEnv({ ...good, ...local }).APP_URL, 'http://localhost:3000')
  assert.equal(wrongWith({ ...local, HOST: '0.0.0.0' }).length, 1)
  assert.equal(wrongWith({ ...local, NODE_ENV: 'production' }).length, 1)
})
