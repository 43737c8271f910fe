import { dayIn } from '../app/values/zones/zone-days.ts'
import { expect, type APIResponse, type Page } from '@playwright/test'
import { present } from '../test/present.ts'
import { createKey, rowOf, shownSecret, signIn, test } from './fixtures.ts'

test.beforeEach(({ page }) => signIn(page))

const call = (page: Page, secret: string, model = 'gpt-4o-mini') =>
  page.request.post('/v1/chat/completions', {
    headers: { authorization: `Bearer ${secret}` },
    data: { model, max_tokens: 50, messages: [{ role: 'user', content: 'Is this allowed?' }] },
  })
const codeOf = async (answer: APIResponse) =>
  ((await answer.json()) as { error: { code: string } }).error.code

const box = (page: Page, model: string) => page.getByRole('checkbox', { name: model, exact: true })

/** Finds a model by a part of its name, and ticks it. */
async function tick(page: Page, model: string) {
  await page.getByLabel('Find a model').fill(model)
  await box(page, model).check()
}

/** The word of an earlier answer stays until the next one comes, so it alone proves nothing. */
async function save(page: Page) {
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST')
  await page.getByRole('button', { name: 'Save' }).click()
  expect((await answered).ok()).toBe(true)
  // The page asks for what was saved then, and makes its form anew: a tick before that is lost.
  await page.waitForLoadState('networkidle')
  await expect(page.getByRole('status')).toContainText('Saved')
}

test('limits hold from the moment they are saved, and go when they are taken away', async ({
  page,
}) => {
  const secret = await createKey(page, 'limited')
  expect((await call(page, secret)).status()).toBe(200)
  await page.goto('/keys')
  await rowOf(page, 'limited').getByRole('link', { name: 'limited', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'limited', level: 1 })).toBeVisible()

  await tick(page, 'gpt-4.1-nano')
  await save(page)
  const denied = await call(page, secret)
  expect(denied.status()).toBe(403)
  expect((await call(page, secret, 'gpt-4.1-nano')).status()).toBe(200)
  const listed = await page.request.get('/v1/models', {
    headers: { authorization: `Bearer ${secret}` },
  })
  expect(((await listed.json()) as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual([
    'gpt-4.1-nano',
    'gpt-4.1-nano-2025-04-14',
  ])

  await box(page, 'gpt-4.1-nano').uncheck()
  await page.getByLabel('Budget in dollars').fill('0.000000001')
  await save(page)
  await expect(page.getByText('budget used up')).toBeVisible()
  const dry = await call(page, secret)
  expect(dry.status()).toBe(402)
  expect(await codeOf(dry)).toBe('key_budget_exceeded')

  await page.getByLabel('Budget in dollars').fill('1')
  await page.getByLabel('Name').fill('limited no more')
  // It is over by the browser's clock; without JavaScript by UTC, which is never ahead of that.
  await page.getByLabel('Last day').fill(dayIn('Asia/Kathmandu', Date.now()))
  await save(page)
  expect((await call(page, secret)).status()).toBe(200)
  await page.goto('/keys')
  await expect(rowOf(page, 'limited no more')).toContainText('until')
  await expect(rowOf(page, 'limited no more')).toContainText('left')
})

test('a key is set to take Responses bodies at the chat’s path, and set back', async ({ page }) => {
  const taken = page.getByLabel('Take Responses bodies at /v1/chat/completions')
  await page.goto('/keys')
  await page.getByLabel('Name').fill('for an editor')
  await page
    .getByText('Limits: last day, budgets, models, addresses; Responses bodies (Cursor)')
    .click()
  await taken.check()
  await page.getByRole('button', { name: 'Create key' }).click()
  await expect(page.getByRole('status')).toContainText('is ready')
  const secret = present(/sk-\w{32}/.exec(await page.getByRole('status').innerText()))[0]
  const asked = () =>
    page.request.post('/v1/chat/completions', {
      headers: { authorization: `Bearer ${secret}` },
      data: { model: 'gpt-4o-mini', input: 'Where does this belong?' },
    })
  const answer = await asked()
  expect(((await answer.json()) as { object: string }).object).toBe('response')

  await rowOf(page, 'for an editor')
    .getByRole('link', { name: 'for an editor', exact: true })
    .click()
  await expect(taken).toBeChecked()
  await taken.uncheck()
  await save(page)
  await expect(taken).not.toBeChecked()
  const refused = await asked()
  expect(refused.status()).toBe(400)
  const { error } = (await refused.json()) as { error: { param: string } }
  expect(error.param).toBe('messages')
  await taken.check()
  await save(page)
  expect((await asked()).status()).toBe(200)
})

test('what cannot be is told where it was typed, and nothing is saved', async ({ page }) => {
  await createKey(page, 'as it was')
  await page.goto('/keys')
  await page.getByRole('link', { name: 'as it was', exact: true }).click()
  await page.getByLabel('Budget in dollars').fill('1e9')
  await page.getByLabel('Addresses').fill('the office')
  await page.getByLabel('Last day').fill('2020-01-01')
  await page.getByRole('button', { name: 'Save' }).click()
  const field = (name: string) => page.getByLabel(name)
  await expect(field('Budget in dollars')).toHaveAccessibleDescription(/^Write dollars/)
  await expect(field('Budget in dollars')).toHaveValue('1e9')
  await expect(field('Addresses')).toHaveAccessibleDescription(/^the, office: write an address/)
  await expect(field('Last day')).toHaveAccessibleDescription(/^This day is over/)
  await page.goto('/keys')
  await expect(rowOf(page, 'as it was')).toContainText('none')
})

test('a change somebody else made meanwhile is not overwritten', async ({ page, relay }) => {
  await createKey(page, 'twice')
  await page.goto('/keys')
  const address = present(
    await page.getByRole('link', { name: 'twice', exact: true }).getAttribute('href'),
  )
  await page.goto(address)
  const version = await page.locator('input[name=version]').inputValue()
  const headers = { origin: relay.url }
  const form = { version, name: 'twice', lastDay: '', budget: '7', models: '' }
  const answers = await Promise.all(
    ['7', '8', '9'].map((budget) =>
      page.request.post(address, { form: { ...form, budget }, headers }),
    ),
  )
  expect(answers.map((answer) => answer.status()).sort()).toEqual([200, 409, 409])
  await page.getByLabel('Budget in dollars').fill('10')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('status')).toContainText('This key was changed in the meantime')
  await expect(page.getByLabel('Budget in dollars')).toHaveValue(/^[789]\.00$/)
})

