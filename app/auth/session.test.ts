import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { present } from '../../test/present.ts'
import { readEnv } from '../config/env.ts'
import { TestBrowser } from '../../test/browser.ts'
import { locationOf, startSignInStage, type SignInStage } from '../../test/sign-in.ts'
import {
  deleteExpiredSessions,
  endOtherSessions,
  findPerson,
  listSessions,
  signInWays,
  startSignIn,
  type Person,
} from './auth.server.ts'
import { spendOnce } from './once.ts'

let stage: SignInStage
before(async () => (stage = await startSignInStage()))
after(() => stage.stop())

async function signedIn(login: string, userAgent?: string): Promise<TestBrowser> {
  const browser = new TestBrowser(userAgent)
  locationOf(await stage.signIn(browser, 'github', login))
  return browser
}

function who(browser: TestBrowser): Promise<Person | undefined> {
  const { url, services } = stage.pages
  return findPerson(new Request(url, { headers: { cookie: browser.cookiesFor(url) } }), services)
}

const age = (browser: TestBrowser, change: string) =>
  who(browser).then((it) =>
    stage.sql(`update sessions set ${change} where digest = ?`, [present(it).sessionDigest]),
  )

test('signing in gives a new session id and ends the one the browser came with', async () => {
  const browser = await signedIn('rotating')
  const before = browser.clone()
  locationOf(await stage.signIn(browser, 'github', 'rotating'))
  assert.notEqual(stage.session(browser), stage.session(before))
  assert.equal(await who(before), undefined)
  assert.ok(await who(browser))
})

test('an id planted before the sign-in is worth nothing after it', async () => {
  const { url } = stage.pages
  const attacker = await signedIn('attacker')
  const victim = new TestBrowser()
  victim.setCookie(url, stage.cookieName('sid'), present(stage.session(attacker)))
  locationOf(await stage.signIn(victim, 'github', 'victim'))
  assert.equal((await who(victim))?.name, 'Test victim')
  assert.equal(await who(attacker), undefined)
  const madeUp = new TestBrowser()
  madeUp.setCookie(
    url,
    stage.cookieName('sid'),
    encodeURIComponent(Buffer.from('"chosen"').toString('base64')),
  )
  const chosen = madeUp.clone()
  locationOf(await stage.signIn(madeUp, 'github', 'victim'))
  assert.equal(await who(chosen), undefined)
})

test('a session ends three days after its last use', async () => {
  const browser = await signedIn('idle')
  await age(browser, `used_at = current_timestamp(3) - interval 71 hour`)
  assert.ok(await who(browser))
  await age(browser, `used_at = current_timestamp(3) - interval 73 hour`)
  assert.equal(await who(browser), undefined)
})

test('using a session moves its idle end, and never its absolute one', async () => {
  const browser = await signedIn('busy')
  await age(browser, `used_at = current_timestamp(3) - interval 1 hour`)
  assert.ok(await who(browser))
  const [row] = await stage.sql<{ minutes: number; days: number }>(
    `select timestampdiff(minute, used_at, current_timestamp(3)) as minutes,
            timestampdiff(hour, created_at, expires_at) / 24 as days
       from sessions where digest = ?`,
    [present(await who(browser)).sessionDigest],
  )
  assert.ok(row)
  assert.equal(row.minutes, 0)
  assert.equal(Number(row.days), 14)
  await age(browser, `expires_at = current_timestamp(3) - interval 1 second`)
  assert.equal(await who(browser), undefined)
})

test('sessions are listed for their own person, and the others end on request', async () => {
  const [here, there, elsewhere] = await Promise.all([
    signedIn('many', 'Firefox'),
    signedIn('many', 'Chrome'),
    signedIn('many', 'Safari'),
  ])
  assert.ok(here)
  const stranger = await signedIn('stranger')
  const person = present(await who(here))
  const { db } = stage.pages.services
  const listed = await listSessions(db, person)
  assert.deepEqual(listed.map(({ userAgent }) => userAgent).sort(), ['Chrome', 'Firefox', 'Safari'])
  assert.deepEqual(
    listed.filter(({ isCurrent }) => isCurrent).map(({ userAgent }) => userAgent),
    ['Firefox'],
  )
  assert.ok(!JSON.stringify(listed).includes(person.sessionDigest.toString('hex')))
  assert.equal(await endOtherSessions(db, person), 2)
  assert.ok(await who(here))
  assert.equal(await who(present(there)), undefined)
  assert.equal(await who(present(elsewhere)), undefined)
  assert.ok(await who(stranger))
  assert.equal(await endOtherSessions(db, person), 0)
})

