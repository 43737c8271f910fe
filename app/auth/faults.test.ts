import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { present } from '../../test/present.ts'
import { TestBrowser } from '../../test/browser.ts'
import { failureOn, startSignInStage, type SignInStage } from '../../test/sign-in.ts'
import { attemptStorage } from './attempt.ts'
import type { SignInFailure } from './failures.ts'
import { ProviderTrouble } from './providers/provider-answer.ts'
import { askProvider } from './providers/providers.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

let stage: SignInStage
before(async () => (stage = await startSignInStage()))
after(() => stage.stop())

const both = ['github', 'google'] as const

/** What each fault of a provider shows, and with which status. */
const faults: [login: string, failure: SignInFailure, status: number][] = [
  ['denied', 'denied', 403],
  ['server-error', 'provider-down', 503],
  ['bad-state', 'foreign', 400],
  ['no-state', 'foreign', 400],
  ['no-code', 'provider-answer', 503],
  ['expired-code', 'code-refused', 400],
  ['bad-client', 'misconfigured', 503],
  ['reset', 'provider-down', 503],
  ['down-profile', 'provider-down', 503],
  ['down', 'provider-down', 503],
  ['endless', 'provider-answer', 503],
  ['endless-profile', 'provider-answer', 503],
  ['redirect-exchange', 'provider-down', 503],
  ['html', 'provider-answer', 503],
  ['html-profile', 'provider-answer', 503],
  ['redirect', 'provider-down', 503],
  ['no-token', 'provider-answer', 503],
  ['no-id', 'provider-answer', 503],
  ['odd-id', 'provider-answer', 503],
  ['no-verified-email', 'no-verified-email', 403],
  ['no-emails', 'no-verified-email', 403],
]

for (const provider of both) {
  for (const [login, failure, status] of faults) {
    test(`${provider}: ${login} ends on a page that says ${failure}, and signs nobody in`, async () => {
      const browser = new TestBrowser()
      const response = await stage.signIn(browser, provider, login)
      const copy = response.clone()
      assert.equal(await failureOn(response), failure)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('cache-control'), 'no-store')
      const html = await copy.text()
      assert.match(html, /href="\/login/)
      assert.doesNotMatch(html, /from the provider|denied your application/)
      assert.equal(stage.session(browser), undefined)
      assert.equal(await stage.count('users'), 0)
      assert.equal(await stage.count('accounts'), 0)
    })
  }
}

test('addresses that are away are an outage, and not a person without any', async () => {
  const emails = await stage.signIn(new TestBrowser(), 'github', 'ada+emails-down')
  assert.equal(await failureOn(emails), 'provider-down')
})

test('a slow provider is waited for', async () => {
  for (const provider of both) {
    const response = await stage.signIn(new TestBrowser(), provider, 'patience+slow:50')
    assert.equal(response.status, 302)
  }
})

for (const provider of both) {
  for (const fault of ['hang', 'hang-profile']) {
    test(
      `${provider}: a request without an answer (${fault}) is given up`,
      { timeout: 60_000 },
      async () => {
        const browser = new TestBrowser()
        const { services, url } = stage.pages
        const authorizeUrl = await stage.begin(browser, provider)
        const callback = new URL(await stage.allow(browser, authorizeUrl, `ada+${fault}`))
        const cookie = browser.cookiesFor(url)
        const kept = await attemptStorage(services).getSession(cookie)
        const codeVerifier = present(kept.get('oauth2:codeVerifier'))
        const given = { search: callback.search, cookie, codeVerifier }
        // Collecting garbage meanwhile once lost the signal that ends the request.
        const collecting = setInterval(collectGarbage, 10)
        const answer = await askProvider(services, provider, given, 150)
        clearInterval(collecting)
        assert.ok(answer instanceof ProviderTrouble)
        assert.equal(answer.fault, 'provider-down')
      },
    )
  }
}

test('failures are logged by their codes, without a word of what was said', async () => {
  const before = stage.pages.logged.length
  await stage.signIn(new TestBrowser(), 'github', 'denied')
  await stage.signIn(new TestBrowser(), 'google', 'ada+expired-code')
  const lines = stage.pages.logged.slice(before).map((line) => JSON.parse(line))
  const failures = lines.filter(({ event }) => event === 'sign_in_failed')
  assert.deepEqual(
    failures.map(({ provider, failure, reason }) => ({ provider, failure, reason })),
    [
      { provider: 'github', failure: 'denied', reason: undefined },
      { provider: 'google', failure: 'code-refused', reason: 'invalid_grant' },
    ],
  )
  assert.ok(failures.every(({ request }) => /^[\da-f-]{36}$/.test(request)))
  assert.doesNotMatch(stage.pages.logged.join('\n'), /<script|code=|client_secret|access_token/)
})
