import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { present } from '../../test/present.ts'
import { TestBrowser } from '../../test/browser.ts'
import { locationOf, startSignInStage, type SignInStage } from '../../test/sign-in.ts'
import { findPerson } from './auth.server.ts'

let stage: SignInStage
before(async () => (stage = await startSignInStage()))
after(() => stage.stop())

const who = ({ pages }: SignInStage, browser: TestBrowser) => {
  const cookie = browser.cookiesFor(pages.url)
  return findPerson(new Request(pages.url, { headers: { cookie } }), pages.services)
}

for (const provider of ['github', 'google'] as const) {
  test(`signing in with ${provider} makes a person once, and knows them again`, async () => {
    const browser = new TestBrowser()
    const first = await stage.signIn(browser, provider, 'ada')
    assert.equal(locationOf(first), '/dashboard')
    assert.equal(first.headers.get('cache-control'), 'no-store')
    const person = await who(stage, browser)
    assert.equal(person?.name, 'Test ada')
    const again = new TestBrowser()
    locationOf(await stage.signIn(again, provider, 'ada'))
    assert.equal((await who(stage, again))?.userId, person?.userId)
  })

  test(`${provider} is asked with a state and a PKCE challenge that are new each time`, async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(async () => new URL(await stage.begin(new TestBrowser(), provider)).searchParams),
    )
    assert.ok(other)
    assert.ok(one)
    for (const params of [one, other]) {
      assert.equal(params.get('redirect_uri'), `${stage.pages.url}/auth/${provider}/callback`)
      assert.equal(params.get('response_type'), 'code')
      assert.equal(params.get('code_challenge_method'), 'S256')
      assert.match(present(params.get('code_challenge')), /^[\w-]{43}$/)
      assert.ok(present(params.get('state')).length >= 32)
    }
    for (const name of ['state', 'code_challenge']) {
      assert.notEqual(one.get(name), other.get(name))
    }
  })
}
