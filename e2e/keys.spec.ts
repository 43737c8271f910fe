import { expect, type Page } from '@playwright/test'
import { present } from '../test/present.ts'
import { findOrSignUp } from '../app/auth/auth.server.ts'
import { withPool } from '../test/pool.ts'
import { createKey as createKeyFor, readKey } from '../app/keys/keys.server.ts'
import { giveKeys } from '../test/many-keys.ts'
import { openSql } from '../test/sql.ts'
import { createKey, rowOf, signIn, test } from './fixtures.ts'

test.beforeEach(({ page }) => signIn(page))

const tokenOf = (page: Page) => page.locator('input[name=formToken]').inputValue()

test('a secret is shown once: reloading neither shows it again nor makes another key', async ({
  page,
}) => {
  const secret = await createKey(page, 'shown once')
  expect(page.url()).not.toContain(secret)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible()
  expect(await page.content()).not.toContain(secret)
  await expect(rowOf(page, 'shown once')).toHaveCount(1)
})

test('a form that is sent twice at the same time makes one key', async ({ page, relay }) => {
  await page.goto('/keys')
  const form = { name: 'sent twice', formToken: await tokenOf(page) }
  const headers = { origin: relay.url }
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() => page.request.post('/keys', { form, headers })),
  )
  expect(answers.map((answer) => answer.status()).sort()).toEqual([200, 409, 409, 409])
  for (const answer of answers) expect(answer.headers()['cache-control']).toBe('no-store')
  await page.reload()
  await expect(rowOf(page, 'sent twice')).toHaveCount(1)
})

test('a form without a fresh token makes no key and can be sent once more', async ({ page }) => {
  await page.goto('/keys')
  const headers = { origin: new URL(page.url()).origin }
  for (const formToken of ['', 'x', '01890000-0000-7000-8000-000000000000']) {
    const form = { name: 'no token', formToken }
    const answer = await page.request.post('/keys', { form, headers })
    expect(answer.status()).toBe(400)
    expect(await answer.text()).toContain('Check what you typed and send it once more.')
  }
  await page.reload()
  await expect(rowOf(page, 'no token')).toHaveCount(0)
})

test('a name that cannot be is told where it was typed, and stays there', async ({ page }) => {
  await page.goto('/keys')
  await page.getByLabel('Name').fill('   ')
  await page.getByRole('button', { name: 'Create key' }).click()
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription('Give the key a name.')
  await expect(page.getByLabel('Name')).toHaveValue('   ')
  await expect(page.getByLabel('Name')).toBeFocused()

  await page.getByLabel('Name').fill('<b>“quoted” & bold</b>')
  await page.getByRole('button', { name: 'Create key' }).click()
  await expect(page.getByRole('status')).toContainText('is ready')
  await expect(rowOf(page, '<b>“quoted” & bold</b>')).toHaveCount(1)
})

test('a form longer than any of ours is refused unread', async ({ page, relay }) => {
  const headers = { origin: relay.url }
  const form = { name: 'x'.repeat(70_000), formToken: '' }
  expect((await page.request.post('/keys', { form, headers })).status()).toBe(413)
})

test('another account’s key can be neither seen nor revoked', async ({ page, relay }) => {
  await withPool(relay.databaseUrl, async (pool) => {
    const stranger = {
      provider: 'github',
      providerUserId: '7',
      name: 'Stranger',
      email: null,
    } as const
    const { accountId } = await findOrSignUp(pool, stranger)
    const { id } = present(await createKeyFor(pool, accountId, { name: 'not yours' }))
    const address = `/keys/${id}/revoke`
    const answer = await page.goto(address)
    expect(answer?.status()).toBe(404)
    await expect(page.getByText('You have no key with this number.')).toBeVisible()
    const posted = await page.request.post(address, { headers: { origin: relay.url } })
    expect(posted.status()).toBe(404)
    const listed = await page.request.get(`/keys?revoked=${id}`)
    expect(await listed.text()).not.toContain('not yours')
    expect((await readKey(pool, accountId, id))?.revokedAt).toBeNull()
  })
})

test('revoking twice is harmless and names the first moment', async ({ page, relay }) => {
  await createKey(page, 'revoked twice')
  const link = rowOf(page, 'revoked twice').getByRole('link', { name: 'Revoke revoked twice' })
  const address = present(await link.getAttribute('href'))
  const headers = { origin: relay.url }
  const momentOf = async () => {
    const answer = await page.request.post(address, { headers })
    const notice = /is revoked.*?datetime="([^"]+)"/is.exec(await answer.text())
    return notice?.[1]
  }
  const first = await momentOf()
  expect(first).toMatch(/Z$/)
  expect(await momentOf()).toBe(first)
  await page.goto(address)
  await expect(page.getByRole('status')).toContainText('“revoked twice” is revoked')
})

test('a thousand keys are shown by the page, and found by name and state', async ({
  page,
  relay,
}) => {
  const { sql, end } = openSql(relay.databaseUrl)
  try {
    const [account] = await sql<{ id: number }>('select min(id) as id from accounts')
    await giveKeys(sql, present(account).id, 1_000, 60)
  } finally {
    await end()
  }
  const answer = await page.goto('/keys')
  expect(present(await answer?.body()).length).toBeLessThan(400_000)
  const rows = page.getByRole('row').filter({ has: page.getByRole('cell') })
  await expect(rows).toHaveCount(50)
  await expect(rowOf(page, 'deploy 999')).toHaveCount(1)
  await page.getByRole('link', { name: 'More' }).click()
  await expect(rowOf(page, 'deploy 999')).toHaveCount(0)
  await expect(rowOf(page, 'deploy 940')).toHaveCount(1)
  await page.getByRole('link', { name: 'Before' }).click()
  await expect(rowOf(page, 'deploy 999')).toHaveCount(1)

  await page.getByLabel('Called').fill('DEPLOY 12')
  await page.getByLabel('State').selectOption('Revoked')
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(rows).toHaveCount(11)
  expect(page.url()).toContain('status=revoked')
  await page.getByLabel('Called').fill('nobody calls one so')
  await page.getByRole('button', { name: 'Find' }).click()
  await page.getByRole('link', { name: 'Show all keys' }).click()
  await expect(rows).toHaveCount(50)
})
