import { expect } from '@playwright/test'
import { present } from '../test/present.ts'
import { startTcpProxy } from '../test/failures/tcp-proxy.ts'
import { testDatabaseServer } from '../test/database.ts'
import { signIn, test } from './fixtures.ts'
import { newSignInPath, startRelay } from './relay.ts'

test('an address that is none says so and shows an id', async ({ page }) => {
  const answer = await page.goto('/nowhere')
  expect(answer?.status()).toBe(404)
  await expect(page).toHaveTitle('There is no such page · AI API Relay')
  await expect(page.getByText(present(present(answer).headers()['x-request-id']))).toBeVisible()
})

test('a page without its database shows the id under which the log has it', async ({ page }) => {
  const targetPort = Number(new URL(testDatabaseServer()).port)
  const proxy = await startTcpProxy({ targetPort })
  const relay = await startRelay(({ databaseUrl }) => ({
    DATABASE_URL: proxy.through(databaseUrl),
  }))
  await page.goto(`${relay.url}${newSignInPath()}`)
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()

  proxy.refuse(true)
  proxy.dropAll()
  const answer = await page.goto(`${relay.url}/dashboard`)
  expect(answer?.status()).toBe(503)
  await expect(page.getByText('The relay cannot reach its database')).toBeVisible()
  const id = present(present(answer).headers()['x-request-id'])
  await expect(page.getByText(id)).toBeVisible()
  expect(relay.logged()).toContain(`"event":"page_failed","request":"${id}"`)
  expect((await page.goto(relay.url))?.status()).toBe(200)

  proxy.refuse(false)
  await page.goto(`${relay.url}/dashboard`)
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
  await relay.stop()
  await proxy.close()
})

test('a key that is no number is no key, and the page leads back', async ({ page }) => {
  await signIn(page)
  const answer = await page.goto('/keys/1e3/revoke')
  expect(answer?.status()).toBe(404)
  await page.getByRole('link', { name: 'To the dashboard' }).click()
  await expect(page).toHaveURL('/dashboard')
})
