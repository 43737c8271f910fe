import { expect, type Page } from '@playwright/test'
import { present } from '../test/present.ts'
import { newCallId } from '../app/values/call-id.ts'
import { withPool } from '../test/pool.ts'
import { pastCall, writeHistory } from '../test/history.ts'
import { createKey, signIn, test } from './fixtures.ts'
import { readLocalDeveloper } from './local-developer.ts'
import type { Relay } from './relay.ts'

const statuses = [200, 200, 200, 429, 503]
const models = ['gpt-4o-mini', 'gpt-4.1-nano']
const callsMade = 130
const dayMs = 86_400_000

/** Calls of the last days, a few hours apart, for the account of whoever made this key last. */
async function makeHistory(relay: Relay, calls = callsMade) {
  await withPool(relay.databaseUrl, async (pool) => {
    const { accountId, keyId } = await readLocalDeveloper(pool)
    const now = Date.now()
    const past = Array.from({ length: calls }, (_, i) => {
      const startedAt = new Date(now - (i + 1) * 2 * 3_600_000)
      const statusCode = present(statuses[i % statuses.length])
      const costNanos = statusCode === 200 ? 1_000_001 * (i + 1) : 0
      return pastCall({
        id: newCallId(startedAt.getTime()),
        accountId,
        keyId,
        startedAt,
        statusCode,
        costNanos,
        model: present(models[i % models.length]),
        outcome: statusCode === 200 ? 'completed' : 'failed',
      })
    })
    await writeHistory(pool, past)
  })
}

const rows = (page: Page) =>
  page.getByRole('table', { name: 'Calls', exact: true }).getByRole('row')
const total = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Totals' }).getByText(name, { exact: true }).locator('xpath=..')

/** Rows of a CSV without quoted fields, by the names of its heads. */
function recordsOf(csv: string): Record<string, string>[] {
  // The byte order mark that spreadsheets know UTF-8 by.
  expect(csv[0]).toBe('\uFEFF')
  const [heads = '', ...lines] = csv.slice(1).trimEnd().split('\r\n')
  const names = heads.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, present(cells[i])]))
  })
}
const nanosOf = (usd: string) => BigInt(usd.replace('.', ''))
const usdOf = (nanos: bigint) =>
  `$${nanos / 1_000_000_000n}.${String(nanos % 1_000_000_000n).padStart(9, '0')}`.replace(
    /0{1,7}$/,
    '',
  )

