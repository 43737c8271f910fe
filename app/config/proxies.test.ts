import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BadEnvironment, readEnv } from './env.ts'

const good = {
  APP_URL: 'https://relay.example/',
  DATABASE_URL: 'mysql://relay:secret@db/relay',
  REDIS_URL: 'redis://cache:6379',
  OPENAI_API_KEY: 'sk-upstream',
  SESSION_SECRET: 'f3a9c1d24b7e4f0e8a6d5c3b2a190817',
}
const proxiesOf = (given: Record<string, string>) => readEnv({ ...good, ...given }).proxies

test('without a proxy there is none, whatever is exempt from it', () => {
  assert.equal(proxiesOf({}), undefined)
  assert.equal(proxiesOf({ NO_PROXY: 'db', HTTP_PROXY: '' }), undefined)
})

test('names of both cases are read, the lower first; this machine is always exempt', () => {
  const given = { HTTPS_PROXY: 'http://b:1', https_proxy: 'a:2', no_proxy: ' db,.local' }
  assert.deepEqual(proxiesOf(given), {
    http: '',
    https: 'http://a:2',
    exempt: 'db,.local,localhost,127.0.0.1,[::1]',
  })
  assert.equal(proxiesOf({ HTTP_PROXY: 'a', NO_PROXY: '*' })?.exempt, '*')
})

test('what is no proxy is said by its name, and never with its value', () => {
  for (const value of ['socks5://hunter2:1', 'http://', 'http://hunter2:99999', 'hunter 2'])
    assert.throws(
      () => readEnv({ ...good, HTTPS_PROXY: value }),
      (error) =>
        error instanceof BadEnvironment &&
        /HTTPS_PROXY: must be the address of a proxy/.test(error.message) &&
        !error.message.includes('hunter'),
    )
})
