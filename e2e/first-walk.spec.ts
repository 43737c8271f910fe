import { expect, type Page } from '@playwright/test'
import { present } from '../test/present.ts'
import {
  startFakeProviders,
  type FakeProviders,
} from '../dev/fakes/providers/fake-providers.server.ts'
import { withPool } from '../test/pool.ts'
import { makeCodes } from '../app/payments/payments.server.ts'
import { expectAccessible } from './axe.ts'
import { linkedRows, shownSecret, signInAt, test } from './fixtures.ts'
import { startRelay, type Relay } from './relay.ts'

let relay: Relay
let providers: FakeProviders

test.beforeAll(async () => {
  providers = await startFakeProviders()
  relay = await startRelay(() => ({
    ...providers.env,
    RELAY_MODE: 'server',
    UPSTREAM_IS_DEMO: '',
  }))
})
test.afterAll(async () => {
  await relay.stop()
  await providers.close()
})

test.use({ viewport: { width: 375, height: 800 } })

/** A code worth five dollars, for one person. */
const newCode = () =>
  withPool(relay.databaseUrl, async (pool) => {
    const batch = { name: 'first walk', valueNanos: 5_000_000_000, plan: null, codes: 1, uses: 1 }
    const { codes } = await pool.transact((db) =>
      makeCodes(db, { ...batch, expiresAt: null, actor: 'test' }),
    )
    return present(codes[0]).code
  })

const goTo = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click()

async function ask(page: Page, text: string) {
  await page.getByLabel('Text', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}

async function expectNarrow(page: Page) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width, page.url()).toBeLessThanOrEqual(375)
}

/** Asks without money, and is led to where a code is redeemed. */
async function findCredit(page: Page, code: string) {
  await goTo(page, 'Playground')
  await expect(page.getByRole('heading', { name: 'Playground' })).toBeVisible()
  await ask(page, 'What is a hold?')
  await expect(page.getByText('There is not enough credit for this call')).toBeVisible()
  await expectNarrow(page)
  await page.getByRole('link', { name: 'Redeem a code' }).click()
  await page.getByLabel('Code', { exact: true }).fill(code)
  await page.getByRole('button', { name: 'Redeem' }).click()
  await expect(page.getByRole('status')).toContainText('5.00 USD were added')
}

/** Goes from the three steps to the playground, and from its answer to the receipt. */
async function callAndSeeReceipt(page: Page) {
  await goTo(page, 'Dashboard')
  await page.getByRole('link', { name: 'Ask a model in the playground' }).click()
  await ask(page, 'What is a hold?')
  await expect(page.getByText('Completed', { exact: true })).toBeVisible()
  await expectNarrow(page)
  await page.getByRole('link', { name: 'Open the receipt' }).click()
  await expect(page.getByRole('heading', { name: /^Receipt/ })).toBeVisible()
  await expectNarrow(page)
}

test('a new person with a phone finds credit, a first answer, its receipt, their usage and their own settings', async ({
  page,
  javaScriptEnabled,
}) => {
  const code = await newCode()
  await signInAt(relay, page, 'GitHub', `walker-${String(javaScriptEnabled)}`)
  const secret = await shownSecret(page)
  await expectNarrow(page)
  await findCredit(page, code)
  await callAndSeeReceipt(page)

  // A program calls with the first key, so that there are two to tell apart.
  const answer = await page.request.post(`${relay.url}/v1/chat/completions`, {
    headers: { authorization: `Bearer ${secret}` },
    data: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'From a program' }] },
  })
  expect(answer.status()).toBe(200)
  await goTo(page, 'Usage')
  await expect(linkedRows(page, 'Calls')).toHaveCount(3)
  await linkedRows(page, 'By key').getByRole('link', { name: 'playground' }).click()
  await expect(page).toHaveURL(/[?&]key=\d+/)
  await expect(linkedRows(page, 'Calls')).toHaveCount(2)
  await expectNarrow(page)

  const href = present(await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href'))
  const csv = await (await page.request.get(new URL(href, relay.url).href)).text()
  const [, ...lines] = csv.trimEnd().split('\r\n')
  expect(lines).toHaveLength(2)
  for (const line of lines) expect(line).toContain(',playground,')

  await goTo(page, 'Settings')
  await page.getByLabel('Show times, days and months in').selectOption('Pacific/Chatham')
  await page.getByRole('button', { name: 'Save my time zone' }).click()
  await expect(page.getByRole('status')).toContainText('Your time zone was saved')
  await goTo(page, 'Usage')
  await expect(page.getByText('Times are Pacific/Chatham')).toBeVisible()

  await goTo(page, 'Settings')
  await page.getByLabel('Show the pages in').selectOption('zh-CN')
  await page.getByRole('button', { name: 'Save my language' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await page.getByRole('link', { name: '操练场', exact: true }).click()
  await expect(page.getByRole('heading', { name: '操练场' })).toBeVisible()
  await page.getByRole('button', { name: '发送' }).click()
  await expect(page.getByText('请写下要问的内容。')).toBeVisible()
  await expectNarrow(page)
  if (javaScriptEnabled) await expectAccessible(page, 'the playground in 中文')
  expect(relay.logged()).not.toContain(secret)
})
