import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { present } from '../../test/present.ts'
import type { ProviderName } from '../values/provider-names.ts'
import { TestBrowser } from '../../test/browser.ts'
import { failureOn, locationOf, startSignInStage, type SignInStage } from '../../test/sign-in.ts'
import { findPerson, linkIdentity, listLinked, startLink } from './auth.server.ts'

let stage: SignInStage
before(async () => (stage = await startSignInStage({ WELCOME_CREDIT_USD: '1' })))
after(() => stage.stop())

const requestOf = (browser: TestBrowser) => {
  const address = `${stage.pages.url}/settings`
  return new Request(address, { headers: { cookie: browser.cookiesFor(address) } })
}
const who = (browser: TestBrowser) => findPerson(requestOf(browser), stage.pages.services)

async function signedIn(provider: ProviderName, login: string): Promise<TestBrowser> {
  const browser = new TestBrowser()
  locationOf(await stage.signIn(browser, provider, login))
  return browser
}

/** What the settings do when somebody presses the button; answers the callback's address. */
async function beginLink(browser: TestBrowser, provider: ProviderName, login: string) {
  const { url, services } = stage.pages
  const response = await startLink(requestOf(browser), services, provider, '')
  const [name = '', value = ''] = present(
    present(response.headers.get('set-cookie')).split(';')[0],
  ).split(/=(.*)/s)
  browser.setCookie(url, name, value)
  return stage.allow(browser, locationOf(response), login)
}

const providersOf = async (userId: number) =>
  (await listLinked(stage.pages.services.db, userId)).map(({ provider }) => provider)

test('a second provider that was linked signs in the same person', async () => {
  const browser = await signedIn('github', 'ada')
  const person = present(await who(browser))
  const [users, keys] = [await stage.count('users'), await stage.count('api_keys')]
  const linked = await browser.get(await beginLink(browser, 'google', 'ada-at-google'))
  assert.equal(locationOf(linked), '/settings?linked=google')
  assert.equal((await who(browser))?.userId, person.userId)
  assert.deepEqual(await providersOf(person.userId), ['github', 'google'])
  const other = await signedIn('google', 'ada-at-google')
  assert.equal((await who(other))?.userId, person.userId)
  assert.equal(await stage.count('users'), users)
  assert.equal(await stage.count('api_keys'), keys)
})

test('linking needs no verified address, and does not change the one kept', async () => {
  const browser = await signedIn('github', 'carol')
  locationOf(await browser.get(await beginLink(browser, 'google', 'carol+no-verified-email')))
  const { userId } = present(await who(browser))
  const [user] = await stage.sql('select email from users where id = ?', [userId])
  assert.deepEqual(user, { email: 'carol@example.com' })
})

test('linking twice changes nothing', async () => {
  const browser = await signedIn('github', 'twice')
  for (let times = 0; times < 2; times++) {
    const callback = await beginLink(browser, 'google', 'twice')
    assert.equal(locationOf(await browser.get(callback)), '/settings?linked=google')
  }
  assert.deepEqual(await providersOf(present(await who(browser)).userId), ['github', 'google'])
})

test("an identity that is somebody else's stays theirs", async () => {
  const owner = present(await who(await signedIn('google', 'owner')))
  const browser = await signedIn('github', 'taker')
  const taker = present(await who(browser))
  const answer = await browser.get(await beginLink(browser, 'google', 'owner'))
  assert.equal(answer.status, 409)
  const copy = answer.clone()
  assert.equal(await failureOn(answer), 'link-taken')
  assert.match(await copy.text(), /href="\/settings"/)
  assert.deepEqual(await providersOf(taker.userId), ['github'])
  assert.deepEqual(await providersOf(owner.userId), ['google'])
  assert.equal((await who(browser))?.userId, taker.userId)
})

test('of two who link one identity at once, one has it', async () => {
  const [one, other] = await Promise.all([signedIn('github', 'left'), signedIn('github', 'right')])
  const [a, b] = [present(await who(present(one))), present(await who(present(other)))]
  const identity = { provider: 'google', providerUserId: '123', name: 'x', email: null } as const
  const { db } = stage.pages.services
  const results = await Promise.all([a, b].map((it) => linkIdentity(db, it.userId, identity)))
  assert.deepEqual(results.sort(), ['linked', 'taken'])
})

test('nobody begins to link who is not signed in', async () => {
  const attempt = startLink(requestOf(new TestBrowser()), stage.pages.services, 'google', '')
  const thrown: unknown = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof Response)
  assert.equal(locationOf(thrown), '/login?returnTo=%2Fsettings')
})

test('a link that began signed in does not end signed out, or as somebody else', async () => {
  const users = async () => stage.count('users')
  const browser = await signedIn('github', 'leaving')
  const signedOut = await beginLink(browser, 'google', 'leaving')
  const before = await users()
  await stage.sql('delete from sessions')
  assert.equal(await failureOn(await browser.get(signedOut)), 'link-signed-out')
  assert.equal(await users(), before)

  const switched = await signedIn('github', 'switching')
  const callback = await beginLink(switched, 'google', 'switching')
  const other = await signedIn('github', 'somebody')
  switched.setCookie(stage.pages.url, stage.cookieName('sid'), present(stage.session(other)))
  assert.equal(await failureOn(await switched.get(callback)), 'link-signed-out')
  assert.deepEqual(await providersOf(present(await who(other)).userId), ['github'])
})

test('a link that is denied leads back to the settings', async () => {
  const browser = await signedIn('github', 'denier')
  const answer = await browser.get(await beginLink(browser, 'google', 'denied'))
  const copy = answer.clone()
  assert.equal(await failureOn(answer), 'denied')
  assert.match(await copy.text(), /href="\/settings"/)
  assert.ok(await who(browser), 'still signed in')
})
