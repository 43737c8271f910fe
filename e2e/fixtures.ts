import { expect, test as base, type Page } from '@playwright/test'
import { present } from '../test/present.ts'
import { newSignInPath, startRelay, type Relay } from './relay.ts'

type Fixtures = { cleanConsole: void; relay: Relay }
type WorkerFixtures = { relays: { of(file: string): Promise<Relay> } }

/** One relay at a time: the one of the file whose tests run. */
function relaysByFile() {
  let current: { file: string; relay: Relay } | undefined
  const stop = async () => {
    const { relay } = current ?? {}
    current = undefined
    await relay?.stop()
  }
  return {
    async of(file: string) {
      if (current?.file !== file) {
        await stop()
        current = { file, relay: await startRelay() }
      }
      return current.relay
    },
    stop,
  }
}

/** What Remix's own request says when its page is left: a dashboard asks anew all the time. */
const leftAlone = 'signal is aborted without reason'

/**
 * Playwright's test with a relay to visit, and a database that no other file's tests have written
 * to; it fails when a page breaks its own security policy.
 */
export const test = base.extend<Fixtures, WorkerFixtures>({
  relays: [
    // Playwright reads from the braces what a fixture needs.
    async ({}, use) => {
      const relays = relaysByFile()
      await use(relays)
      await relays.stop()
    },
    { scope: 'worker' },
  ],
  relay: async ({ relays }, use, { file }) => use(await relays.of(file)),
  baseURL: async ({ relay }, use) => use(relay.url),
  cleanConsole: [
    async ({ page }, use) => {
      const broken: string[] = []
      page.on('pageerror', ({ message }) => {
        if (message !== leftAlone) broken.push(message)
      })
      page.on('console', (message) => {
        if (/content security policy|hydrat/i.test(message.text())) broken.push(message.text())
      })
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (report) =>
          console.error(`content security policy: ${report.violatedDirective}`, report.blockedURI),
        )
      })
      await use()
      expect(broken).toEqual([])
    },
    { auto: true },
  ],
})

/** Signs in as the local developer and waits for the dashboard. */
export async function signIn(page: Page) {
  await page.goto(newSignInPath())
  await expect(page.getByRole('heading', { name: /^(Dashboard|概览)$/, level: 1 })).toBeVisible()
}

/** Signs in by a provider of the tests as whoever has this login there. */
export async function signInAt({ url }: Relay, page: Page, provider: string, login: string) {
  await page.goto(`${url}/login`)
  await page.getByRole('button', { name: `Continue with ${provider}` }).click()
  await page.getByLabel('Login').fill(login)
  await page.getByRole('button', { name: 'Authorize' }).click()
  await expect(page.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible()
}

/** Makes a key through the page and answers the secret that it shows. */
export async function createKey(page: Page, name: string): Promise<string> {
  await page.goto('/keys')
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Create key' }).click()
  return shownSecret(page)
}

/** The secret of a new key, which a page shows once. */
export async function shownSecret(page: Page): Promise<string> {
  const shown = page.getByRole('status').getByText(/^sk-[0-9A-Za-z]{32}$/)
  await expect(shown).toBeVisible()
  return present(await shown.textContent())
}

/** The rows of a table that lead somewhere: all but its heads and the headings of its days. */
export const linkedRows = (page: Page, table: string) =>
  page
    .getByRole('table', { name: table, exact: true })
    .getByRole('row')
    .filter({ has: page.getByRole('link') })

/** The row of a table that begins with this. */
export const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('cell', { name, exact: true }) })
