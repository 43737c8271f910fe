import { expect } from '@playwright/test'
import { present } from '../test/present.ts'
import { findOrSignUp, localDeveloper } from '../app/auth/auth.server.ts'
import { withPool } from '../test/pool.ts'
import { readAccount } from '../app/accounts/accounts.server.ts'
import { credit, setPlan } from '../app/ledger/ledger.server.ts'
import { addPlan } from '../app/plans/plans.server.ts'
import { dayIn } from '../app/values/zones/zone-days.ts'
import { createKey, signIn, test } from './fixtures.ts'

const usd = 1_000_000_000

test('the statement of the month adds up, and the ledger leads to the receipts', async ({
  page,
  relay,
}) => {
  await signIn(page)
  await withPool(relay.databaseUrl, async (pool) => {
    const { accountId } = await findOrSignUp(pool, localDeveloper)
    const grant = { accountId, kind: 'grant', planNanos: 0, actor: 'test' } as const
    const ref = `e2e:${Math.random()}`
    await credit(pool, { ...grant, balanceNanos: 3 * usd, ref, note: 'a present' })
    await setPlan(pool, accountId, 2 * usd, 'test')
  })
  const secret = await createKey(page, 'to be charged')
  const answer = await page.request.post('/v1/chat/completions', {
    headers: { authorization: `Bearer ${secret}` },
    data: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Charge me.' }] },
  })
  expect(answer.status()).toBe(200)

  await page.getByRole('link', { name: 'Billing', exact: true }).click()
  await expect(page.getByText('Nothing is held')).toBeVisible()
  const month = new Date().toISOString().slice(0, 7)
  const statement = page.getByRole('table', { name: `Statement of ${month}` })
  const nanosIn = async (name: string) => {
    const cell = statement.getByRole('row').filter({ hasText: name }).getByRole('cell').last()
    return Number((await cell.innerText()).replace(/[^\d-]/g, ''))
  }
  const lines = await statement.getByRole('row').count()
  const names = ['Plan credit', 'Credit from the operator', 'Charges of calls']
  expect(lines).toBe(names.length + 3)
  let sum = await nanosIn('At the beginning')
  for (const name of names) sum += await nanosIn(name)
  expect(await nanosIn('At the end, or now')).toBe(sum)
  expect(await nanosIn('Charges of calls')).toBeLessThan(0)

  const ledger = page.getByRole('table', { name: 'Ledger' })
  await expect(ledger).toContainText('a present')
  await expect(ledger.getByRole('link', { name: 'Charge of 1 call' })).toBeVisible()
  await page.getByRole('link', { name: 'Without charges' }).click()
  await expect(page).toHaveURL('/billing?show=credits')
  await expect(ledger).not.toContainText('Charge of a call')
  await page.getByRole('link', { name: 'All entries', exact: true }).click()
  await ledger.getByRole('link', { name: 'Charge of a call' }).first().click()
  await expect(page.getByRole('heading', { name: /^Receipt/ })).toBeVisible()
})