test('what has expired is taken away, and nothing else', async () => {
  const { db } = stage.pages.services
  const [old, fresh] = await Promise.all([signedIn('old'), signedIn('fresh')])
  await deleteExpiredSessions(db)
  await age(present(old), `expires_at = current_timestamp(3) - interval 1 second`)
  assert.ok(await spendOnce(db, 'test', 'a'))
  assert.ok(!(await spendOnce(db, 'test', 'a')))
  assert.ok(await spendOnce(db, 'other', 'a'))
  const [sessions, spent] = [await stage.count('sessions'), await stage.count('spent_once')]
  await stage.sql(
    `update spent_once set expires_at = current_timestamp(3) - interval 1 second
      order by expires_at desc limit 1`,
  )
  await deleteExpiredSessions(db)
  assert.equal(await stage.count('sessions'), sessions - 1)
  assert.equal(await stage.count('spent_once'), spent - 1)
  assert.ok(await who(present(fresh)))
})

test('cookies are for this host alone, out of reach of scripts, and need https where we have it', async (t) => {
  const address = 'https://relay.example'
  const secure = await startSignInStage({ APP_URL: address })
  t.after(() => secure.stop())
  const { url, services } = secure.pages
  const browser = new TestBrowser()
  const started = await startSignIn(services, 'google', null, '')
  const attempt = present(started.headers.get('set-cookie'))
  assert.match(
    attempt,
    /^__Host-sign-in-\w{8}=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  browser.setCookie(
    url,
    `__Host-${secure.cookieName('sign-in')}`,
    present(present(/=([^;]+)/.exec(attempt))[1]),
  )
  const back = new URL(await secure.allow(browser, locationOf(started), 'ada'))
  assert.equal(back.origin, address)
  const ended = await browser.get(url + back.pathname + back.search)
  assert.equal(locationOf(ended), '/dashboard')
  const cookies = ended.headers.getSetCookie()
  const attributes = 'HttpOnly; Secure; SameSite=Lax$'
  assert.match(
    present(cookies[0]),
    new RegExp(`^__Host-sign-in-\\w{8}=; Path=/; Expires=Thu, 01 Jan 1970.*${attributes}`),
  )
  assert.match(
    present(cookies[1]),
    new RegExp(`^__Host-sid-\\w{8}=[^;]+; Max-Age=1209600; Path=/; ${attributes}`),
  )
  assert.match(
    present(cookies[2]),
    new RegExp(`^__Secure-first-key-\\w{8}=[^;]+; Max-Age=300; Path=/dashboard; ${attributes}`),
  )
  assert.equal(cookies.length, 3)
})

test("the providers' origins, and no others, are where our forms may lead", async () => {
  const { url } = stage.pages
  const { headers } = await new TestBrowser().get(`${url}/auth/github`)
  const { github, google, oidc } = stage.providers
  const policy = present(headers.get('content-security-policy')).split('; ')
  assert.ok(policy.includes(`form-action 'self' ${github.url} ${google.url} ${oidc.url}`))
})

test('the local developer signs in on their own machine, where no provider is set up', () => {
  const given = {
    DATABASE_URL: 'mysql://db/relay',
    REDIS_URL: 'redis://cache',
    OPENAI_API_KEY: 'sk-upstream',
    SESSION_SECRET: 'f3a9c1d24b7e4f0e8a6d5c3b2a190817',
    APP_URL: 'http://localhost:3000',
  }
  const local = { ...given, NODE_ENV: 'development', RELAY_MODE: 'local' }
  assert.deepEqual(signInWays(readEnv(local)), { providers: [], local: true })
  assert.deepEqual(signInWays(readEnv(given)), { providers: [], local: false })
  assert.throws(() => readEnv({ ...local, NODE_ENV: 'production' }))
  assert.throws(() => readEnv({ ...local, HOST: '0.0.0.0' }))
  const github = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' }
  assert.deepEqual(signInWays(readEnv({ ...local, ...github })), {
    providers: [{ name: 'github', label: 'GitHub', path: '/auth/github' }],
    local: false,
  })
})
