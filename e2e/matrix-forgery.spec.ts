import { expect } from '@playwright/test'
import { request } from 'undici'
import { present } from '../test/present.ts'
import { databaseState } from './database-state.ts'
import { createKey, signIn, test } from './fixtures.ts'
import { apiTable } from '../app/api/api.server.ts'
import { examples, isApi, routeTable, waysTo } from './route-table.ts'

const evil = 'https://evil.example'
const methods = ['POST', 'PUT', 'PATCH', 'DELETE'] as const
const table = routeTable()
const pages = table.filter((route) => !isApi(route))
const noCall = '01890000-0000-7000-8000-000000000000'

test('every route has an example, so that the matrices cover it', () => {
  const missing = pages.filter(({ id }) => !examples[id]).map(({ id }) => id)
  expect(missing, 'add these to `examples` in e2e/route-table.ts').toEqual([])
  const withoutForm = pages.filter(({ id, hasAction }) => hasAction && !examples[id]?.form)
  expect(withoutForm, 'these have an action and no form among the examples').toEqual([])
})

test('no action runs for a request that another site could have made', async ({ page, relay }) => {
  await signIn(page)
  await createKey(page, 'to be attacked')
  await page.goto('/keys')
  const link = page.getByRole('link', { name: 'to be attacked', exact: true })
  const key = present(
    present(await link.getAttribute('href'))
      .split('/')
      .at(-1),
  )
  const formToken = await page.locator('input[name=formToken]').inputValue()
  await page.goto(`/keys/${key}`)
  const version = await page.locator('input[name=version]').inputValue()

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
  const cookie = (await page.context().cookies()).map((it) => `${it.name}=${it.value}`).join('; ')
  expect(cookie).toContain('sid-')
  const before = await databaseState(relay.databaseUrl)
  let cells = 0
  for (const { id } of pages) {
    const { address, form = {} } = present(examples[id])
    for (const way of waysTo(id, address({ key, call: noCall }))) {
      for (const method of methods) {
        const body = new URLSearchParams({ ...form, formToken, version }).toString()
        const sent = forgeries.map(async (forged) => {
          const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded', ...forged }
          const answer = await request(relay.url + way, { method, headers, body })
          await answer.body.dump()
          expect(answer.statusCode, `${method} ${way} ${JSON.stringify(forged)}`).toBe(403)
        })
        await Promise.all(sent)
        cells += sent.length
      }
    }
  }
  expect(await databaseState(relay.databaseUrl)).toEqual(before)
  await page.goto('/dashboard')
  await expect(page, 'nobody was signed out').toHaveURL('/dashboard')
  console.log(`    ${cells} requests, 0 actions`)

  // The same forms from our own pages: what was refused above was not refused for another reason.
  const headers = { origin: relay.url }
  for (const { id } of pages.filter(({ hasAction }) => hasAction)) {
    const { address, form = {} } = present(examples[id])
    // Signing out ends the rest.
    if (id === 'routes/logout') continue
    const sent = { form: { ...form, formToken, version }, headers, maxRedirects: 0 }
    const answer = await page.request.post(address({ key, call: noCall }), sent)
    expect(answer.status(), id).not.toBe(403)
    expect(answer.status(), id).toBeLessThan(500)
  }
  expect(await databaseState(relay.databaseUrl)).not.toEqual(before)
})

test('a cookie opens nothing that is for programs', async ({ page }) => {
  await signIn(page)
  const all = apiTable.flatMap(({ path, methods }) => methods.map((method) => ({ path, method })))
  for (const { path, method } of all) {
    const address = path.replace(':id', 'gpt-4o-mini')
    const data = method === 'POST' ? { model: 'gpt-4o-mini', messages: [] } : undefined
    const answer = await page.request.fetch(address, { method, data })
    expect(answer.status(), path).toBe(401)
  }
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