test('a plan is subscribed to, changed, canceled and kept, and says what it costs first', async ({
  page,
  relay,
}) => {
  await signIn(page)
  const give = (balanceNanos: number) =>
    withPool(relay.databaseUrl, async (pool) => {
      const { accountId } = await findOrSignUp(pool, localDeveloper)
      const adjust = { accountId, kind: 'adjust', planNanos: 0, actor: 'test', note: null } as const
      const account = present(await readAccount(pool, accountId))
      const missing = balanceNanos - account.balanceNanos
      if (missing)
        await credit(pool, { ...adjust, balanceNanos: missing, ref: `e2e:${Math.random()}` })
    })
  await withPool(relay.databaseUrl, async (pool) => {
    const { accountId } = await findOrSignUp(pool, localDeveloper)
    await setPlan(pool, accountId, 0, 'test')
    const usual = { models: null, groupName: null, rolloverNanos: 0, graceDays: 3 }
    const small = { ...usual, creditNanos: 4 * usd, priceNanos: 3 * usd }
    const scope = { models: ['gpt-4o-mini', 'gpt-4.1*'], rolloverNanos: 5 * usd }
    await addPlan(pool, 'Small', small, 'test')
    await addPlan(pool, 'Large', { ...small, ...scope, priceNanos: 9 * usd }, 'test')
  })
  await give(usd)
  await page.goto('/billing/plans')
  const small = page.getByRole('listitem').filter({ hasText: 'Small' })
  expect(await small.getByRole('button').innerText()).toContain('Subscribe: $3.00 now')
  await small.getByRole('button', { name: 'Subscribe: $3.00 now' }).click()
  await expect(page.getByRole('alert')).toContainText('The balance is short of the price')
  await give(5 * usd)
  await small.getByRole('button', { name: 'Subscribe: $3.00 now' }).click()
  await expect(page.getByRole('status')).toContainText('You are subscribed')
  await page.reload()
  await expect(page.getByText('of its credit is left')).toContainText('$4.00')
  await expect(page.getByText('A plan is paid from the balance')).toContainText('$2.00')

  const large = page.getByRole('listitem').filter({ hasText: 'Large' })
  await expect(large).toContainText('gpt-4o-mini, all that begin with gpt-4.1')
  await large.getByRole('button', { name: /Change to it on \d{4}-\d\d-\d\d/ }).click()
  await expect(page.getByText('takes its place, for $9.00 a month.')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel at the end of the month' }).click()
  await expect(page.getByText('It is canceled, and ends on')).toBeVisible()
  await page.getByRole('button', { name: 'Keep this plan as it is' }).click()
  await expect(page.getByText(/It is renewed on .*, for \$3\.00/)).toBeVisible()
  await page.getByRole('button', { name: 'Cancel at the end of the month' }).click()
  await expect(page.getByText('It is canceled, and ends on')).toBeVisible()

  const headers = { origin: relay.url }
  for (const [form, status] of [
    [{ intent: 'subscribe', plan: '1', formToken: 'x' }, 400],
    [{ intent: 'change', plan: '-1' }, 400],
    [{ intent: 'change', plan: '999999' }, 409],
    [{ intent: 'give' }, 400],
  ] as [Record<string, string>, number][])
    expect((await page.request.post('/billing/plans', { form, headers })).status()).toBe(status)
  await page.goto('/billing')
  await expect(page.getByRole('table', { name: 'Ledger' })).toContainText('Price of a plan')
})

test('a month without entries says so; a month that is none is none', async ({ page }) => {
  await signIn(page)
  await page.goto('/billing?month=2020-02')
  await expect(page.getByText('No money came or went in this month.')).toBeVisible()
  for (const query of ['month=2026-13', 'show=x', 'before=-1', 'account=1', 'before=1e3'])
    expect((await page.goto(`/billing?${query}`))?.status(), query).toBe(404)
})

test('signing out elsewhere ends every other session of this person, and no other', async ({
  page,
  browser,
  relay,
}) => {
  await signIn(page)
  const others = await Promise.all(
    [1, 2].map(async () => {
      const context = await browser.newContext({ baseURL: relay.url })
      const other = await context.newPage()
      await signIn(other)
      return other
    }),
  )
  await page.goto('/settings')
  await expect(page.getByText('Local developer').first()).toBeVisible()
  await expect(page.getByText('this one')).toHaveCount(1)
  expect(await page.content()).not.toContain(
    present((await page.context().cookies()).find(({ name }) => name.startsWith('sid-'))).value,
  )
  await page
    .getByRole('button', { name: /^End the session/ })
    .first()
    .click()
  await expect(page.getByRole('status')).toContainText('The session has ended')
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await expect(page.getByRole('status')).toContainText('You are signed out everywhere else')
  await expect(page.getByRole('button', { name: /^End the session/ })).toHaveCount(0)
  for (const other of others) {
    await other.goto('/settings')
    await expect(other).toHaveURL('/login?returnTo=%2Fsettings')
    await other.context().close()
  }
  await page.goto('/dashboard')
  await expect(page).toHaveURL('/dashboard')
})

test('a form that the settings did not make changes nothing', async ({ page, relay }) => {
  await signIn(page)
  const headers = { origin: relay.url }
  for (const form of [{}, { intent: 'delete' }, { intent: 'end-one', session: 'x' }] as Record<
    string,
    string
  >[]) {
    expect((await page.request.post('/settings', { form, headers })).status()).toBe(400)
  }
  const form = { intent: 'link', provider: 'github' }
  expect((await page.request.post('/settings', { form, headers })).status()).toBe(404)
})

test('a time zone is chosen, and times, the day that is today and the month go by it', async ({
  page,
}) => {
  await signIn(page)
  const choose = async (zone: string) => {
    await page.goto('/settings')
    await page.getByLabel('Show times, days and months in').selectOption(zone)
    await page.getByRole('button', { name: 'Save my time zone' }).click()
    await expect(page.getByRole('status')).toContainText('Your time zone was saved')
  }
  await choose('Pacific/Kiritimati')
  await expect(page.getByLabel('Show times, days and months in')).toHaveValue('Pacific/Kiritimati')
  const now = new Date()
  // It is the day after there from ten o'clock of UTC on, and else the day before on Niue.
  const zone = now.getUTCHours() < 10 ? 'Pacific/Niue' : 'Pacific/Kiritimati'
  const there = dayIn(zone, now.getTime())
  expect(there).not.toBe(now.toISOString().slice(0, 10))
  await choose(zone)
  await expect(page.getByText(`Times are ${zone}`)).toBeVisible()
  await page.goto('/usage')
  await page.getByRole('link', { name: 'Today' }).click()
  await expect(page).toHaveURL(new RegExp(`from=${there}`))
  await page.goto('/billing')
  await expect(page.getByText(`Since 00:00 ${zone}`)).toBeVisible()
  await expect(
    page.getByRole('heading', { name: `Statement of ${there.slice(0, 7)}` }),
  ).toBeVisible()
  await choose('')
})

test('notices: a threshold, a time zone and a webhook whose secret is shown once', async ({
  page,
}) => {
  await signIn(page)
  await page.goto('/settings')
  await page.getByRole('link', { name: 'Notices' }).click()
  await page.getByLabel('Tell us when credit falls below, in dollars').fill('much')
  await page.getByRole('button', { name: 'Save the threshold' }).click()
  await expect(page.getByText('Write dollars, such as 5 or 0.50')).toBeVisible()
  await page.getByLabel('Tell us when credit falls below, in dollars').fill('2.5')
  await page.getByRole('button', { name: 'Save the threshold' }).click()
  await expect(page.getByRole('status')).toContainText('The threshold is saved')
  await page.getByLabel('Days of this account begin at midnight in').fill('asia/shanghai')
  await page.getByRole('button', { name: 'Save the time zone' }).click()
  await expect(page.getByRole('status')).toContainText('The time zone is saved')
  const address = page.getByLabel('Address', { exact: true })
  await address.fill('https://192.168.1.1/hook')
  await page.getByRole('button', { name: 'Add the webhook' }).click()
  await expect(page.getByText('must name a public host')).toBeVisible()
  await address.fill('https://hooks.example.com/relay')
  await page.getByRole('button', { name: 'Add the webhook' }).click()
  await expect(page.getByText(/^whsec_/)).toBeVisible()
  await page.reload()
  await expect(page.getByText(/^whsec_/)).toHaveCount(0)
  await expect(address).toHaveValue('https://hooks.example.com/relay')
  await expect(page.getByLabel('Days of this account begin at midnight in')).toHaveValue(
    'Asia/Shanghai',
  )
})
