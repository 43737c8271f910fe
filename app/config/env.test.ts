import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { present } from '../../test/present.ts'
import {
  BadEnvironment,
  environmentWarnings,
  loadEnvFile,
  readCliEnv,
  readEnv,
  settingsAsOfNow,
  valueFaults,
} from './env.ts'
import { namesUpstream } from './named-upstreams.ts'

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

test('the database may have several hosts, and what is wrong of them is said without a value', () => {
  const DATABASE_URL = 'mysql://relay:hunter2@db1:3306,[::1]:3307,db3/relay'
  assert.equal(readEnv({ ...good, DATABASE_URL }).DATABASE_URL, DATABASE_URL)
  const [wrong, ...more] = wrongWith({ DATABASE_URL: DATABASE_URL.replace('db3', ',db3') })
  assert.match(present(wrong), /^DATABASE_URL: its host number 3 is empty/)
  assert.doesNotMatch(present(wrong), /hunter2|db1/)
  assert.deepEqual(more, [])
})

test('an empty variable is a missing one', () => {
  const [wrong, ...more] = wrongWith({ OPENAI_API_KEY: '' })
  assert.match(present(wrong), /^OPENAI_API_KEY: is missing/)
  assert.deepEqual(more, [])
})

test('the command line says of a variable that is missing or empty how to cure that', () => {
  const told = (DATABASE_URL: string | undefined) => {
    try {
      readCliEnv({ DATABASE_URL })
    } catch (error) {
      assert.ok(error instanceof BadEnvironment)
      return error.wrong
    }
    return []
  }
  const missing = /^DATABASE_URL: is missing; set it in the environment or in \.env/
  for (const none of [undefined, '']) {
    const [wrong, ...more] = told(none)
    assert.match(present(wrong), missing)
    assert.deepEqual(more, [])
  }
  assert.match(present(told('postgres://hunter2')[0]), /^DATABASE_URL: must be an address/)
})

test('production refuses a secret that anybody could guess', () => {
  const guessable = [
    '',
    'changeme',
    'secret',
    'a'.repeat(40),
    'changeme-changeme-changeme-changeme',
    'Change_Me to something long and random!',
    'my super s3cret: S-E-C-R-E-T of the relay',
    'password-of-the-relay-of-our-company',
    'abc123'.repeat(6),
    '0123456789abcdef0123456789abcdef',
    'abcdefghijklmnopqrstuvwxyz-zyxwvu',
    'ab'.repeat(20),
  ]
  for (const secret of guessable) {
    const [wrong, ...more] = wrongWith({ SESSION_SECRET: secret })
    assert.match(present(wrong), /^SESSION_SECRET: /, secret)
    assert.doesNotMatch(present(wrong), /relay|company|abc/)
    assert.deepEqual(more, [])
  }
  assert.deepEqual(wrongWith({ NODE_ENV: 'development', SESSION_SECRET: 'a'.repeat(40) }), [])
})

test('production takes any secret that was drawn at random', () => {
  for (const encoding of ['hex', 'base64', 'base64url'] as const) {
    for (let i = 0; i < 500; i++) {
      const secret = randomBytes(24).toString(encoding)
      assert.deepEqual(wrongWith({ SESSION_SECRET: secret }), [], secret)
    }
  }
})

test('an address is a scheme and a host, below which nothing is', () => {
  for (const address of [
    'https://relay.example/path',
    'https://relay.example//path',
    'https://relay.example?query',
    'https://relay.example/?',
    'https://relay.example/#hash',
    'https://relay.example#',
    'https://user@relay.example',
    'https://user:password@relay.example/',
    'https://relay.example\\path',
    'https://relay.example/./x',
  ]) {
    const [wrong, ...more] = wrongWith({ APP_URL: address })
    assert.match(wrong ?? '', /^APP_URL: must be a scheme and a host/, address)
    assert.deepEqual(more, [])
  }
  const meant = {
    'https://Relay.Example:443/': 'https://relay.example',
    'https://r.example:8443': '',
  }
  for (const [address, origin] of Object.entries(meant))
    assert.equal(readEnv({ ...good, APP_URL: address }).APP_URL, origin || address)
})

test('connections are kept for longer than balancers do, and a drain waits in production alone', () => {
  const { KEEP_ALIVE_SECONDS, DRAIN_SECONDS, HSTS_SUBDOMAINS } = readEnv(good)
  assert.deepEqual([KEEP_ALIVE_SECONDS, DRAIN_SECONDS, HSTS_SUBDOMAINS], [620, 5, false])
  assert.equal(readEnv({ ...good, DRAIN_SECONDS: '0' }).DRAIN_SECONDS, 0)
  const local = { ...good, NODE_ENV: 'development', RELAY_MODE: 'local', APP_URL: undefined }
  assert.equal(readEnv(local).DRAIN_SECONDS, 0)
  assert.equal(readEnv({ ...local, DRAIN_SECONDS: '7' }).DRAIN_SECONDS, 7)
  for (const wrong of [{ KEEP_ALIVE_SECONDS: '0' }, { DRAIN_SECONDS: '301' }])
    assert.equal(wrongWith(wrong).length, 1)
})

