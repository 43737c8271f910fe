import { expect } from '@playwright/test'
import { startRelay } from './relay.ts'
import { signIn, test } from './fixtures.ts'

for (const path of ['/dashboard', '/keys', '/keys?revoked=1', '/keys/1/revoke']) {
  test(`${path} sends a stranger to sign in, and back`, async ({ page }) => {
    await page.goto(path)
    await expect(page).toHaveURL(`/login?returnTo=${encodeURIComponent(path)}`)
    await page.getByRole('button', { name: 'Continue as local developer' }).click()
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
    await page.goto(`/login?returnTo=${encodeURIComponent(returnTo)}`)
    await page.getByRole('button', { name: 'Continue as local developer' }).click()
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
  const [cookie, ...others] = await context.cookies()
  expect(others).toEqual([])
  expect(cookie).toMatchObject({ name: 'sid', httpOnly: true, sameSite: 'Lax', path: '/' })
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
  await expect(page.getByRole('button')).toHaveCount(0)
  const answer = await page.request.post(`${relay.url}/login`, { headers: { origin: relay.url } })
  expect(answer.status()).toBe(403)
  expect(answer.headers()['set-cookie']).toBeUndefined()
  await page.goto(relay.url)
  await expect(page.getByText('built-in demo')).toHaveCount(0)
  await relay.stop()
})
