import { expect, type Browser, type Page } from '@playwright/test'
import OpenAI from 'openai'
import { present } from '../test/present.ts'
import {
  startFakeProviders,
  type FakeProviders,
} from '../dev/fakes/providers/fake-providers.server.ts'
import { withPool } from '../test/pool.ts'
import { credit } from '../app/ledger/ledger.server.ts'
import { linkedRows, shownSecret, signInAt, test } from './fixtures.ts'
import { startRelay, type Relay } from './relay.ts'

let relay: Relay
let providers: FakeProviders

test.beforeAll(async () => {
  providers = await startFakeProviders({ isApart: true })
  relay = await startRelay(() => ({
    ...providers.env,
    ...providers.oidcEnv,
    RELAY_MODE: 'server',
    UPSTREAM_IS_DEMO: '',
    WELCOME_CREDIT_USD: '0.001',
  }))
})
test.afterAll(async () => {
  await relay.stop()
  await providers.close()
})

/** Signs in as whoever has this login there; the first time that is a sign-up. */
const signInBy = (page: Page, provider: 'GitHub' | 'Google' | 'Example SSO', login: string) =>
  signInAt(relay, page, provider, login)

const ask = (apiKey: string, maxTokens?: number) =>
  new OpenAI({ baseURL: `${relay.url}/v1`, apiKey, maxRetries: 0 }).chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'What does the first call cost?' }],
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
  })

/** A page of another person, with the same settings as this one. */
async function otherPage(browser: Browser, page: Page, javaScriptEnabled: boolean) {
  const context = await browser.newContext({ javaScriptEnabled, viewport: page.viewportSize() })
  return context.newPage()
}

test('from signing up by GitHub to the receipt of the first call, and to running dry', async ({
  page,
  browser,
  javaScriptEnabled,
}) => {
  const login = `ada-${String(javaScriptEnabled)}`
  await signInBy(page, 'GitHub', login)
  const secret = await shownSecret(page)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible()
  expect(await page.content()).not.toContain(secret)

  const { usage } = await ask(secret, 200)
  const nanos = present(usage).prompt_tokens * 150 + present(usage).completion_tokens * 600
  const cost = `0.${String(nanos).padStart(9, '0')}`
  await page.getByRole('link', { name: 'Usage', exact: true }).click()
  const row = linkedRows(page, 'Calls').first()
  await expect(row).toContainText(`$${cost}`)
  const href = present(await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href'))
  const csv = await (await page.request.get(new URL(href, relay.url).href)).text()
  expect(csv.trimEnd().split('\r\n')).toHaveLength(2)
  expect(csv).toContain(`,${cost},`)
  await row.getByRole('link').click()
  await expect(page.getByRole('heading', { name: /^Receipt/ })).toBeVisible()
  const receipt = page.url()

  // The welcome credit does not hold so much; the answer says how much it does hold.
  const refused = await ask(secret, 16_000).catch((error: unknown) => error)
  expect(refused).toMatchObject({ status: 402, code: 'insufficient_balance' })
  await page.getByRole('link', { name: 'Usage', exact: true }).click()
  await expect(row).toContainText('402')
  await expect(row).toContainText('Refused: balance')
  const accounts = await page.goto(`${relay.url}/settings`).then(() => page.getByText(/^No\. \d+$/))
  const accountId = Number(present(await accounts.first().textContent()).slice(4))
  const grant = { accountId, kind: 'grant', planNanos: 0, balanceNanos: 1_000_000_000 } as const
  await withPool(relay.databaseUrl, (pool) =>
    credit(pool, { ...grant, ref: `e2e:${login}`, actor: 'test', note: null }),
  )
  // Nobody has told the relay of this credit: it knows by itself within seconds (decision 0039).
  await expect(async () => {
    expect(present((await ask(secret, 16_000)).usage).completion_tokens).toBeGreaterThan(0)
  }).toPass({ timeout: 20_000 })

  const other = await otherPage(browser, page, javaScriptEnabled)
  await signInBy(other, 'Google', `bob-${String(javaScriptEnabled)}`)
  expect(await shownSecret(other)).not.toBe(secret)
  await other.goto(`${relay.url}/usage`)
  await expect(other.getByText('No calls in the last 30 days')).toBeVisible()
  expect((await other.goto(receipt))?.status()).toBe(404)
  await other.context().close()
  expect(relay.logged()).not.toContain(secret)
})

test('a second provider is added in the settings, signs in the same person, and the first is removed', async ({
  page,
  javaScriptEnabled,
}) => {
  const login = `carol-${String(javaScriptEnabled)}`
  // People sign in there at another origin than the relay could know of when it showed the form.
  await signInBy(page, 'Example SSO', login)
  const secret = await shownSecret(page)
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByRole('button', { name: /^Remove / })).toHaveCount(0)
  await page.getByRole('button', { name: 'Add Google' }).click()
  await page.getByLabel('Login').fill(`${login}-at-google`)
  await page.getByRole('button', { name: 'Authorize' }).click()
  await expect(page.getByRole('status')).toContainText('Google was added')
  await expect(page.getByRole('button', { name: /^Add / })).toHaveCount(1)
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await signInBy(page, 'Google', `${login}-at-google`)
  await page.goto(`${relay.url}/keys`)
  await expect(page.getByText(`${secret.slice(0, 7)}…${secret.slice(-4)}`)).toBeVisible()
  await page.goto(`${relay.url}/settings`)
  await page.getByRole('button', { name: /^Remove Example SSO/ }).click()
  await expect(page.getByRole('status')).toContainText('This way to sign in was removed')
  await expect(page.getByRole('button', { name: /^Remove / })).toHaveCount(0)
})

test('whoever declines at the provider is told so, and nothing is made', async ({ page }) => {
  await page.goto(`${relay.url}/login`)
  await page.getByRole('button', { name: 'Continue with GitHub' }).click()
  await page.getByLabel('Login').fill('dora+denied')
  await page.getByRole('button', { name: 'Authorize' }).click()
  await expect(page.getByRole('heading', { name: 'You declined to sign in' })).toBeVisible()
  await page.getByRole('link', { name: 'Try again' }).click()
  await expect(page).toHaveURL(/\/login/)
})
