import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { TestBrowser } from '../../test/browser.ts'
import { migratedDatabase, testRedisUrl } from '../../test/database.ts'
import { startTestPages, type TestPages } from '../../test/pages.ts'
import { tokenSignInPath } from '../paths.ts'
import { findOrSignUp, findPerson, localDeveloper, newSignInToken } from './auth.server.ts'

let database: Awaited<ReturnType<typeof migratedDatabase>>
let pages: TestPages
let userId: number

const start = (env: Record<string, string>) =>
  startTestPages({
    databaseUrl: database.url,
    redisUrl: testRedisUrl(),
    env,
    routes: { login: () => import('../routes/login/route.tsx') },
  })

before(async () => {
  database = await migratedDatabase()
  pages = await start({ RELAY_MODE: 'local' })
  userId = (await findOrSignUp(pages.services.db, localDeveloper)).userId
})
after(async () => {
  await pages.stop()
  await database.drop()
})

const hourMs = 3_600_000
const address = (on: TestPages, id = userId, nowMs = Date.now()) =>
  on.url + tokenSignInPath(newSignInToken(on.services.env, id, nowMs))

async function personOf(browser: TestBrowser) {
  const headers = { cookie: browser.cookiesFor(pages.url) }
  return findPerson(new Request(pages.url, { headers }), pages.services)
}

test('of all who open a printed address at once, one is signed in', async () => {
  const printed = address(pages)
  const browsers = Array.from({ length: 8 }, () => new TestBrowser())
  const answers = await Promise.all(browsers.map((browser) => browser.get(printed)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [302, ...Array(7).fill(403)])
  const people = await Promise.all(browsers.map(personOf))
  assert.deepEqual(
    people.filter((person) => person !== undefined).map((person) => person.userId),
    [userId],
  )
})

test('a printed address ends after twelve hours, and is for somebody who is there', async () => {
  const statusOf = async (url: string) => (await new TestBrowser().get(url)).status
  assert.equal(await statusOf(address(pages, userId, Date.now() - 12.1 * hourMs)), 403)
  assert.equal(await statusOf(address(pages, userId, Date.now() - 11.9 * hourMs)), 302)
  assert.equal(await statusOf(address(pages, 999_999)), 403)
})

test('it signs in nobody elsewhere: not outside of local mode, nor beside a provider', async (t) => {
  const github = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' }
  for (const env of [{}, { RELAY_MODE: 'local', ...github }]) {
    const other = await start(env)
    t.after(() => other.stop())
    const answer = await new TestBrowser().get(address(other))
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('set-cookie'), null)
  }
})
