import { expect, test as base, type Page } from '@playwright/test'
import { startRelay, type Relay } from './relay.ts'

type Fixtures = { cleanConsole: void }
type WorkerFixtures = { relay: Relay }

/** Playwright's test with a relay to visit; it fails when a page breaks its own security policy. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  relay: [
    // Playwright reads from the braces what a fixture needs.
    async ({}, use) => {
      const relay = await startRelay()
      await use(relay)
      await relay.stop()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ relay }, use) => use(relay.url),
  cleanConsole: [
    async ({ page }, use) => {
      const broken: string[] = []
      page.on('pageerror', (error) => broken.push(error.message))
      page.on('console', (message) => {
        if (/content security policy|hydrat/i.test(message.text())) broken.push(message.text())
      })
      await use()
      expect(broken).toEqual([])
    },
    { auto: true },
  ],
})

/** Signs in as the local developer and waits for the dashboard. */
export async function signIn(page: Page) {
  await page.goto('/login')
  await page.getByRole('button', { name: 'Continue as local developer' }).click()
  await expect(page.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible()
}

/** Makes a key through the page and answers the secret that it shows. */
export async function createKey(page: Page, name: string): Promise<string> {
  await page.goto('/keys')
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Create key' }).click()
  const shown = page.getByRole('status').getByText(/^sk-[0-9A-Za-z]{32}$/)
  await expect(shown).toBeVisible()
  return (await shown.textContent())!
}

/** The row of a table that begins with this. */
export const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('cell', { name, exact: true }) })
