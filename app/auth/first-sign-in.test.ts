import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { present } from '../../test/present.ts'
import { later } from '../../test/time/stopped-clock.ts'
import { TestBrowser } from '../../test/browser.ts'
import { failureOn, locationOf, startSignInStage, type SignInStage } from '../../test/sign-in.ts'
import { makeInvitation } from '../teams/teams.server.ts'
import { findOrSignUp, takeFirstKey } from './auth.server.ts'

let stage: SignInStage
before(async () => (stage = await startSignInStage({ WELCOME_CREDIT_USD: '2.50' })))
after(() => stage.stop())

/** What the dashboard does with the browser's cookies. */
async function openDashboard(browser: TestBrowser) {
  const { url, services } = stage.pages
  const page = `${url}/dashboard`
  const cookie = browser.cookiesFor(page)
  return takeFirstKey(new Request(page, { headers: { cookie } }), services)
}

const firstKeyOf = (browser: TestBrowser) =>
  browser.cookie(stage.pages.url, stage.cookieName('first-key'))
const tables = ['users', 'accounts', 'identities', 'api_keys', 'entries'] as const
const counts = async () =>
  Object.fromEntries(await Promise.all(tables.map(async (it) => [it, await stage.count(it)])))

for (const provider of ['github', 'google'] as const) {
  test(`fifty racing first sign-ins with ${provider} make one of everything`, async () => {
    const before = await counts()
    const browsers = Array.from({ length: 50 }, (_, i) => new TestBrowser(`Browser ${i}`))
    const callbacks = await Promise.all(
      browsers.map(async (browser) =>
        stage.allow(browser, await stage.begin(browser, provider), `crowd-${provider}`),
      ),
    )
    const answers = await Promise.all(browsers.map((it, i) => it.get(present(callbacks[i]))))
    for (const answer of answers) assert.equal(locationOf(answer), '/dashboard')
    const after = await counts()
    for (const table of tables) assert.equal(after[table] - before[table], 1, table)
    const shown = await Promise.all(browsers.map(openDashboard))
    const secrets = shown.flatMap((it) => it?.secret ?? [])
    assert.equal(secrets.length, 1)
    assert.ok(
      await stage.pages.services.authenticate({ header: () => `Bearer ${secrets[0]}` }),
      'the key shown works',
    )
    await stage.expectCleanBooks()
  })
}

test('a first sign-in brings the welcome credit, and a later one does not', async () => {
  const browser = new TestBrowser()
  locationOf(await stage.signIn(browser, 'github', 'grace'))
  locationOf(await stage.signIn(browser, 'github', 'grace'))
  const entries = await stage.sql(
    `select e.kind, e.balance_nanos as nanos, e.plan_nanos as plan, a.balance_nanos as balance
       from entries e join accounts a on a.id = e.account_id where a.name = 'Test grace'`,
  )
  const nanos = 2_500_000_000
  assert.deepEqual(entries, [{ kind: 'grant', nanos, plan: 0, balance: nanos }])
})

test('a database that fails anywhere in a first sign-in leaves nothing of it', async () => {
  const before = await counts()
  for (const table of ['users', 'identities', 'entries', 'api_keys']) {
    await stage.sql(`rename table ?? to hidden`, [table])
    const browser = new TestBrowser()
    const answer = await stage.signIn(browser, 'github', 'unlucky')
    await stage.sql(`rename table hidden to ??`, [table])
    assert.equal(answer.status, 500, table)
    assert.equal(stage.session(browser), undefined)
    assert.deepEqual(await counts(), before, table)
  }
  const browser = new TestBrowser()
  assert.equal(locationOf(await stage.signIn(browser, 'github', 'unlucky')), '/dashboard')
  assert.ok(await openDashboard(browser))
})

test('the first key is shown on the next page, and never again', async () => {
  const browser = new TestBrowser()
  locationOf(await stage.signIn(browser, 'google', 'first'))
  const earlier = browser.clone()
  const sealed = present(firstKeyOf(browser))
  const shown = await openDashboard(browser)
  assert.ok(shown)
  assert.match(shown.secret, /^sk-[0-9A-Za-z]{32}$/)
  assert.match(
    shown.headers['set-cookie'],
    /^first-key-\w{8}=;.*Max-Age=0; Path=\/dashboard; HttpOnly/,
  )
  assert.equal(await openDashboard(earlier), undefined)
  // Neither the cookie nor the database says what it is.
  const bytes = Buffer.from(decodeURIComponent(sealed), 'base64').toString('latin1')
  assert.ok(!bytes.includes(shown.secret) && !sealed.includes(shown.secret))
  const [row] = await stage.sql(`select * from api_keys order by id desc limit 1`)
  assert.ok(!JSON.stringify(row).includes(shown.secret.slice(7, -4)))
  assert.ok(!stage.pages.logged.join().includes(shown.secret.slice(3)))
})

test('the first key travels to the dashboard alone', async () => {
  const browser = new TestBrowser()
  locationOf(await stage.signIn(browser, 'google', 'scoped'))
  for (const path of ['/', '/keys', '/v1/models', '/dashboards', '/auth/google/callback']) {
    assert.doesNotMatch(browser.cookiesFor(stage.pages.url + path), /first-key/, path)
  }
  assert.match(browser.cookiesFor(`${stage.pages.url}/dashboard`), /first-key/)
})

