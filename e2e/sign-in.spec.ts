import { expect } from '@playwright/test'
import { newSignInPath, startRelay } from './relay.ts'
import { signIn, test } from './fixtures.ts'

for (const path of ['/dashboard', '/keys', '/keys?revoked=1', '/keys/1/revoke']) {
  test(`${path} sends a stranger to sign in, and back`, async ({ page }) => {
    await page.goto(path)
    await expect(page).toHaveURL(`/login?returnTo=${encodeURIComponent(path)}`)
    await expect(page.getByText('npm run relay -- sign-in')).toBeVisible()
    await page.goto(`${newSignInPath()}&returnTo=${encodeURIComponent(path)}`)
    await expect(page).toHaveURL(path)
  })
}

test('signing in never leads to another site', async ({ page }) => {
  for (const returnTo of [
    '//evil.example',
    '/.//evil.example',
    'https://evil.example',
    '/\\evil',
  ]) {
    await page.context().clearCookies()
    await page.goto(`${newSignInPath()}&returnTo=${encodeURIComponent(returnTo)}`)
    await expect(page).toHaveURL('/dashboard')
  }
})

test('pages of somebody signed in are kept by no cache, and the cookie by no script', async ({
  page,
  context,
}) => {
  await signIn(page)
  for (const path of ['/', '/dashboard', '/keys', '/dashboard.data', '/keys.data']) {
    const answer = await page.request.get(path)
    expect(answer.headers()['cache-control'], path).toBe('no-store')
    expect(answer.headers()['content-security-policy'], path).toContain("default-src 'none'")
  }
  const cookies = await context.cookies()
  // Where the browser is, which its own script has said: nothing to keep from it.
  const [cookie, ...others] = cookies.filter(({ name }) => name !== 'zone')
  expect(others).toEqual([])
  expect(cookie?.name).toMatch(/^sid-[0-9a-f]{8}$/)
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
})

test('a printed address signs in once, and the session stays', async ({ page, browser }) => {
  const address = newSignInPath()
  // A program that only looks whether the address is there does not use it up.
  await page.request.head(address, { maxRedirects: 0 })
  await page.goto(address)
  await expect(page).toHaveURL('/dashboard')
  await page.goto(address)
  await expect(page, 'whoever is signed in goes on').toHaveURL('/dashboard')
  const other = await browser.newContext()
  const elsewhere = await other.newPage()
  const answer = await elsewhere.goto(new URL(address, page.url()).href)
  expect(answer?.status()).toBe(403)
  await expect(elsewhere.getByText('This address has been used already')).toBeVisible()
  expect((await other.cookies()).filter(({ name }) => name !== 'zone')).toEqual([])
  await other.close()
})

test('a token that is made up, changed or of another relay signs nobody in', async ({ page }) => {
  const address = newSignInPath()
  const wrong = [
    '/login?token=',
    '/login?token=1.9999999999999.x.y',
    address.replace('token=1.', 'token=2.'),
    address.replace(/\d{13}/, '9999999999999'),
    address.slice(0, -1),
    `${address}0`,
  ]
  for (const path of wrong) {
    const answer = await page.request.get(path, { maxRedirects: 0 })
    expect(answer.status(), path).toBe(403)
    expect(answer.headers()['set-cookie'], path).toBeUndefined()
  }
  await page.goto(address)
  await expect(page).toHaveURL('/dashboard')
})

test('what comes through a proxy is not from this machine', async ({ page }) => {
  const proxied: Record<string, string>[] = [
    { forwarded: 'for=192.0.2.1' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '192.0.2.1' },
    ...['for', 'host', 'proto', 'port', 'server'].map((it) => ({ [`x-forwarded-${it}`]: 'x' })),
    { 'cf-connecting-ip': '192.0.2.1' },
  ]
  const address = newSignInPath()
  for (const headers of proxied) {
    const answer = await page.request.get(address, { headers, maxRedirects: 0 })
    expect(answer.status(), JSON.stringify(headers)).toBe(403)
    expect(answer.headers()['set-cookie']).toBeUndefined()
  }
  await page.goto(address)
  await expect(page, 'none of these used it up').toHaveURL('/dashboard')
})

test('two relays on localhost do not sign each other out', async ({ page, relay }) => {
  const other = await startRelay()
  await signIn(page)
  await page.goto(other.url + newSignInPath())
  await expect(page).toHaveURL(`${other.url}/dashboard`)
  await page.goto(`${relay.url}/dashboard`)
  await expect(page).toHaveURL(`${relay.url}/dashboard`)
  await page.goto(`${other.url}/keys`)
  await expect(page).toHaveURL(`${other.url}/keys`)
  await other.stop()
})

test('signing out ends the session on the server too', async ({ page, context }) => {
  await signIn(page)
  const kept = await context.cookies()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('link', { name: 'Sign in', exact: true })).toBeVisible()
  await context.addCookies(kept)
  await page.goto('/dashboard')
  await expect(page).toHaveURL('/login?returnTo=%2Fdashboard')
})

test('outside of local mode nobody becomes the local developer', async ({ page }) => {
  const relay = await startRelay(() => ({ RELAY_MODE: 'server', UPSTREAM_IS_DEMO: '' }))
  await page.goto(`${relay.url}/login`)
  await expect(page.getByText('Sign-in is not configured yet.')).toBeVisible()
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0)
  const answer = await page.request.get(relay.url + newSignInPath(), { maxRedirects: 0 })
  expect(answer.headers()['set-cookie']).toBeUndefined()
  const sent = await page.request.post(`${relay.url}/login`, { headers: { origin: relay.url } })
  expect(sent.status()).toBe(405)
  expect(sent.headers()['set-cookie']).toBeUndefined()
  await page.goto(relay.url)
  await expect(page.getByText('built-in demo')).toHaveCount(0)
  await relay.stop()
})
