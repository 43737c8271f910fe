import { expect, type Locator, type Page } from '@playwright/test'
import { findOrSignUp } from '../app/auth/auth.server.ts'
import { withPool } from '../test/pool.ts'
import { present } from '../test/present.ts'
import { shownSecret, signIn, test } from './fixtures.ts'
import { newSignInPath } from './relay.ts'

/** The account in the list that is not worked in. */
const otherOption = async (list: Locator) =>
  present(await list.locator('option:not(:checked)').first().textContent())
const shownOption = async (list: Locator) =>
  present(await list.locator('option:checked').textContent()).replace(/ \(.*/, '')

/** A form of one account, sent when another window has gone on in the other. */
async function tryFromAnotherAccount(guest: Page, url: string) {
  await guest.goto(`${url}/keys`)
  await guest.getByLabel('Name', { exact: true }).fill('of which account')
  const other = await guest.context().newPage()
  await other.goto(`${url}/dashboard`)
  const account = other.getByLabel('Account', { exact: true })
  const here = await shownOption(account)
  await account.selectOption({ label: await otherOption(account) })
  await other.getByRole('button', { name: 'Switch' }).click()
  await expect(other.getByRole('link', { name: 'Billing' })).toBeVisible()
  await guest.getByRole('button', { name: 'Create key' }).click()
  await expect(guest.getByText(`since this page was opened for “${here}”`)).toBeVisible()
  await guest.getByRole('button', { name: `Back to ${here}` }).click()
  await guest.getByRole('link', { name: 'API keys' }).click()
  await expect(guest.getByRole('link', { name: 'of a member', exact: true })).toBeVisible()
  await expect(guest.getByText('of which account')).toHaveCount(0)
}

test('somebody is invited, joins, is given a cap and is removed', async ({
  browser,
  page,
  relay,
  javaScriptEnabled,
}) => {
  const name = 'Grace Hopper'
  const { userId } = await withPool(relay.databaseUrl, (pool) =>
    findOrSignUp(pool, { provider: 'github', providerUserId: name, name, email: null }),
  )
  const guest = await (await browser.newContext({ javaScriptEnabled })).newPage()
  await signIn(page)
  await page.goto('/settings/people')
  await page.getByLabel('For whom').fill(name)
  await page.getByRole('button', { name: 'Make a link' }).click()
  await expect(page.getByText('Send them this link')).toBeVisible()
  const link = present(await page.getByText(/\/join\/[\w-]{22}$/).textContent())

  // Signed out, they are asked who they are, and come back to it.
  await guest.goto(link)
  await expect(guest).toHaveURL(/\/login\?returnTo=%2Fjoin%2F/)
  await guest.goto(relay.url + newSignInPath(userId))
  await guest.goto(link)
  await expect(guest.getByText('Keys of their own')).toBeVisible()
  await guest.getByRole('button', { name: 'Join' }).click()
  await expect(guest.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible()
  await expect(guest.getByRole('link', { name: 'Billing' })).toHaveCount(0)
  await guest.goto(`${relay.url}/billing`)
  await expect(guest.getByText('Your role in this account is member')).toBeVisible()
  await guest.goto(`${relay.url}/keys`)
  await guest.getByLabel('Name', { exact: true }).fill('of a member')
  await guest.getByRole('button', { name: 'Create key' }).click()
  const headers = { authorization: `Bearer ${await shownSecret(guest)}` }
  expect((await guest.request.get(`${relay.url}/v1/models`, { headers })).status()).toBe(200)

  await tryFromAnotherAccount(guest, relay.url)

  await page.goto('/settings/people')
  await page.getByRole('link', { name: `Change ${name}` }).click()
  // The page before it asks for a cap as well, of who is invited.
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
  await page.getByLabel('Cap a month').fill('12.5')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('status')).toContainText('Saved')
  await guest.goto(`${relay.url}/dashboard`)
  await expect(guest.getByText('$12.50 a month, of which $0.00 is used')).toBeVisible()
  await page.getByRole('button', { name: `Remove ${name}` }).click()
  await expect(page).toHaveURL('/settings/people')
  await expect(page.getByRole('table', { name: 'People' }).getByText(name)).toHaveCount(0)

  expect((await guest.request.get(`${relay.url}/v1/models`, { headers })).status()).toBe(401)
  await guest.goto(`${relay.url}/keys`)
  await expect(guest.getByText('No keys yet')).toBeVisible()
  await guest.goto(link)
  await expect(guest.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible()
  await page.goto('/settings/log')
  await expect(page.getByText('Person removed').first()).toBeVisible()
  await expect(page.getByText('name: of a member').first()).toContainText('budget in dollars: none')
  await guest.context().close()
})
