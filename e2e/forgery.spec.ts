import { expect } from '@playwright/test'
import { rowOf, signIn, test } from './fixtures.ts'

const evil = 'https://evil.example'
const addresses = ['/keys', '/keys?_data=routes%2Fkeys', '/keys.data', '/keys?index']

test('a request that another site could have made reaches no action', async ({ page, relay }) => {
  await signIn(page)
  await page.goto('/keys')
  const formToken = await page.locator('input[name=formToken]').inputValue()
  const form = { name: 'forged', formToken }
  const forgeries: Record<string, string>[] = [
    {},
    { origin: evil },
    { origin: 'null' },
    { origin: relay.url.replace('localhost', '127.0.0.1') },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: relay.url },
    { 'sec-fetch-site': 'cross-site', origin: relay.url },
    { 'sec-fetch-site': 'none' },
    { origin: evil, 'x-forwarded-host': 'evil.example' },
  ]
  for (const address of addresses) {
    for (const headers of forgeries) {
      const answer = await page.request.post(address, { form, headers })
      expect(answer.status(), `${address} ${JSON.stringify(headers)}`).toBe(403)
    }
  }
  await page.reload()
  await expect(rowOf(page, 'forged')).toHaveCount(0)

  // The same form from our own page: what was refused above was not refused for another reason.
  const own = await page.request.post('/keys', { form, headers: { origin: relay.url } })
  expect(own.status()).toBe(200)
})

test('a form on another site gets nowhere', async ({ page, relay }) => {
  await signIn(page)
  await page.route(`${evil}/`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${relay.url}/logout"><button>Win a prize</button></form>`,
    }),
  )
  await page.goto(`${evil}/`)
  await page.getByRole('button', { name: 'Win a prize' }).click()
  await expect(page.getByText('This request came from another site.')).toBeVisible()
  await page.goto('/dashboard')
  await expect(page).toHaveURL('/dashboard')
})