test('production is reached by https, unless from this machine alone', () => {
  const [wrong] = wrongWith({ APP_URL: 'http://relay.example' })
  assert.match(present(wrong), /^APP_URL: must begin with https:/)
  for (const host of ['relay.localhost.example', '10.0.0.1', '127.0.0.1.example']) {
    assert.equal(wrongWith({ APP_URL: `http://${host}` }).length, 1, host)
  }
  for (const host of ['localhost:3000', '127.0.0.1', '[::1]:3000']) {
    assert.deepEqual(wrongWith({ APP_URL: `http://${host}` }), [], host)
  }
})

test('an upstream that takes no key is named by its address alone', () => {
  const env = readEnv({ ...good, OPENAI_API_KEY: '', OPENAI_BASE_URL: 'http://gpu:11434/v1' })
  assert.equal(env.OPENAI_API_KEY, undefined)
  assert.equal(env.OPENAI_BASE_URL, 'http://gpu:11434/v1')
  const openai = { OPENAI_API_KEY: undefined, OPENAI_BASE_URL: 'https://api.openai.com/v1' }
  assert.match(present(wrongWith(openai)[0]), /^OPENAI_API_KEY: is missing/)
})

test('Anthropic’s own upstream is named by its key, beside the other one or alone', () => {
  const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL } = readEnv({ ...good, ANTHROPIC_API_KEY: 'sk-a' })
  assert.equal(ANTHROPIC_API_KEY, 'sk-a')
  assert.equal(ANTHROPIC_BASE_URL, 'https://api.anthropic.com')
  assert.deepEqual(wrongWith({ OPENAI_API_KEY: undefined, ANTHROPIC_API_KEY: 'sk-a' }), [])
  // Where Claude Code runs too, its address is there without a key for a relay.
  const address = { OPENAI_API_KEY: undefined, ANTHROPIC_BASE_URL: 'http://localhost:4000' }
  assert.match(present(wrongWith(address)[0]), /^OPENAI_API_KEY: is missing/)
})

test('an upstream is never the relay itself, by whichever of its names', () => {
  const wrong = (given: Record<string, string | undefined>) =>
    wrongWith(given).map((line) => line.replace(/:.*/, ''))
  for (const url of ['http://localhost:3000', 'http://127.0.0.1:3000/v1', 'https://relay.example'])
    assert.deepEqual(
      wrong({ OPENAI_BASE_URL: url, ANTHROPIC_API_KEY: 'sk-a', ANTHROPIC_BASE_URL: url }),
      ['OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL'],
      url,
    )
  const elsewhere = [
    { OPENAI_BASE_URL: 'http://localhost:3001/v1' },
    { OPENAI_BASE_URL: 'https://relay.example/other/v1' },
    { OPENAI_BASE_URL: 'http://10.0.0.9:3000/v1' },
    { OPENAI_BASE_URL: 'http://127.0.0.1:3000/v1', HOST: '10.0.0.8' },
    // Not the address of an upstream without a key.
    { ANTHROPIC_BASE_URL: 'http://localhost:3000' },
  ]
  for (const given of elsewhere) assert.deepEqual(wrong(given), [], JSON.stringify(given))
})

test('what contradicts is said together with what is wrong by itself', () => {
  const wrong = wrongWith({
    PORT: '0x50',
    APP_URL: undefined,
    OPENAI_API_KEY: undefined,
    SESSION_SECRET: 'changeme'.repeat(5),
    GITHUB_CLIENT_ID: 'id',
  })
  const names = wrong.map((line) => line.split(':')[0])
  const expected = ['APP_URL', 'GITHUB_CLIENT_SECRET', 'OPENAI_API_KEY', 'PORT', 'SESSION_SECRET']
  assert.deepEqual(names.sort(), expected)
})

test('a file says what the environment does not or leaves blank, and what is there wins', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'env-'))
  const file = join(folder, '.env')
  const before = { ...process.env }
  t.after(() => {
    for (const name of ['NODE_ENV', 'T_ONE', 'T_TWO', 'T_THREE']) delete process.env[name]
    Object.assign(process.env, before)
    rmSync(folder, { recursive: true })
  })
  writeFileSync(file, 'T_ONE=file\nT_TWO=file\nT_THREE=file\n')
  Object.assign(process.env, { NODE_ENV: 'test', T_ONE: 'environment', T_TWO: '' })
  loadEnvFile(file)
  assert.equal(process.env.T_THREE, undefined, 'tests never read it')
  process.env.NODE_ENV = 'production'
  loadEnvFile(join(folder, 'absent'))
  loadEnvFile(file)
  const { T_ONE, T_TWO, T_THREE } = process.env
  assert.deepEqual([T_ONE, T_TWO, T_THREE], ['environment', 'file', 'file'])
  assert.throws(() => loadEnvFile(folder), BadEnvironment)
  // What was taken from the file before is read anew, what came with the start is not.
  writeFileSync(file, 'T_ONE=changed\nT_TWO=changed')
  const { T_ONE: one, T_TWO: two } = settingsAsOfNow({ T_ONE: 'environment', T_TWO: '' }, file)
  assert.deepEqual([one, two], ['environment', 'changed'])
})