test('of many pages that open at once, one shows the first key', async () => {
  const browser = new TestBrowser()
  locationOf(await stage.signIn(browser, 'google', 'tabs'))
  const shown = await Promise.all(Array.from({ length: 10 }, () => openDashboard(browser)))
  assert.equal(shown.filter(Boolean).length, 1)
})

test('a first key is shown to its owner alone, and not when its cookie was tampered with', async () => {
  const { url } = stage.pages
  const owner = new TestBrowser()
  locationOf(await stage.signIn(owner, 'google', 'owner'))
  const other = new TestBrowser()
  locationOf(await stage.signIn(other, 'google', 'other'))
  const text = present(firstKeyOf(owner))
  other.setCookie(url, stage.cookieName('first-key'), text, '/dashboard')
  assert.equal(await openDashboard(other), undefined)
  const signedOut = new TestBrowser()
  signedOut.setCookie(url, stage.cookieName('first-key'), text, '/dashboard')
  assert.equal(await openDashboard(signedOut), undefined)
  for (const changed of [text.slice(4), `${text.slice(0, -6)}AAAAAA`, 'x', '', '!'.repeat(90)]) {
    const copy = owner.clone()
    copy.setCookie(url, stage.cookieName('first-key'), changed, '/dashboard')
    assert.equal(await openDashboard(copy), undefined)
  }
  assert.ok(await openDashboard(owner))
})

test('a first key is not kept for more than five minutes', async () => {
  const browser = new TestBrowser()
  locationOf(await stage.signIn(browser, 'google', 'late'))
  assert.equal(await later(301_000, () => openDashboard(browser)), undefined)
})

const emailOf = async (name: string) =>
  (await stage.sql<{ email: string | null }>('select email from users where name = ?', [name]))[0]
    ?.email

test('the address kept is one that the provider has verified', async () => {
  locationOf(await stage.signIn(new TestBrowser(), 'github', 'two+second-verified'))
  assert.equal(await emailOf('Test two'), 'second-two@example.com')
  locationOf(await stage.signIn(new TestBrowser(), 'google', 'one'))
  assert.equal(await emailOf('Test one'), 'one@example.com')
})

test('whoever is known needs no verified address to sign in', async () => {
  for (const provider of ['github', 'google'] as const) {
    const first = new TestBrowser()
    assert.equal(
      await failureOn(await stage.signIn(first, provider, `known-${provider}+no-verified-email`)),
      'no-verified-email',
    )
    locationOf(await stage.signIn(first, provider, `known-${provider}`))
    const later = await stage.signIn(first, provider, `known-${provider}+no-verified-email`)
    assert.equal(locationOf(later), '/dashboard')
    assert.equal(await emailOf(`Test known-${provider}`), `known-${provider}@example.com`)
  }
})

test('the same address at the other provider is somebody else', async () => {
  const before = await stage.count('users')
  locationOf(await stage.signIn(new TestBrowser(), 'github', 'twin'))
  locationOf(await stage.signIn(new TestBrowser(), 'google', 'twin'))
  locationOf(await stage.signIn(new TestBrowser(), 'github', 'thief+email:twin@example.com'))
  const twins = await stage.sql('select account_id from users where email = ?', [
    'twin@example.com',
  ])
  assert.equal(twins.length, 3)
  assert.equal(new Set(twins.map((row) => row.account_id)).size, 3)
  assert.equal((await stage.count('users')) - before, 3)
})

test('a name becomes one line of visible characters, whole ones, at most two hundred', async () => {
  locationOf(await stage.signIn(new TestBrowser(), 'github', 'odd+odd-name'))
  const [user] = await stage.sql<{ name: string }>(`select name from users where name like 'Zo%'`)
  assert.ok(user)
  assert.equal([...user.name].length, 200)
  assert.doesNotMatch(user.name, /[\p{Cc}\p{Cs}\uFFFD]/u)
})

test('who signs up by an invitation goes on to it, without key and credit; by a dead one not', async () => {
  const { db } = stage.pages.services
  const owner = await findOrSignUp(db, {
    provider: 'github',
    providerUserId: 'who-invites',
    name: 'Who invites',
    email: null,
  })
  const { accountId, userId } = owner
  const asked = { accountId, by: { userId }, role: 'member', capNanos: null } as const
  const made = await makeInvitation(db, { ...asked, forWhom: 'Hedy' })
  assert.ok(typeof made !== 'string')
  const path = `/join/${made.token}`
  const before = await counts()
  const browser = new TestBrowser()
  const address = await stage.begin(browser, 'github', path)
  const answer = await browser.get(await stage.allow(browser, address, 'hedy'))
  assert.equal(locationOf(answer), path)
  assert.equal(firstKeyOf(browser), undefined)
  const after = await counts()
  assert.deepEqual(
    tables.map((table) => after[table]! - before[table]!),
    [1, 1, 1, 0, 0],
  )
  const other = new TestBrowser()
  const elsewhere = await stage.begin(other, 'github', '/join/nobody-has-made-this-one')
  const late = await other.get(await stage.allow(other, elsewhere, 'mary'))
  assert.equal(locationOf(late), '/dashboard')
  assert.ok(firstKeyOf(other))
})
