import { expect, type Page } from '@playwright/test'
import { present } from '../test/present.ts'
import { capturedCli } from '../test/captured-cli.ts'
import {
  startFakeProviders,
  type FakeProviders,
} from '../dev/fakes/providers/fake-providers.server.ts'
import { startFakePayments, type FakePayments } from '../dev/fakes/payments/fake-payments.server.ts'
import { expectAccessible } from './axe.ts'
import { shownSecret, test } from './fixtures.ts'
import { startRelay, type Relay } from './relay.ts'

let relay: Relay
let providers: FakeProviders
let payments: FakePayments

test.beforeAll(async () => {
  providers = await startFakeProviders()
  payments = await startFakePayments()
  relay = await startRelay(() => ({
    ...providers.env,
    ...payments.env,
    RELAY_MODE: 'server',
    UPSTREAM_IS_DEMO: '',
    CONTACT: 'credit@relay.example',
    TOP_UP_AMOUNTS: '5,5.44',
  }))
})
test.afterAll(async () => {
  await relay.stop()
  await providers.close()
  await payments.close()
})

/** A new customer on their dashboard, with the key that is shown once; they have nothing. */
async function signUp(page: Page, login: string): Promise<string> {
  await page.goto(`${relay.url}/login`)
  await page.getByRole('button', { name: 'Continue with GitHub' }).click()
  await page.getByLabel('Login').fill(login)
  await page.getByRole('button', { name: 'Authorize' }).click()
  return shownSecret(page)
}

const call = (page: Page, secret: string) =>
  page.request.post(`${relay.url}/v1/chat/completions`, {
    headers: { authorization: `Bearer ${secret}` },
    data: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Is it paid?' }] },
  })

/** Calls with what was paid, and looks at what the call has cost. */
async function callAndSeeTheReceipt(page: Page, secret: string) {
  const answer = await call(page, secret)
  expect(answer.status()).toBe(200)
  await page.goto(`${relay.url}/calls/${present(answer.headers()['x-request-id'])}`)
  await expect(page.getByRole('heading', { name: /^Receipt/ })).toBeVisible()
}

async function makeCode(...more: string[]): Promise<string> {
  const cli = capturedCli({ DATABASE_URL: relay.databaseUrl })
  const made = await cli('codes', 'make', '--count', '1', '--value', '5', '--csv', ...more)
  expect(made.exitCode, made.err).toBe(0)
  return present(present(made.out.split('\n')[1]).split(',')[0])
}

for (const [way, amount] of [
  ['Stripe', '5.00 USD'],
  ['Alipay or WeChat Pay', '36.00 CNY'],
] as const)
  test(`whoever has nothing pays with ${way}, calls, and sees the receipts`, async ({
    page,
    javaScriptEnabled,
  }) => {
    const secret = await signUp(page, `ann-${way.length}-${String(javaScriptEnabled)}`)
    expect((await call(page, secret)).status()).toBe(402)
    await page.getByRole('link', { name: 'Add credit' }).click()
    await page.getByRole('radio', { name: '$5.00' }).check()
    await page.getByRole('button', { name: `Pay with ${way}` }).click()
    await expect(page).toHaveURL(/\/billing\/orders\/[\da-f]{32}$/)
    await page.getByRole('link', { name: `Pay ${amount} with ${way}` }).click()
    await page.getByRole('button', { name: `Pay ${amount}` }).click()
    await expect(page.getByText('The payment has come in')).toBeVisible()
    await page.getByRole('link', { name: 'Receipt' }).click()
    await expect(page.getByText('A relay on this machine')).toBeVisible()
    await expect(page.getByText(amount).first()).toBeVisible()
    await callAndSeeTheReceipt(page, secret)
    await page.goto(`${relay.url}/billing?show=credits`)
    await expect(page.getByRole('table', { name: 'Orders' })).toContainText('Paid')
    await expect(page.getByRole('table', { name: 'Ledger' })).toContainText('$5.000000000')
  })

test('what came in otherwise than it was asked for is seen, not paid again, and settled', async ({
  page,
  javaScriptEnabled,
}) => {
  await signUp(page, `less-${String(javaScriptEnabled)}`)
  await page.goto(`${relay.url}/billing`)
  await page.getByRole('radio', { name: '$5.44' }).check()
  await page.getByRole('button', { name: 'Pay with Stripe' }).click()
  await page.getByRole('link', { name: 'Pay 5.44 USD with Stripe' }).click()
  await page.getByRole('button', { name: 'Pay 5.44 USD' }).click()
  await expect(page.getByText('0.05 USD have come in, and this order asked for')).toBeVisible()
  await expect(page.getByText('Whoever runs this relay looks at it.')).toBeVisible()
  await expect(page.getByRole('link', { name: /^Pay / })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'I have paid' })).toHaveCount(0)
  const [, number = ''] = /orders\/([\da-f]{32})/.exec(page.url()) ?? []
  const cli = capturedCli({ DATABASE_URL: relay.databaseUrl })
  const settled = await cli('order', 'settle', number, '--credit', '0.05')
  expect(settled.exitCode, settled.err).toBe(0)
  await page.reload()
  await expect(page.getByText('The payment has come in')).toBeVisible()
  await page.getByRole('link', { name: 'Receipt' }).click()
  await expect(page.getByText('A relay on this machine')).toBeVisible()
  await expect(page.getByText('0.05 USD', { exact: true })).toBeVisible()
})