test('a key can be made with limits', async ({ page }) => {
  await page.goto('/keys')
  await page.getByLabel('Name').fill('made limited')
  await page
    .getByText('Limits: last day, budgets, models, addresses; Responses bodies (Cursor)')
    .click()
  await page.getByLabel('Budget in dollars').fill('2.50')
  await tick(page, 'gpt-4o-mini')
  await tick(page, 'gpt-4.1-nano')
  await page.getByRole('button', { name: 'Create key' }).click()
  await expect(page.getByRole('status')).toContainText('is ready')
  await expect(rowOf(page, 'made limited')).toContainText('$2.50')
  await expect(rowOf(page, 'made limited')).toContainText('2 models')
})

test('a revoked key is shown and cannot be changed', async ({ page, relay }) => {
  await createKey(page, 'over')
  await page.goto('/keys')
  const address = present(
    await page.getByRole('link', { name: 'over', exact: true }).getAttribute('href'),
  )
  await page.goto(address)
  const version = await page.locator('input[name=version]').inputValue()
  await page.request.post(`${address}/revoke`, { headers: { origin: relay.url } })
  await page.goto(address)
  await expect(page.getByText('revoked')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0)
  const form = { version, name: 'alive', lastDay: '', budget: '', models: '' }
  const late = await page.request.post(address, { form, headers: { origin: relay.url } })
  expect(late.status()).toBe(409)
  await page.goto('/keys')
  await expect(rowOf(page, 'alive')).toHaveCount(0)
})

test('models are found by a part of their name, and nothing that was typed is lost', async ({
  page,
}) => {
  await page.goto('/keys')
  await page.getByLabel('Name', { exact: true }).fill('finds models')
  await page.getByText(/^Limits: last day/).click()
  await page.getByLabel('Budget in dollars').fill('3')
  await box(page, 'gpt-4o-mini').check()
  await page.getByLabel('Find a model').fill('4.1-NANO')
  await page.getByRole('button', { name: 'Find', exact: true }).click()
  await expect(box(page, 'gpt-4.1-nano')).toBeVisible()
  await expect(box(page, 'gpt-4o')).toHaveCount(0)
  await expect(box(page, 'gpt-4o-mini')).toBeChecked()
  await box(page, 'gpt-4.1-nano').check()
  await expect(page.getByLabel('Budget in dollars')).toHaveValue('3')
  await page.getByLabel('And so many dollars').fill('1')
  await page.getByLabel('Each').selectOption('week')
  // Enter makes the key: it looks for no model.
  await page.getByLabel('Name', { exact: true }).press('Enter')
  await expect(page.getByRole('status')).toContainText('is ready')
  await expect(rowOf(page, 'finds models')).toContainText('2 models')
  await expect(rowOf(page, 'finds models')).toContainText('$1.00 a week')
})

test('a key is disabled, enabled, and has a new secret beside the old one', async ({ page }) => {
  const old = await createKey(page, 'goes on')
  await rowOf(page, 'goes on').getByRole('link', { name: 'goes on', exact: true }).click()
  await page.getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByRole('status')).toContainText('This key is disabled')
  expect((await call(page, old)).status()).toBe(403)
  await page.getByRole('button', { name: 'Enable' }).click()
  await expect(page.getByRole('status')).toContainText('This key is enabled')
  await page.getByRole('link', { name: 'New secret…' }).click()
  await page.getByLabel('Hours for which the old secret works').fill('169')
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  await expect(page.getByText('Write a whole number of hours from 0 to 168.')).toBeVisible()
  await page.getByLabel('Hours for which the old secret works').fill('2')
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  const secret = await shownSecret(page)
  expect(secret).not.toBe(old)
  await expect(page.getByText('The old secret works for 2 more hours.')).toBeVisible()
  for (const each of [old, secret]) expect((await call(page, each)).status()).toBe(200)
  await page.getByRole('link', { name: 'The key', exact: true }).click()
  await expect(page.getByText('Secret before this one')).toBeVisible()
})