test('a port has one process unless it is told of more, and hot reload never has', () => {
  assert.equal(readEnv(good).RELAY_PROCESSES, 1)
  assert.equal(readEnv({ ...good, RELAY_PROCESSES: '64' }).RELAY_PROCESSES, 64)
  assert.ok(readEnv({ ...good, RELAY_PROCESSES: 'auto' }).RELAY_PROCESSES >= 1)
  for (const wrong of ['0', '65', '-1', '1.5', '01', '2 ', 'all', 'AUTO'])
    assert.match(
      String(wrongWith({ RELAY_PROCESSES: wrong })),
      /^RELAY_PROCESSES: must be auto, or/,
    )
  const both = wrongWith({ RELAY_PROCESSES: '2', RELAY_DEV: '1' })
  assert.deepEqual(both, ['RELAY_PROCESSES: hot reload has one process'])
})

test('a server on which nobody can sign in is worth a warning', () => {
  assert.match(present(environmentWarnings(readEnv(good))[0]), /GITHUB_CLIENT_ID.*GOOGLE_CLIENT_ID/)
  const github = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' }
  assert.deepEqual(environmentWarnings(readEnv({ ...good, ...github })), [])
  const local = { NODE_ENV: 'development', RELAY_MODE: 'local' }
  assert.deepEqual(environmentWarnings(readEnv({ ...good, ...local })), [])
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

test('upstreams in the database are enough, and their keys want a secret that nobody can guess', () => {
  const secret = randomBytes(32).toString('base64')
  const without = { ...good, OPENAI_API_KEY: undefined }
  const env = readEnv({ ...without, UPSTREAM_KEYS_SECRET: secret })
  assert.deepEqual(env.upstreamSecrets, [Buffer.from(secret, 'base64')])
  assert.equal(namesUpstream(env), false)
  assert.deepEqual(readEnv(good).upstreamSecrets, [])
  assert.match(present(wrongWith({ OPENAI_API_KEY: '' })[0]), /UPSTREAM_KEYS_SECRET/)
  for (const bad of ['short', 'x'.repeat(44), secret.slice(4), `${secret}${secret}`])
    assert.match(present(wrongWith({ UPSTREAM_KEYS_SECRET: bad })[0]), /must be 32 bytes/)
  const zero = Buffer.alloc(32).toString('base64')
  assert.match(present(wrongWith({ UPSTREAM_KEYS_SECRET: zero })[0]), /can be guessed/)
})

test('an address that is none is refused, and is no reason to do without an upstream', () => {
  for (const OPENAI_BASE_URL of ['192.168.1.5:11434/v1', 'nope', 'api.openai.com', '//x/v1']) {
    const [wrong, ...more] = wrongWith({ OPENAI_API_KEY: '', OPENAI_BASE_URL })
    assert.match(present(wrong), /^OPENAI_BASE_URL: must be an address/)
    assert.deepEqual(more, [])
    assert.equal(namesUpstream({ OPENAI_BASE_URL }), true)
  }
})

test('what is wrong with a variable is found whether or not it comes to be used', () => {
  assert.deepEqual(valueFaults({}), [])
  assert.deepEqual(valueFaults({ ANTHROPIC_BASE_URL: '', LOG_LEVEL: 'warn' }), [])
  const wrong = { ANTHROPIC_BASE_URL: 'nope', REDIS_URL: 'x', SESSION_SECRET: 'y', NODE_ENV: 'z' }
  const named = valueFaults(wrong).map((fault) => fault.split(':')[0])
  assert.deepEqual(named.sort(), Object.keys(wrong).sort())
})

test('the old secret opens behind the new one, and seals nothing', () => {
  const [now, old] = [randomBytes(32), randomBytes(32)]
  const UPSTREAM_KEYS_SECRET_OLD = old.toString('base64')
  const both = { UPSTREAM_KEYS_SECRET: now.toString('base64'), UPSTREAM_KEYS_SECRET_OLD }
  assert.deepEqual(readEnv({ ...good, ...both }).upstreamSecrets, [now, old])
  assert.deepEqual(readCliEnv({ ...good, ...both }).upstreamSecrets, [now, old])
  assert.match(present(wrongWith({ UPSTREAM_KEYS_SECRET_OLD })[0]), /^UPSTREAM_KEYS_SECRET: is/)
})

test('on one’s own machine keys are sealed without setting anything, and stay so with a secret', () => {
  const own = { ...good, NODE_ENV: 'development', RELAY_MODE: 'local' }
  const [derived, ...more] = readEnv(own).upstreamSecrets
  assert.equal(derived?.length, 32)
  assert.deepEqual(more, [])
  assert.deepEqual(readCliEnv(own).upstreamSecrets, [derived])
  const now = randomBytes(32)
  const set = { ...own, UPSTREAM_KEYS_SECRET: now.toString('base64') }
  assert.deepEqual(readEnv(set).upstreamSecrets, [now, derived])
})
