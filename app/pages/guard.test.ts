import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { migratedDatabase, testRedisUrl } from '../../test/database.ts'
import { startTestPages, type TestPages } from '../../test/pages.ts'

let database: Awaited<ReturnType<typeof migratedDatabase>>
before(async () => (database = await migratedDatabase()))
after(() => database.drop())

const start = (env: Record<string, string>) =>
  startTestPages({
    databaseUrl: database.url,
    redisUrl: testRedisUrl(),
    env,
    routes: { logout: () => import('../routes/logout.tsx') },
  })

test('browsers are told to take https for granted here, and below only where it is said', async () => {
  for (const [env, said] of [
    [{ APP_URL: 'https://relay.example' }, 'max-age=31536000'],
    [
      { APP_URL: 'https://relay.example', HSTS_SUBDOMAINS: '1' },
      'max-age=31536000; includeSubDomains',
    ],
    [{}, null],
  ] as [Record<string, string>, string | null][]) {
    const pages = await start(env)
    const answer = await fetch(`${pages.url}/logout`, { redirect: 'manual' })
    assert.equal(answer.headers.get('strict-transport-security'), said)
    await pages.stop()
  }
})

/** A form that is sent with these headers, which no browser lets its pages choose. */
async function posted(pages: TestPages, headers: Record<string, string>) {
  const { port } = new URL(pages.url)
  const sent = request({ host: '127.0.0.1', port, path: '/logout', method: 'POST', headers })
  const [answer] = (await once(sent.end(), 'response')) as [IncomingMessage]
  return { status: answer.statusCode, text: await text(answer) }
}

describe('in local mode', () => {
  let pages: TestPages
  before(async () => (pages = await start({ RELAY_MODE: 'local' })))
  after(() => pages.stop())

  test('each name of this machine is a site of its own', async () => {
    const { port } = new URL(pages.url)
    for (const [host, origin, isSame] of [
      ['localhost', 'localhost', true],
      ['127.0.0.1', '127.0.0.1', true],
      ['127.0.0.1', 'localhost', false],
      ['localhost', '127.0.0.1', false],
      ['[::1]', 'localhost', false],
    ] as const) {
      const headers = { host: `${host}:${port}`, origin: `http://${origin}:${port}` }
      const { status } = await posted(pages, headers)
      assert.equal(status, isSame ? 302 : 403, `${host} ${origin}`)
    }
  })

  test('a host that is none is refused', async () => {
    for (const host of [
      'localhost:99999999',
      'localhost:',
      'localhost:3000@evil.test',
      'evil.test',
    ])
      assert.equal((await posted(pages, { host, origin: `http://${host}` })).status, 403, host)
  })
})

test('behind a proxy that names another host, the configured address decides', async () => {
  const pages = await start({ APP_URL: 'https://relay.example' })
  for (const host of ['10.0.0.7:3000', 'relay.example', 'in valid', ''])
    assert.equal((await posted(pages, { host, origin: 'https://relay.example' })).status, 302, host)
  const elsewhere = { host: 'evil.test', origin: 'https://evil.test' }
  assert.equal((await posted(pages, elsewhere)).status, 403)
  assert.deepEqual(
    pages.logged.filter((line) => /failed/.test(line)),
    [],
  )
  await pages.stop()
})
