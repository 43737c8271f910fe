import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { present } from '../../test/present.ts'
import { TestBrowser } from '../../test/browser.ts'
import { failureOn, locationOf, startSignInStage, type SignInStage } from '../../test/sign-in.ts'
import { attemptStorage } from './attempt.ts'

let stage: SignInStage
before(async () => (stage = await startSignInStage()))
after(() => stage.stop())

/** A browser that is about to open its callback. */
async function allowed(browser = new TestBrowser(), login = 'ada') {
  return {
    browser,
    callback: await stage.allow(browser, await stage.begin(browser, 'github'), login),
  }
}

test('a callback works once, even for a browser that kept its cookie', async () => {
  const { browser, callback } = await allowed()
  const thief = browser.clone()
  locationOf(await browser.get(callback))
  assert.equal(await failureOn(await browser.get(callback)), 'foreign')
  assert.equal(await failureOn(await thief.get(callback)), 'replayed')
  assert.equal(stage.session(thief), undefined)
})

test('of many at once with one callback, a single one is let in', async () => {
  const { browser, callback } = await allowed()
  const browsers = Array.from({ length: 10 }, () => browser.clone())
  const answers = await Promise.all(browsers.map((it) => it.get(callback)))
  assert.equal(answers.filter(({ status }) => status === 302).length, 1)
  assert.equal(browsers.filter((it) => stage.session(it)).length, 1)
})

test('an attempt that was refused is used up as well', async () => {
  const { browser, callback } = await allowed(undefined, 'denied')
  const later = browser.clone()
  assert.equal(await failureOn(await browser.get(callback)), 'denied')
  const retried = callback.replace('error=access_denied', 'code=other')
  assert.equal(await failureOn(await later.get(retried)), 'replayed')
})

test("another browser cannot end it, and nobody's callback ends somebody else's", async () => {
  const { browser, callback } = await allowed()
  assert.equal(await failureOn(await new TestBrowser().get(callback)), 'foreign')
  const attacker = await allowed(undefined, 'mallory')
  assert.equal(await failureOn(await browser.get(attacker.callback)), 'foreign')
  const forged = new URL(callback)
  forged.searchParams.set('state', `${forged.searchParams.get('state')}x`)
  assert.equal(await failureOn(await browser.get(forged.href)), 'foreign')
  forged.searchParams.delete('state')
  assert.equal(await failureOn(await browser.get(forged.href)), 'foreign')
  // None of that has touched the attempt itself.
  assert.equal(locationOf(await browser.get(callback)), '/dashboard')
})

test('a refusal without the right state is not even read', async () => {
  const { browser } = await allowed()
  const refusal = `${stage.pages.url}/auth/github/callback?error=access_denied&state=guess`
  assert.equal(await failureOn(await browser.get(refusal)), 'foreign')
})

test('the callback of one provider is not taken for another', async () => {
  const { browser, callback } = await allowed()
  const moved = callback.replace('/auth/github/', '/auth/google/')
  assert.equal(await failureOn(await browser.get(moved)), 'foreign')
})

test('the latest attempt of a browser is the one that counts', async () => {
  const { browser, callback } = await allowed()
  const second = await allowed(browser)
  assert.equal(await failureOn(await browser.get(callback)), 'foreign')
  assert.equal(locationOf(await browser.get(second.callback)), '/dashboard')
})

/** The browser's attempt as it would be with other content, signed by us or as it is. */
async function rewrite(browser: TestBrowser, startedAtMs: number) {
  const { url, services } = stage.pages
  const storage = attemptStorage(services)
  const session = await storage.getSession(browser.cookiesFor(url))
  session.set('startedAtMs', startedAtMs)
  const [pair = ''] = (await storage.commitSession(session)).split(';')
  const name = stage.cookieName('sign-in')
  browser.setCookie(url, name, pair.slice(name.length + 1))
}

test('an attempt ends after ten minutes, whatever the browser keeps', async () => {
  const { browser, callback } = await allowed()
  await rewrite(browser, Date.now() - 601_000)
  assert.equal(await failureOn(await browser.get(callback)), 'too-late')
  const timely = await allowed()
  await rewrite(timely.browser, Date.now() - 590_000)
  locationOf(await timely.browser.get(timely.callback))
})

test('a cookie that we did not sign is none', async () => {
  const { browser, callback } = await allowed()
  const { url } = stage.pages
  const [content = '', signature = ''] = present(
    browser.cookie(url, stage.cookieName('sign-in')),
  ).split('.')
  const changed = Buffer.from(decodeURIComponent(content), 'base64')
    .toString()
    .replace('"linkUserId":null', '"linkUserId":1')
  assert.match(changed, /"linkUserId":1/)
  const forged = encodeURIComponent(Buffer.from(changed).toString('base64'))
  browser.setCookie(url, stage.cookieName('sign-in'), `${forged}.${signature}`)
  assert.equal(await failureOn(await browser.get(callback)), 'foreign')
})

test('a sign-in is begun by a form of our own page alone', async () => {
  const { url } = stage.pages
  const elsewhere = await new TestBrowser().post(`${url}/auth/github`, {
    origin: 'https://evil.example',
  })
  assert.equal(elsewhere.status, 403)
  assert.equal(elsewhere.headers.get('set-cookie'), null)
  const link = await new TestBrowser().get(`${url}/auth/github?returnTo=/keys`)
  assert.equal(locationOf(link), '/login')
  assert.equal(link.headers.get('set-cookie'), null)
})

test('a query cannot make a beginning look like a callback', async () => {
  const { url } = stage.pages
  const response = await new TestBrowser().post(`${url}/auth/github?state=a&code=b&error=c`)
  assert.ok(locationOf(response).startsWith(`${stage.providers.github.url}/login/oauth/authorize?`))
})

test('a provider that nobody set up has no address here', async () => {
  const { url } = stage.pages
  for (const name of ['gitlab', 'local', '__proto__', 'constructor', 'GitHub']) {
    assert.equal((await new TestBrowser().post(`${url}/auth/${name}`)).status, 404, name)
    assert.equal((await new TestBrowser().get(`${url}/auth/${name}/callback`)).status, 404, name)
  }
})

test('returnTo is a path of this site, or the dashboard', async () => {
  const browser = new TestBrowser()
  locationOf(await stage.signIn(browser, 'github', 'ada'))
  const goodOnes = ['/keys', '/usage?model=gpt-4o&page=2', '/calls/1#cost', '/%2F%2Fevil.example']
  const badOnes = [
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '\\\\evil.example',
    'https://evil.example/',
    'HTTPS:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '@evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    '/\u0000/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/%2e//evil.example',
    'http:///evil.example',
    '',
    ' /keys',
    '/keys\r\nset-cookie: a=b',
  ]
  const landing = async (returnTo: string) => {
    const authorizeUrl = await stage.begin(browser, 'github', returnTo)
    return locationOf(await browser.get(await stage.allow(browser, authorizeUrl, 'ada')))
  }
  for (const path of goodOnes) assert.equal(await landing(path), path)
  for (const path of badOnes) assert.equal(await landing(path), '/dashboard', JSON.stringify(path))
})