test('filter, page through and download the call history', async ({ page, relay }) => {
  await signIn(page)
  await createKey(page, 'history')
  await makeHistory(relay)

  await page.goto('/usage?pageSize=25')
  await expect(rows(page)).toHaveCount(26)
  const seen = new Set<string>()
  const collect = async () => {
    for (const link of await rows(page).getByRole('link').all())
      seen.add(present(await link.getAttribute('href')))
  }
  const older = page.getByRole('link', { name: 'Older' })
  for (let pageNumber = 1; ; pageNumber++) {
    await collect()
    if ((await older.count()) === 0) break
    const address = present(await older.getAttribute('href'))
    expect(address).toContain('before=')
    await older.click()
    await expect(page).toHaveURL(address)
    await expect(page.getByRole('link', { name: 'Newest' })).toBeVisible()
    expect(pageNumber).toBeLessThan(10)
  }
  const shownInAll = await total(page, 'Calls').locator('dd').first().textContent()
  expect(seen.size).toBe(Number(shownInAll))
  await page.getByRole('link', { name: 'Newest' }).click()
  await expect(page).toHaveURL('/usage?pageSize=25')

  await page.getByLabel('Model', { exact: true }).selectOption('gpt-4.1-nano')
  await page.getByLabel('Status', { exact: true }).selectOption('2xx')
  const from = new Date(Date.now() - 6 * dayMs).toISOString().slice(0, 10)
  await page.getByLabel('From', { exact: true }).fill(from)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await expect(page).toHaveURL(`/usage?from=${from}&model=gpt-4.1-nano&status=2xx&pageSize=25`)
  await expect(page.getByLabel('Status', { exact: true })).toHaveValue('2xx')
  await expect(page.getByRole('img', { name: /^Cost by day/ })).toBeVisible()

  const csv = await page.request.get(
    present(await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href')),
  )
  const records = recordsOf(await csv.text())
  for (const record of records) {
    expect(record).toMatchObject({ Model: 'gpt-4.1-nano', Status: '200' })
    expect(present(record['Time (UTC)']) >= from).toBe(true)
  }
  const cost = records.reduce((sum, record) => sum + nanosOf(present(record['Cost (USD)'])), 0n)
  await expect(total(page, 'Cost')).toContainText(usdOf(cost))
  await expect(total(page, 'Calls')).toContainText(String(records.length))
  const listed = await rows(page).getByRole('link').all()
  const hrefs = await Promise.all(listed.map((link) => link.getAttribute('href')))
  expect(hrefs).toEqual(records.map((record) => `/calls/${record.Call}`))

  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await expect(page.getByRole('img', { name: /^Calls by day/ })).toBeVisible()
  await page.getByText('Figures by day').click()
  await expect(page.getByRole('table', { name: 'Cost by day' })).toBeVisible()
  await page.getByRole('link', { name: 'Clear' }).click()
  await expect(page).toHaveURL('/usage')
})

test('a filter without a hit says so; one that cannot be is told where it was typed', async ({
  page,
}) => {
  await signIn(page)
  await page.goto('/usage?model=gpt-of-nobody')
  await expect(page.getByText('No call matches this filter')).toBeVisible()
  await expect(page.getByLabel('Model', { exact: true })).toHaveValue('gpt-of-nobody')
  const answer = await page.goto('/usage?from=2026-02-30&status=700&colour=red')
  expect(answer?.status()).toBe(400)
  await expect(page.getByLabel('From', { exact: true })).toHaveAccessibleDescription(
    /must be a day/,
  )
  await expect(page.getByRole('alert')).toContainText('colour is not a filter')
  await expect(page.getByRole('link', { name: 'Download CSV' })).toHaveCount(0)
  await page.getByRole('alert').getByRole('link', { name: 'Show all calls' }).click()
  await expect(page).toHaveURL('/usage')
})

test('the receipt of a call says what it cost, how it was paid, and where it is in the books', async ({
  page,
  relay,
}) => {
  await signIn(page)
  const secret = await createKey(page, 'receipt')
  const answer = await page.request.post('/v1/chat/completions', {
    headers: { authorization: `Bearer ${secret}` },
    data: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'How much is this?' }] },
  })
  const { usage } = (await answer.json()) as { usage: Record<string, number> }
  await page.goto('/usage')
  await rows(page).nth(1).getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'Receipt: gpt-4o-mini' })).toBeVisible()
  const input = page.getByRole('row').filter({ hasText: 'Input' })
  await expect(input).toContainText(String(usage.prompt_tokens))
  await expect(input).toContainText('$0.15')
  const output = page.getByRole('row').filter({ hasText: 'Output' })
  await expect(output).toContainText(String(usage.completion_tokens))
  const nanos = present(usage.prompt_tokens) * 150 + present(usage.completion_tokens) * 600
  const cost = `$0.${String(nanos).padStart(9, '0')}`
  const paid = page.getByRole('region', { name: 'How it was paid' })
  await expect(paid.getByText('… from the balance').locator('xpath=..')).toContainText(cost)
  await expect(paid.getByText('Ledger entry')).toBeVisible()
  await expect(page.getByText(present(answer.headers()['x-request-id'])).first()).toBeVisible()
  expect(relay.logged()).not.toContain(secret)
})

test('a call that is none, or somebody else’s, is the same: none', async ({ page }) => {
  await signIn(page)
  for (const id of ['x', '01890000-0000-7000-8000-000000000000']) {
    expect((await page.goto(`/calls/${id}`))?.status()).toBe(404)
    await expect(page.getByText('You have no call with this id.')).toBeVisible()
  }
})
