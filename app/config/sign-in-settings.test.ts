import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentFaults, readEnv } from './env.ts'

const good = {
  APP_URL: 'https://relay.example',
  DATABASE_URL: 'mysql://db/relay',
  REDIS_URL: 'redis://cache',
  OPENAI_API_KEY: 'sk-upstream',
  SESSION_SECRET: 'f3a9c1d24b7e4f0e8a6d5c3b2a190817',
}
const faults = (changes: Record<string, string | undefined>) =>
  environmentFaults({ ...good, ...changes })
const oidc = {
  OIDC_DISCOVERY_URL: 'https://sso.example/realms/main',
  OIDC_CLIENT_ID: 'relay',
  OIDC_CLIENT_SECRET: 'hunter2',
}

test('a provider of OIDC needs its address, id and secret, or none of them', () => {
  assert.equal(readEnv(good).providers.oidc, undefined)
  assert.deepEqual(readEnv({ ...good, ...oidc }).providers.oidc, {
    clientId: 'relay',
    clientSecret: 'hunter2',
    discoveryUrl: 'https://sso.example/realms/main',
    scopes: 'openid profile email',
    name: 'Single sign-on',
  })
  const { OIDC_DISCOVERY_URL } = oidc
  const lines = faults({ OIDC_DISCOVERY_URL })
  assert.deepEqual(
    lines.map((line) => line.split(':')[0]),
    ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
  )
  for (const [name, wrong] of [
    ['OIDC_SCOPES', 'profile email'],
    ['OIDC_NAME', 'x'.repeat(41)],
    ['OIDC_NAME', 'two\nlines'],
    ['OIDC_DISCOVERY_URL', 'sso.example'],
    ['OIDC_DISCOVERY_URL', 'http://sso.example'],
  ] as const) {
    const [line = '', ...more] = faults({ ...oidc, [name]: wrong })
    assert.ok(line.startsWith(`${name}: must`), line)
    assert.deepEqual(more, [])
  }
  assert.deepEqual(faults({ ...oidc, OIDC_DISCOVERY_URL: 'http://127.0.0.1:8080' }), [])
})

test('sign-up is open unless said otherwise, and domains are domains', () => {
  assert.equal(readEnv(good).SIGN_UP, 'open')
  const domains = { SIGN_UP: 'domain', SIGN_UP_DOMAINS: ' Example.COM,bücher.example' }
  assert.deepEqual(readEnv({ ...good, ...domains }).SIGN_UP_DOMAINS, [
    'example.com',
    'xn--bcher-kva.example',
  ])
  for (const changes of [
    { SIGN_UP: 'domain' },
    { SIGN_UP_DOMAINS: 'example.com' },
    { SIGN_UP: 'closed', SIGN_UP_DOMAINS: 'example.com' },
    { SIGN_UP: 'domain', SIGN_UP_DOMAINS: 'a@example.com' },
    { SIGN_UP: 'domain', SIGN_UP_DOMAINS: 'com' },
    { SIGN_UP: 'domain', SIGN_UP_DOMAINS: 'example.com/people' },
  ])
    assert.match(faults(changes).join(), /^SIGN_UP_DOMAINS: /, JSON.stringify(changes))
  assert.match(faults({ SIGN_UP: 'maybe' }).join(), /^SIGN_UP: /)
})

test('proxies that are trusted are addresses and networks, and never everybody', () => {
  assert.deepEqual(readEnv(good).TRUSTED_PROXIES, [])
  const read = readEnv({ ...good, TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,2001:db8::/32' })
  assert.deepEqual(
    read.TRUSTED_PROXIES.map(({ text }) => text),
    ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'],
  )
  for (const wrong of ['0.0.0.0/0', '::/0', 'localhost', '10.0.0.0/33', '127.0.0.1,,10.0.0.1', '1'])
    assert.match(faults({ TRUSTED_PROXIES: wrong }).join(), /^TRUSTED_PROXIES: must/, wrong)
})
