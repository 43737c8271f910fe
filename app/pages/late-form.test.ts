import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { migratedDatabase, testRedisUrl } from '../../test/database.ts'
import { startTestPages, type TestPages } from '../../test/pages.ts'
import { present } from '../../test/present.ts'
import { findOrSignUp, startSession } from '../auth/auth.server.ts'
import { run } from '../db/db.server.ts'
import { addMember, removeMember } from '../teams/teams.server.ts'

let pages: TestPages
let database: Awaited<ReturnType<typeof migratedDatabase>>

before(async () => {
  database = await migratedDatabase()
  pages = await startTestPages({
    databaseUrl: database.url,
    redisUrl: testRedisUrl(),
    routes: {
      switch: () => import('../routes/switch.tsx'),
      'settings/notices': () => import('../routes/settings_.notices/route.tsx'),
    },
  })
})
after(async () => {
  await pages.stop()
  await database.drop()
})

const person = (providerUserId: string) =>
  findOrSignUp(pages.services.db, {
    provider: 'github',
    providerUserId,
    name: providerUserId,
    email: null,
  })

/**
 * Begins to send a form, until the relay has begun to answer it and another request after that is
 * done; answers what sends the rest of it, and then what was answered.
 */
async function begin(path: string, cookie: string, form: Record<string, string>) {
  const body = new URLSearchParams(form).toString()
  const { host, port } = new URL(pages.url)
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8')
  let answer = ''
  socket.on('data', (piece) => (answer += String(piece)))
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${host}`,
    `origin: ${pages.url}`,
    `cookie: ${cookie}`,
    'content-type: application/x-www-form-urlencoded',
    `content-length: ${body.length}`,
    // Whoever expects it is told as soon as the head has come, and is at work.
    'expect: 100-continue',
    'connection: close',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await once(socket, 'data')
  assert.match(answer, /^HTTP\/1\.1 100 /)
  answer = ''
  socket.write(body.slice(0, 3))
  await (await fetch(`${pages.url}/settings/notices`, { headers: { cookie } })).arrayBuffer()
  return async () => {
    const closed = once(socket, 'close')
    socket.write(body.slice(3))
    await closed
    return answer
  }
}

test('a form whose sender was removed while they sent it does nothing in that account', async () => {
  const { db } = pages.services
  const [boss, admin] = [await person('boss'), await person('admin')]
  const { accountId } = boss
  const { userId } = admin
  const by = { userId: null, actor: 'test' } as const
  await addMember(db, { accountId, userId, role: 'admin', capNanos: null, by })
  const cookie = present((await startSession(pages.services, userId, null)).split(';')[0])
  const switching = await begin('/switch', cookie, { account: String(accountId) })
  assert.match(await switching(), /^HTTP\/1\.1 302 /)
  const form = { intent: 'webhook', url: 'https://elsewhere.example/hook' }
  const end = await begin('/settings/notices', cookie, form)
  await removeMember(db, { accountId, userId, by: { userId: boss.userId } })
  assert.match(await end(), /^HTTP\/1\.1 200 /)
  assert.equal(await run(db, 'notices/read-webhook', { accountId }), undefined)
  const own = await run(db, 'notices/read-webhook', { accountId: admin.accountId })
  assert.equal(own?.url, form.url, 'they are back in their own account by then')
})

/** Sends a form whole; answers the status and what the page says. */
async function send(path: string, cookie: string, form: [string, string][]) {
  const answer = await fetch(pages.url + path, {
    method: 'POST',
    headers: { origin: pages.url, cookie },
    body: new URLSearchParams(form),
    redirect: 'manual',
  })
  return { status: answer.status, text: await answer.text() }
}

test('a form does nothing in another account than the one that it was shown for', async () => {
  const { db } = pages.services
  const [host, guest] = [await person('host'), await person('guest')]
  const { accountId: theirs } = host
  const { userId, accountId: own } = guest
  const by = { userId: null, actor: 'test' } as const
  await addMember(db, { accountId: theirs, userId, role: 'admin', capNanos: null, by })
  const cookie = present((await startSession(pages.services, userId, null)).split(';')[0])
  const threshold = (below: string, ...accounts: (string | number)[]) =>
    send('/settings/notices', cookie, [
      ['intent', 'threshold'],
      ['below', below],
      ...accounts.map((id): [string, string] => ['for-account', String(id)]),
    ])
  const thresholdOf = async (accountId: number) =>
    (await run(db, 'notices/read-account', { accountId }))?.notifyBelowNanos ?? null

  // It was shown in their own account; meanwhile another window has gone on in the host's.
  assert.equal((await send('/switch', cookie, [['account', String(theirs)]])).status, 302)
  const shown: (string | number)[][] = [[own], [own, theirs], [theirs, own], ['0'], [''], ['no']]
  for (const accounts of shown) {
    const refused = await threshold('7', ...accounts)
    assert.equal(refused.status, 409, accounts.join())
  }
  const before = [await thresholdOf(own), await thresholdOf(theirs)]
  assert.equal((await threshold('8', theirs)).status, 200)
  assert.deepEqual([await thresholdOf(own), await thresholdOf(theirs)], [before[0], 8_000_000_000])
  assert.equal((await threshold('9')).status, 200, 'what names no account is let through')
  assert.equal(await thresholdOf(theirs), 9_000_000_000)

  // Whoever was taken out of an account is back in their own: its forms do nothing there either.
  await removeMember(db, { accountId: theirs, userId, by })
  assert.equal((await threshold('10', theirs)).status, 409)
  assert.equal(await thresholdOf(own), before[0])
})
