import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startConnectProxy, type ConnectProxy } from '../../dev/fakes/connect-proxy.ts'
import {
  startFakeProviders,
  type FakeProviders,
} from '../../dev/fakes/providers/fake-providers.server.ts'
import { TestBrowser } from '../../test/browser.ts'
import { locationOf, startSignInStage, type SignInStage } from '../../test/sign-in.ts'

let stage: SignInStage
let providers: FakeProviders
let proxy: ConnectProxy

before(async () => {
  providers = await startFakeProviders()
  const portOf = ({ url }: { url: string }) => Number(new URL(url).port)
  proxy = await startConnectProxy({
    'github.example:80': portOf(providers.github),
    'google.example:80': portOf(providers.google),
  })
  // Where people go they go by themselves; what the relay asks for, only the proxy can reach.
  stage = await startSignInStage({
    ...providers.env,
    GITHUB_TOKEN_URL: 'http://github.example/login/oauth/access_token',
    GITHUB_API_URL: 'http://github.example',
    GOOGLE_TOKEN_URL: 'http://google.example/token',
    GOOGLE_USERINFO_URL: 'http://google.example/v1/userinfo',
    HTTP_PROXY: proxy.url,
  })
})
after(async () => {
  await stage.stop()
  await proxy.close()
  await providers.close()
})

test('a sign-in asks its provider through the proxy of the environment', async () => {
  for (const provider of ['github', 'google'] as const) {
    proxy.asked.length = 0
    const browser = new TestBrowser()
    locationOf(await stage.signIn(browser, provider, 'ada'))
    assert.ok(stage.session(browser), provider)
    const targets = new Set(proxy.asked.map(({ target }) => target))
    assert.deepEqual([...targets], [`${provider}.example:80`])
    assert.ok(!proxy.asked.some(({ method }) => method === 'CONNECT'))
  }
})