test('whoever has nothing pays for a plan, and has begun it when they are back', async ({
  page,
  javaScriptEnabled,
}) => {
  const name = `Team ${String(javaScriptEnabled)}`
  const cli = capturedCli({ DATABASE_URL: relay.databaseUrl })
  const added = await cli('plans', 'add', name, '--price', '18', '--credit', '20')
  expect(added.exitCode, added.err).toBe(0)
  await signUp(page, `plan-${String(javaScriptEnabled)}`)
  // It looks into the page with a script.
  if (javaScriptEnabled) await expectAccessible(page, 'the first run without credit')
  await page.goto(`${relay.url}/billing/plans`)
  if (javaScriptEnabled) await expectAccessible(page, 'plans that can be paid for')
  const plan = page.getByRole('listitem').filter({ hasText: name })
  await plan.getByRole('button', { name: 'Pay with Stripe and subscribe' }).click()
  await expect(page.getByText(`${name} begins when this is paid`)).toBeVisible()
  await page.getByRole('link', { name: 'Pay 18.00 USD with Stripe' }).click()
  await page.getByRole('button', { name: 'Pay 18.00 USD' }).click()
  await expect(page.getByText(`${name} has begun, and its price was taken`)).toBeVisible()
  await page.goto(`${relay.url}/billing/plans`)
  await expect(page.getByText('of its credit is left')).toContainText('$20.00')
})

test('an order waits while its provider is away, and can be paid after that', async ({
  page,
  javaScriptEnabled,
}) => {
  await signUp(page, `away-${String(javaScriptEnabled)}`)
  payments.stripe.isAway = true
  try {
    await page.goto(`${relay.url}/billing`)
    await page.getByRole('button', { name: 'Pay with Stripe' }).click()
    await expect(page.getByText('could not be reached. Nothing was paid.')).toBeVisible()
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByText('The provider cannot be reached right now')).toBeVisible()
  } finally {
    payments.stripe.isAway = false
  }
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('link', { name: 'Pay 5.00 USD with Stripe' })).toBeVisible()
})

test('whoever has nothing redeems a code, calls, and sees the receipt', async ({
  page,
  javaScriptEnabled,
}) => {
  const login = `eve-${String(javaScriptEnabled)}`
  const code = await makeCode()
  const secret = await signUp(page, login)
  await expect(page.getByText('Credit for your first call')).toBeVisible()
  const refused = await call(page, secret)
  expect(refused.status()).toBe(402)
  await page.getByRole('link', { name: 'Redeem a code' }).click()
  await expect(page).toHaveURL(/\/billing/)
  const field = page.getByLabel('Code', { exact: true })
  const redeem = async (text: string) => {
    await field.fill(text)
    await page.getByRole('button', { name: 'Redeem' }).click()
  }
  await redeem(`А${code.slice(1)}`)
  await expect(page.getByText('“А” (U+0410) is in no code')).toBeVisible()
  await expect(field).toHaveValue(`А${code.slice(1)}`)
  await redeem(` ${code.toLowerCase().replaceAll('-', ' ')} `)
  await expect(page.getByRole('status')).toContainText('5.00 USD were added to your balance')
  await page.reload()
  await redeem(code)
  await expect(page.getByText('This account has redeemed this code on')).toBeVisible()
  await page.goto(`${relay.url}/dashboard`)
  await expect(page.getByText('Refused: balance').first()).toBeVisible()
  await expect(page.getByText('Waiting for your first call…')).toBeVisible()
  expect((await call(page, secret)).status()).toBe(200)
  // With JavaScript it is seen as it comes.
  if (javaScriptEnabled)
    await expect(page.getByText('Your first call was answered')).toBeVisible({ timeout: 20_000 })
  else await page.getByRole('link', { name: 'Look again' }).click()
  await expect(page.getByRole('table', { name: 'Last calls' })).toContainText('Completed')
  await expect(page.getByRole('heading', { name: 'Three steps' })).toHaveCount(0)
  await callAndSeeTheReceipt(page, secret)
  await page.goto(`${relay.url}/billing?show=credits`)
  await expect(page.getByRole('table', { name: 'Redeemed codes' })).toContainText('$5.000000000')
  const headers = { origin: relay.url }
  for (const sent of [
    { data: { intent: 'redeem', code: 12_345 } },
    {
      multipart: {
        intent: 'redeem',
        code: { name: 'code', mimeType: 'text/plain', buffer: Buffer.from(code) },
      },
    },
    { form: { intent: 'grant', code } },
  ])
    expect((await page.request.post(`${relay.url}/billing`, { headers, ...sent })).status()).toBe(
      400,
    )
  // Guessing is limited, and told; a good code waits with the others then.
  const tried = { headers, form: { intent: 'redeem', code: 'no code' } }
  let last = await page.request.post(`${relay.url}/billing`, tried)
  for (let tries = 0; tries < 10 && last.status() === 400; tries++)
    last = await page.request.post(`${relay.url}/billing`, tried)
  expect(last.status()).toBe(429)
  expect(last.headers()['retry-after']).toMatch(/^\d+$/)
  await page.goto(`${relay.url}/billing`)
  await redeem(await makeCode())
  await expect(page.getByText('Too many codes were tried that are none.')).toBeVisible()
  expect(relay.logged()).not.toContain(code)
  expect(relay.logged()).not.toContain(code.replaceAll('-', ''))
})
