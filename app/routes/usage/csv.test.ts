import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { present } from '../../../test/present.ts'
import { findOrSignUp, startSession } from '../../auth/auth.server.ts'
import { limits } from '../../config/limits.ts'
import { eventually } from '../../../dev/command/eventually.ts'
import { migratedDatabase, testRedisUrl } from '../../../test/database.ts'
import { pastCall, writeHistory } from '../../../test/history.ts'
import { startTestPages, type TestPages } from '../../../test/pages.ts'
import { run } from '../../db/db.server.ts'
import { dayIn } from '../../values/zones/zone-days.ts'
import { createKey } from '../../keys/keys.server.ts'
import { csvHeads } from '../../usage/usage.server.ts'

// Together far more than the kernel keeps for a connection.
const calls = 25_000
let pages: TestPages
let cookie = ''
let userId = 0
let slices = 0
let database: Awaited<ReturnType<typeof migratedDatabase>>

before(async () => {
  database = await migratedDatabase()
  const routes = {
    'usage.csv': () => import('../usage[.]csv.ts'),
    'usage.jsonl': () => import('../usage[.]jsonl.ts'),
    'usage/days.csv': () => import('../usage_.days[.]csv.ts'),
  }
  const stores = { databaseUrl: database.url, redisUrl: testRedisUrl() }
  pages = await startTestPages({ ...stores, routes })
  const { services } = pages
  const who = { provider: 'github', providerUserId: '1', name: 'Reader', email: null } as const
  const signedUp = await findOrSignUp(services.db, who)
  const { accountId } = signedUp
  userId = signedUp.userId
  cookie = present((await startSession(services, userId, null)).split(';')[0])
  const { id: keyId } = present(
    await createKey(services.db, accountId, {
      name: 'production',
    }),
  )
  const client = 'openai-python/2.8.1'.padEnd(100, '+')
  const startedAt = new Date()
  const past = Array.from({ length: calls }, () =>
    pastCall({ accountId, keyId, startedAt, client }),
  )
  await writeHistory(services.db, past)
  const { db } = services
  const send = db.send.bind(db)
  db.send = (bound: Parameters<typeof send>[0]) => {
    if (/from calls c force index/.test(JSON.stringify(bound))) slices++
    return send(bound)
  }
})
after(async () => {
  await pages.stop()
  await database.drop()
})

const get = (query = '', init: RequestInit = {}) =>
  fetch(`${pages.url}/usage.csv${query}`, { redirect: 'manual', headers: { cookie }, ...init })

test('a download has the heads and every call, and says that it is a file', async () => {
  const answer = await get()
  assert.equal(answer.status, 200)
  assert.match(present(answer.headers.get('content-type')), /^text\/csv; charset=utf-8/)
  assert.match(
    present(answer.headers.get('content-disposition')),
    /^attachment; filename="usage-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv"$/,
  )
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  // A Response's own text would be without it.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer())
  const lines = text.split('\r\n')
  assert.equal(lines[0], `\uFEFF${csvHeads.join(',')}`)
  assert.equal(lines.length, calls + 2)
})

test('a file is called by its days, also where the filter names only one, or none', async () => {
  const today = new Date().toISOString().slice(0, 10)
  const nameOf = async (query: string) =>
    /usage-.*\.csv/.exec(
      present(
        (await get(query, { method: 'HEAD', headers: { cookie } })).headers.get(
          'content-disposition',
        ),
      ),
    )?.[0]
  assert.equal(await nameOf('?from=2026-01-02&to=2026-02-01'), 'usage-2026-01-02-2026-02-01.csv')
  assert.equal(await nameOf('?from=2026-01-02'), `usage-2026-01-02-${today}.csv`)
  assert.equal(await nameOf('?to=2026-02-01'), 'usage-2026-02-01-2026-02-01.csv')
  assert.match(present(await nameOf('')), new RegExp(`^usage-\\d{4}-\\d\\d-\\d\\d-${today}\\.csv$`))
})

test('the same calls are there as lines of JSON, and their days as CSV, called so', async () => {
  const files = {
    'usage.jsonl': [/^application\/x-ndjson/, /^attachment; filename="usage-[\d-]{21}\.jsonl"$/],
    'usage/days.csv': [/^text\/csv/, /^attachment; filename="usage-by-day-[\d-]{21}\.csv"$/],
  } as const
  for (const [path, [type, name]] of Object.entries(files)) {
    const answer = await fetch(`${pages.url}/${path}?model=gpt-of-nobody`, { headers: { cookie } })
    assert.equal(answer.status, 200)
    assert.match(present(answer.headers.get('content-type')), type)
    assert.match(present(answer.headers.get('content-disposition')), name)
    await answer.text()
    const bad = await fetch(`${pages.url}/${path}?colour=red`, { headers: { cookie } })
    assert.equal(bad.status, 400)
    await bad.text()
  }
})

test('the days of a filter are those of the person’s zone', async () => {
  const now = new Date()
  // It is another day there than by UTC.
  const zone = now.getUTCHours() < 11 ? 'Pacific/Niue' : 'Pacific/Kiritimati'
  const there = dayIn(zone, now.getTime())
  assert.notEqual(there, now.toISOString().slice(0, 10))
  const linesOf = async (day: string) => {
    const headers = { cookie: `${cookie}; zone=${encodeURIComponent(zone)}` }
    const text = await (await get(`?from=${day}&to=${day}`, { headers })).text()
    return text.split('\r\n').length - 2
  }
  assert.equal(await linesOf(there), calls)
  assert.equal(await linesOf(now.toISOString().slice(0, 10)), 0)
  const { db } = pages.services
  assert.equal(await run(db, 'auth/set-zone', { userId, zone: null, isChosen: 0 }), 1)
})

test('what cannot be understood is said, and no file is sent', async () => {
  const answer = await get('?status=9xx&colour=red')
  assert.equal(answer.status, 400)
  assert.match(await answer.text(), /status must be a status code[^]*|colour is not a filter/)
  assert.equal(answer.headers.get('content-disposition'), null)
})

test('nobody gets it without signing in', async () => {
  const answer = await get('', { headers: {} })
  assert.equal(answer.status, 302)
  assert.match(present(answer.headers.get('location')), /^\/login\?returnTo=/)
})

test('HEAD reads no call', async () => {
  const before = slices
  const answer = await get('', { method: 'HEAD', headers: { cookie } })
  assert.equal(answer.status, 200)
  assert.match(present(answer.headers.get('content-type')), /^text\/csv/)
  assert.equal(slices, before)
})

/** Asks for the file and reads nothing of it. */
function stalledReader() {
  const { port } = new URL(pages.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.pause()
  socket.write(`GET /usage.csv HTTP/1.1\r\nhost: localhost:${port}\r\ncookie: ${cookie}\r\n\r\n`)
  return socket
}

test('an account has a few downloads at once, and another as soon as one has ended', async () => {
  const sockets = Array.from({ length: limits.downloads.anAccountMax }, stalledReader)
  await eventually('one more is refused', async () => {
    const answer = await get()
    await answer.body?.cancel()
    return answer.status === 429
  })
  for (const socket of sockets) socket.destroy()
  await eventually('one more is served', async () => {
    const answer = await get()
    await answer.text()
    return answer.status === 200
  })
})
