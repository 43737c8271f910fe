import assert from 'node:assert/strict'
import { test } from 'node:test'
import { present } from '../../test/present.ts'
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
  assert.equal(env.OPENAI_READ_ON_SECONDS, 30)
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

test('members to let through are names with commas between them', () => {
  assert.deepEqual([...readEnv(good).OPENAI_ALLOW_MEMBERS], [])
  const { OPENAI_ALLOW_MEMBERS } = readEnv({ ...good, OPENAI_ALLOW_MEMBERS: 'thinking, tools.x' })
  assert.deepEqual([...OPENAI_ALLOW_MEMBERS], ['thinking', 'tools.x'])
  for (const wrong of ['a b', 'a,', '*', '"a"'])
    assert.equal(wrongWith({ OPENAI_ALLOW_MEMBERS: wrong }).length, 1, wrong)
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

test('a provider is configured by both halves of its credentials, or not at all', () => {
  const github = { GITHUB_CLIENT_ID: 'Iv1.id', GITHUB_CLIENT_SECRET: 'hunter2' }
  assert.deepEqual(readEnv(good).providers, {})
  const { providers } = readEnv({
    ...good,
    ...github,
    GITHUB_API_URL: 'https://ghe.example/api/v3/',
  })
  assert.deepEqual(Object.keys(providers), ['github'])
  assert.equal(providers.github?.authorizeUrl, 'https://github.com/login/oauth/authorize')
  assert.equal(providers.github?.profileUrl, 'https://ghe.example/api/v3')
  for (const name of ['GITHUB', 'GOOGLE']) {
    for (const [half, other] of [
      ['ID', 'SECRET'],
      ['SECRET', 'ID'],
    ]) {
      const [wrong, ...more] = wrongWith({ [`${name}_CLIENT_${half}`]: 'hunter2' })
      assert.ok(wrong)
      assert.match(wrong, new RegExp(`^${name}_CLIENT_${other}: is missing`))
      assert.doesNotMatch(wrong, /hunter2/)
      assert.deepEqual(more, [])
    }
  }
})

test("a provider's addresses are addresses", () => {
  for (const name of ['GITHUB_AUTHORIZE_URL', 'GITHUB_API_URL', 'GOOGLE_TOKEN_URL']) {
    for (const text of ['javascript:alert(1)', 'github.com', 'ftp://github.com']) {
      assert.match(
        present(wrongWith({ [name]: text })[0]),
        new RegExp(`^${name}: must be an address`),
      )
    }
  }
})

test('welcome credit is an exact amount of dollars, and none unless it is set', () => {
  const nanosOf = (text: string) => readEnv({ ...good, WELCOME_CREDIT_USD: text }).welcomeNanos
  assert.equal(readEnv(good).welcomeNanos, 0)
  assert.equal(nanosOf('0'), 0)
  assert.equal(nanosOf('5'), 5_000_000_000)
  assert.equal(nanosOf('0.000000001'), 1)
  for (const text of ['-1', '0.0000000001', '$5', '5 USD', '1e3', 'NaN', '9000000.000000001']) {
    assert.match(
      present(wrongWith({ WELCOME_CREDIT_USD: text })[0]),
      /^WELCOME_CREDIT_USD: must be/,
      text,
    )
  }
})
