import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { present } from '../../../test/present.ts'
import { startFakeProviders, type FakeProviders } from './fake-providers.server.ts'

let providers: FakeProviders
before(async () => (providers = await startFakeProviders()))
after(() => providers.close())

const callback = 'http://localhost:3000/auth/github/callback'
const verifier = randomBytes(32).toString('base64url')
const challenge = createHash('sha256').update(verifier).digest('base64url')

function authorizeUrl(changes: Record<string, string> = {}): string {
  const url = new URL(present(providers.env.GITHUB_AUTHORIZE_URL))
  const usual = {
    client_id: present(providers.env.GITHUB_CLIENT_ID),
    redirect_uri: callback,
    response_type: 'code',
    state: 'abc',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  url.search = String(new URLSearchParams({ ...usual, ...changes }))
  return url.href
}
const get = (url: string) => fetch(url, { redirect: 'manual' })
const codeFor = async (login: string) =>
  present(
    new URL(present((await get(authorizeUrl({ login }))).headers.get('location'))).searchParams.get(
      'code',
    ),
  )

async function exchange(code: string, changes: Record<string, string> = {}) {
  const usual = {
    grant_type: 'authorization_code',
    client_id: present(providers.env.GITHUB_CLIENT_ID),
    client_secret: present(providers.env.GITHUB_CLIENT_SECRET),
    redirect_uri: callback,
    code_verifier: verifier,
  }
  const body = new URLSearchParams({ ...usual, code, ...changes })
  const response = await fetch(present(providers.env.GITHUB_TOKEN_URL), { method: 'POST', body })
  return (await response.json()) as { access_token?: string; error?: string }
}

test('a code is exchanged once, by its client, for its address, with its verifier', async () => {
  const refused: [Record<string, string>, string][] = [
    [{ client_secret: 'guess' }, 'incorrect_client_credentials'],
    [{ client_id: 'other' }, 'incorrect_client_credentials'],
    [{ redirect_uri: `${callback}/x` }, 'redirect_uri_mismatch'],
    [{ code_verifier: 'x'.repeat(43) }, 'bad_verification_code'],
    [{ code_verifier: '' }, 'bad_verification_code'],
    [{ code: 'guess' }, 'bad_verification_code'],
  ]
  for (const [changes, error] of refused) {
    assert.equal((await exchange(await codeFor('ada'), changes)).error, error)
  }
  const code = await codeFor('ada')
  assert.match(present((await exchange(code)).access_token), /^\w{40}$/)
  assert.equal((await exchange(code)).error, 'bad_verification_code')
})

test('a token shows its own person, and no other text shows one', async () => {
  const { access_token } = await exchange(await codeFor('ada'))
  const user = async (authorization: string) => {
    const response = await fetch(`${providers.env.GITHUB_API_URL}/user`, {
      headers: { authorization },
    })
    return [response.status, ((await response.json()) as { login?: string }).login]
  }
  assert.deepEqual(await user(`Bearer ${access_token}`), [200, 'ada'])
  assert.deepEqual(await user(`Bearer guess`), [401, undefined])
})

test('a client that is unknown, or wants people sent elsewhere, gets a page of its own', async () => {
  for (const [name, value] of [
    ['client_id', 'other'],
    ['redirect_uri', 'https://evil.example/'],
    ['response_type', 'token'],
    ['code_challenge_method', 'plain'],
  ] as const) {
    const response = await get(authorizeUrl({ login: 'ada', [name]: value }))
    assert.ok(response.status >= 400)
    assert.equal(response.headers.get('location'), null)
  }
})

test('without a login there is a form, which repeats what it was given and runs none of it', async () => {
  const html = await (await get(authorizeUrl({ state: '"><script>alert(1)</script>' }))).text()
  assert.match(html, /<input name="login"/)
  assert.match(html, /name="redirect_uri"/)
  assert.doesNotMatch(html, /<script>/)
  providers.signedInAs('grace')
  assert.equal((await get(authorizeUrl())).status, 302)
  providers.signedInAs(undefined)
  assert.equal((await get(authorizeUrl())).status, 200)
})

test('a code expires', async () => {
  const brief = await startFakeProviders({ codeMs: -1 })
  const url = authorizeUrl({ login: 'ada', client_id: present(brief.env.GITHUB_CLIENT_ID) })
  const location = (await get(url.replace(providers.github.url, brief.github.url))).headers
  const code = present(new URL(present(location.get('location'))).searchParams.get('code'))
  const body = new URLSearchParams({
    client_id: present(brief.env.GITHUB_CLIENT_ID),
    client_secret: present(brief.env.GITHUB_CLIENT_SECRET),
    redirect_uri: callback,
    code_verifier: verifier,
    code,
  })
  const response = await fetch(present(brief.env.GITHUB_TOKEN_URL), { method: 'POST', body })
  assert.match(await response.text(), /bad_verification_code/)
  await brief.close()
})
