import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { migratedDatabase, testRedisUrl } from '../../test/database.ts'
import { startTestSite } from '../../test/pages.ts'

let database: Awaited<ReturnType<typeof migratedDatabase>>
let site: Awaited<ReturnType<typeof startTestSite>>

before(async () => {
  database = await migratedDatabase()
  site = await startTestSite({
    databaseUrl: database.url,
    redisUrl: testRedisUrl(),
    routes: {
      logout: () => import('../routes/logout.tsx'),
      'auth/:provider': () => import('../routes/auth.$provider.tsx'),
      'auth/:provider/callback': () => import('../routes/auth.$provider_.callback.tsx'),
    },
    env: {
      APP_URL: 'https://relay.example:8443',
      GITHUB_CLIENT_ID: 'id',
      GITHUB_CLIENT_SECRET: 'secret',
    },
  })
})
after(async () => {
  await site.stop()
  await database.drop()
})

/** Sends these bytes, and answers what comes until the connection closes. */
async function exchanged(head: string[], body = '') {
  const socket = connect(site.port, '127.0.0.1')
  socket.write([...head, 'Connection: close', '', body].join('\r\n'), 'latin1')
  const said = await text(socket)
  const [first = '', ...lines] = (said.split('\r\n\r\n')[0] ?? '').split('\r\n')
  const location = lines.find((line) => /^location:/i.test(line))?.slice('location: '.length)
  return { status: Number(first.split(' ')[1]), location, said }
}

const own = 'https://relay.example:8443'
/** Hosts as proxies, and whoever has none, send them; each a list of lines. */
const hosts = {
  'its own': ['Host: relay.example:8443'],
  "the proxy's name for it": ['Host: relays'],
  'an address': ['Host: 10.0.0.7:3000'],
  none: [],
  'an empty one': ['Host:'],
  'a port that is none': ['Host: relay.example:99999999'],
  'a user': ['Host: somebody@relay.example'],
  'no name at all': ['Host: in valid \xff"<>/\\?#[::'],
  'half an address': ['Host: [::1'],
  several: ['Host: one.example', 'Host: two.example'],
  'what it was forwarded for': ['Host: relays', 'X-Forwarded-Host: evil.example:1, two'],
}
const forms: [path: string, answer: RegExp][] = [
  ['/logout', /^302 \/(login)?$/],
  [
    '/auth/github',
    /^302 https:\/\/github\.com\/.*relay\.example%3A8443%2Fauth%2Fgithub%2Fcallback/,
  ],
]

const form = ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 3']

describe('whatever host is named', () => {
  for (const [name, lines] of Object.entries(hosts))
    for (const version of ['1.0', '1.1'])
      test(`${name}, in HTTP/${version}: own forms are answered, and foreign ones refused`, async () => {
        for (const [path, answer] of forms) {
          const post = [`POST ${path} HTTP/${version}`, ...lines, ...form]
          const { status, location } = await exchanged([...post, `Origin: ${own}`], 'a=b')
          assert.match(`${status} ${location}`, answer)
          for (const origin of ['null', 'https://evil.example', 'https://relay.example'])
            assert.equal((await exchanged([...post, `Origin: ${origin}`], 'a=b')).status, 403)
        }
        const callback = `GET /auth/github/callback?code=x&state=y HTTP/${version}`
        const returned = await exchanged([callback, ...lines])
        // Nobody here has asked to sign in; the page says so.
        assert.equal(returned.status, 400)
      })
})

test('an origin is one only as a browser writes it, and any other is a foreign one', async () => {
  const post = ['POST /logout HTTP/1.1', 'Host: relays', 'Content-Length: 0']
  for (const origin of [
    'http://relay.example:8443',
    'https://relay.example:443',
    'https://relay.example:99999999',
    'https://relay.example:8443@evil.example',
    'https://relay.example:8443.evil.example',
    'https://[::1',
    'relay.example:8443',
    '',
    '\xff',
  ])
    assert.equal((await exchanged([...post, `Origin: ${origin}`])).status, 403, origin)
  assert.equal((await exchanged([...post, 'Sec-Fetch-Site: same-origin'])).status, 302)
  assert.equal((await exchanged(post)).status, 403)
})

test('a target that names a host goes to the page it names', async () => {
  const target = 'http://elsewhere.example/logout'
  const head = [`POST ${target} HTTP/1.1`, 'Host: relays', 'Content-Length: 0', `Origin: ${own}`]
  assert.equal((await exchanged(head)).status, 302)
})

test('what is no form is refused, and no failure of ours', async () => {
  const post = ['POST /auth/github HTTP/1.1', 'Host: relays', `Origin: ${own}`]
  for (const type of ['text/plain', 'multipart/form-data', 'multipart/form-data; boundary=x', '?'])
    for (const more of [['Content-Length: 3'], ['Content-Length: 0']]) {
      const { status } = await exchanged([...post, `Content-Type: ${type}`, ...more], 'a=b')
      assert.equal(status, 400, `${type}, ${more.join()}`)
    }
  assert.equal((await exchanged([...post, 'Content-Length: 0'])).status, 400)
})

test('none of it is a failure to the log', () => {
  const levels = site.logged.map((line) => (JSON.parse(line) as { level: string }).level)
  assert.deepEqual([...new Set(levels)], ['info'])
})

test('a proxy that nobody has named is told of in the log, once', async () => {
  const said = () => site.logged.filter((line) => line.includes('proxy_not_trusted'))
  assert.deepEqual(said(), [])
  for (const path of ['/logout', '/v1/models', '/healthz', '/auth/github'])
    await exchanged([`GET ${path} HTTP/1.1`, 'Host: relays', 'X-Forwarded-For: 198.51.100.7'])
  assert.equal(said().length, 1)
  const { level, address, see } = JSON.parse(said().join()) as Record<string, string>
  assert.deepEqual([level, address, see], ['warn', '127.0.0.1', 'TRUSTED_PROXIES'])
})
