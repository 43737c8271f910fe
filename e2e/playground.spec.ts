import { expect, type Page } from '@playwright/test'
import { present } from '../test/present.ts'
import { openSql, runSql } from '../test/sql.ts'
import { signIn, test } from './fixtures.ts'
import type { Relay } from './relay.ts'

/** Nobody says this by chance. */
const prompt = 'zzz-what-was-asked-zzz'

/** Sends a question, as the page does with JavaScript unless it has none; answers where it was sent. */
async function ask(page: Page, text: string, hasScripts = true): Promise<string> {
  await page.goto('/playground?model=gpt-4o-mini')
  // React marks what it has taken over.
  if (hasScripts)
    await page.waitForFunction(() =>
      Object.keys(document.querySelector('main form') ?? {}).some((it) => it.startsWith('__react')),
    )
  await page.getByLabel('Text', { exact: true }).fill(text)
  const sent = page.waitForRequest((request) => request.method() === 'POST')
  await page.getByRole('button', { name: 'Send' }).click()
  return new URL((await sent).url()).pathname
}

const fact = (page: Page, name: string) =>
  page
    .locator('dl > div')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd')

type Call = { cost: number; hold: number; keyName: string; client: string; outcome: string }
/** All calls of the playground, the newest first. */
const callsOf = (relay: Relay) =>
  runSql<Call>(
    relay.databaseUrl,
    `select cost_nanos as cost, hold_nanos as hold, k.name as keyName, client, outcome
       from calls c join api_keys k on k.id = c.key_id order by c.id desc`,
  )
const goodKeys = (relay: Relay) =>
  runSql(
    relay.databaseUrl,
    `select 1 from api_keys where name = 'playground' and revoked_at is null`,
  )

const dollars = (nanos: number) => `$${(nanos / 1e9).toFixed(9)}`.replace(/0{1,7}$/, '')

/** That neither the database nor the log has this in it. */
async function expectNowhere(relay: Relay, text: string) {
  const { sql, end } = openSql(relay.databaseUrl)
  for (const row of await sql('show tables')) {
    const [table] = Object.values(row)
    expect(JSON.stringify(await sql('select * from ??', [table])), String(table)).not.toContain(
      text,
    )
  }
  await end()
  expect(relay.logged()).not.toContain(text)
}

test('an answer, what it held and cost, and its receipt', async ({
  page,
  relay,
  javaScriptEnabled,
}) => {
  await signIn(page)
  await page.getByRole('link', { name: 'Playground', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Playground' })).toBeVisible()
  const way = javaScriptEnabled ? '/playground/answer' : '/playground'
  expect(await ask(page, prompt, javaScriptEnabled)).toBe(way)
  await expect(fact(page, 'Outcome')).toHaveText('Completed 200')
  const call = present((await callsOf(relay))[0])
  expect(call).toMatchObject({ keyName: 'playground', client: 'playground' })
  expect(call.cost).toBeGreaterThan(0)
  await expect(fact(page, 'Charged')).toHaveText(dollars(call.cost))
  await expect(fact(page, 'Held for it')).toContainText(dollars(call.hold))
  expect(await goodKeys(relay)).toHaveLength(1)
  await page.getByRole('link', { name: 'Open the receipt' }).click()
  await expect(page).toHaveURL(/\/calls\//)
  await expect(page.getByText(dollars(call.cost)).first()).toBeVisible()
  await expectNowhere(relay, prompt)
})

test('what is refused says why', async ({ page, javaScriptEnabled }) => {
  await signIn(page)
  await ask(page, `${prompt} [[status:400]]`, javaScriptEnabled)
  await expect(page.getByRole('alert')).toContainText('It was not answered')
  await expect(page.getByRole('alert')).toContainText('HTTP 400')
  await ask(page, '  ', javaScriptEnabled)
  await expect(page.getByText('Write what to ask.')).toBeVisible()
})

test('stopping an answer ends its call, and a page that is loaded again makes none', async ({
  page,
  relay,
  javaScriptEnabled,
}) => {
  await signIn(page)
  if (!javaScriptEnabled) {
    await ask(page, prompt, false)
    await expect(fact(page, 'Outcome')).toHaveText('Completed 200')
    const calls = (await callsOf(relay)).length
    await page.reload()
    await expect(page.getByText('This form was sent before')).toBeVisible()
    return expect(await callsOf(relay)).toHaveLength(calls)
  }
  await ask(page, `${prompt} [[stall]]`)
  await expect(fact(page, 'Cost so far')).toContainText(/^about \$0\.0/)
  await expect(fact(page, 'Held for it')).toContainText(/^\$0\.0/)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('You stopped it here.')).toBeVisible()
  const expectLeft = (calls: number) =>
    expect(async () => {
      const all = await callsOf(relay)
      expect(all.filter(({ outcome }) => outcome === 'disconnected')).toHaveLength(calls)
    }).toPass()
  await expectLeft(1)
  await ask(page, `${prompt} [[stall]]`)
  await expect(fact(page, 'Cost so far')).toBeVisible()
  await page.getByRole('link', { name: 'API keys' }).click()
  await expectLeft(2)
})

test('its key’s budget holds, and a new key comes where it was revoked', async ({
  page,
  relay,
  javaScriptEnabled,
}) => {
  await signIn(page)
  await ask(page, prompt, javaScriptEnabled)
  await expect(fact(page, 'Outcome')).toHaveText('Completed 200')
  const own = `where name = 'playground' and revoked_at is null`
  await runSql(relay.databaseUrl, `update api_keys set period_budget_nanos = 1 ${own}`)
  await ask(page, prompt, javaScriptEnabled)
  await expect(page.getByRole('alert')).toContainText('budget')
  await page.getByRole('link', { name: 'Open the key of the playground' }).click()
  await expect(page.getByText('Its secret is kept nowhere, and nobody has it.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'New secret…' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByRole('status')).toContainText('This key is disabled')
  await ask(page, prompt, javaScriptEnabled)
  await expect(page.getByRole('alert')).toContainText('This API key is disabled')
  await page.goto('/keys')
  await page.getByRole('link', { name: 'Revoke playground' }).click()
  await page.getByRole('button', { name: 'Revoke this key' }).click()
  await expect(page.getByRole('status')).toContainText('is revoked')
  await ask(page, prompt, javaScriptEnabled)
  await expect(fact(page, 'Outcome')).toHaveText('Completed 200')
  expect(await goodKeys(relay)).toHaveLength(1)
})
