import { expect, type Page } from '@playwright/test'
import { present } from '../test/present.ts'
import { newCallId } from '../app/values/call-id.ts'
import { withPool } from '../test/pool.ts'
import { pastCall, writeHistory } from '../test/history.ts'
import { dearModel, sellDearModel } from './dear-model.ts'
import { createKey, linkedRows, signIn, test } from './fixtures.ts'
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

const rows = (page: Page) => linkedRows(page, 'Calls')
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

/** Every call of the history, page by page to its end. */
async function pageThrough(page: Page): Promise<Set<string>> {
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
  return seen
}

/** The files of what is filtered have its calls, from this day on, and so have the totals and the list. */
async function expectFilesOf(page: Page, from: string) {
  const csv = await page.request.get(
    present(await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href')),
  )
  const records = recordsOf(await csv.text())
  // The day begins at midnight by the browser's clock, and by UTC without JavaScript.
  const earliest = Date.parse(from) - 345 * 60_000
  for (const record of records) {
    expect(record).toMatchObject({ Model: 'gpt-4.1-nano', Status: '200' })
    const at = present(record['Time (UTC)']).replace(' ', 'T')
    expect(Date.parse(at.endsWith('Z') ? at : `${at}Z`)).toBeGreaterThanOrEqual(earliest)
  }
  const days = await page.request.get(
    present(await page.getByRole('link', { name: 'CSV by day' }).getAttribute('href')),
  )
  const ofDays = recordsOf(await days.text()).map((record) => Number(record.Calls))
  expect(ofDays.reduce((sum, calls) => sum + calls, 0)).toBe(records.length)
  const cost = records.reduce((sum, record) => sum + nanosOf(present(record['Cost (USD)'])), 0n)
  await expect(total(page, 'Cost')).toContainText(usdOf(cost))
  await expect(total(page, 'Calls')).toContainText(String(records.length))
  const listed = await rows(page).getByRole('link').all()
  const hrefs = await Promise.all(listed.map((link) => link.getAttribute('href')))
  // A page of the list is as long as the address says.
  expect(hrefs).toEqual(records.slice(0, 25).map((record) => `/calls/${record.Call}`))
}

test('filter, page through and download the call history', async ({
  page,
  relay,
  javaScriptEnabled,
}) => {
  await signIn(page)
  await createKey(page, 'history')
  await makeHistory(relay)

  await page.goto('/usage?pageSize=25')
  await expect(rows(page)).toHaveCount(25)
  const seen = await pageThrough(page)
  const shownInAll = await total(page, 'Calls').locator('dd').first().textContent()
  expect(seen.size).toBe(Number(shownInAll))
  await page.getByRole('link', { name: 'Newest' }).click()
  await expect(page).toHaveURL('/usage?pageSize=25')

  const byModel = page.getByRole('table', { name: 'By model' })
  await byModel.getByRole('link', { name: 'gpt-4.1-nano' }).click()
  await expect(page).toHaveURL('/usage?model=gpt-4.1-nano&pageSize=25')
  await linkedRows(page, 'By key').getByRole('link', { name: 'history' }).click()
  await expect(page).toHaveURL(/model=gpt-4\.1-nano&key=\d+&pageSize=25$/)
  // With JavaScript the filter applies itself, and whoever is in a field stays in it.
  const button = page.getByRole('button', { name: 'Filter', exact: true })
  const apply = async () => (javaScriptEnabled ? undefined : button.click())
  await page.getByLabel('Key', { exact: true }).selectOption('')
  await apply()
  await expect(page).toHaveURL('/usage?model=gpt-4.1-nano&pageSize=25')
  await page.getByLabel('Status', { exact: true }).focus()
  await page.getByLabel('Status', { exact: true }).selectOption('2xx')
  await apply()
  await expect(page).toHaveURL('/usage?model=gpt-4.1-nano&status=2xx&pageSize=25')
  if (javaScriptEnabled) await expect(page.getByLabel('Status', { exact: true })).toBeFocused()
  await expect(button).toHaveCount(javaScriptEnabled ? 0 : 1)
  const from = new Date(Date.now() - 6 * dayMs).toISOString().slice(0, 10)
  await page.getByLabel('From', { exact: true }).fill(from)
  await apply()
  await expect(page).toHaveURL(`/usage?from=${from}&model=gpt-4.1-nano&status=2xx&pageSize=25`)
  await expect(page.getByLabel('Status', { exact: true })).toHaveValue('2xx')
  await expect(page.getByRole('radiogroup', { name: /^Cost by day/ })).toBeVisible()

  await expectFilesOf(page, from)

  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await expect(page.getByRole('radiogroup', { name: /^Calls by day/ })).toBeVisible()
  await page.getByText('Figures by day').click()
  await expect(page.getByRole('table', { name: 'Figures by day' })).toBeVisible()
  await page.getByRole('link', { name: 'Without Status: 2xx' }).click()
  await expect(page).toHaveURL(`/usage?model=gpt-4.1-nano&from=${from}&pageSize=25&measure=calls`)
  await expect(page.getByLabel('Status', { exact: true })).toHaveValue('')
  await page.getByRole('link', { name: 'Clear all' }).click()
  await expect(page).toHaveURL('/usage?pageSize=25&measure=calls')
  await expect(page.getByLabel('Model', { exact: true })).toHaveValue('')
  await page.getByRole('navigation', { name: 'Calls on a page' }).getByText('100').click()
  await expect(page).toHaveURL('/usage?pageSize=100&measure=calls')
  await expect(rows(page)).toHaveCount(100)
})

test('each part of a filter is taken away by a link, and a date is jumped to', async ({
  page,
  relay,
  javaScriptEnabled,
}) => {
  await signIn(page)
  await createKey(page, 'plain')
  await makeHistory(relay)
  await page.goto('/usage')
  const days = page.getByRole('navigation', { name: 'Days' })
  await expect(days.getByRole('link', { name: '30 days' })).toHaveAttribute('aria-current', 'true')
  await page.getByLabel('Model', { exact: true }).selectOption('gpt-4o-mini')
  if (!javaScriptEnabled) await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await expect(page).toHaveURL('/usage?model=gpt-4o-mini')
  const day = new Date(Date.now() - 3 * dayMs).toISOString().slice(0, 10)
  await page.getByLabel('Jump to a date').fill(day)
  await page.getByRole('button', { name: 'Go' }).click()
  await expect(page).toHaveURL(/model=gpt-4o-mini.*before=/)
  await expect(page.getByRole('rowheader').first()).toHaveText(day)
  await expect(page.getByRole('link', { name: 'Newer' })).toBeVisible()
  await page.getByRole('link', { name: 'Without Model: gpt-4o-mini' }).click()
  await expect(page.getByLabel('Model', { exact: true })).toHaveValue('')
  await days.getByRole('link', { name: 'All' }).click()
  await expect(page).toHaveURL('/usage?days=all')
})

test('a bar says what it is to a pointer, to the arrow keys and to a finger', async ({
  page,
  relay,
}) => {
  await signIn(page)
  await createKey(page, 'barred')
  await makeHistory(relay)
  await page.goto('/usage')
  const chart = page.getByRole('radiogroup', { name: /^Cost by day/ })
  const bars = chart.getByRole('radio')
  const day = new Date(Date.now() - 2 * dayMs)
  const form = { weekday: 'short', month: 'short', day: 'numeric', year: 'numeric' } as const
  const shown = day.toLocaleDateString('en-US', { ...form, timeZone: 'UTC' })
  const labels = chart.locator('.bar-label:visible')
  const label = labels.filter({ hasText: shown })
  await bars.nth(-3).hover()
  await expect(label).toContainText(/gpt-4o-mini.*gpt-4.1-nano|gpt-4.1-nano.*gpt-4o-mini/)
  await page.mouse.move(0, 0)
  await expect(labels).toHaveCount(0)
  await bars.nth(-3).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  await expect(label).toBeVisible()
  await bars.nth(-5).check()
  await page.mouse.move(0, 0)
  await expect(labels).toHaveCount(1)
  await expect(label).toHaveCount(0)
  const svgs = await chart.locator('svg').all()
  const widths = await Promise.all(svgs.map(async (svg) => (await svg.boundingBox())?.width ?? 0))
  expect(Math.max(...widths)).toBeLessThanOrEqual(40)
  await expect(
    page.getByText('$0.00 in the 30 days before, up to the same time of day'),
  ).toBeVisible()
  const stacks = page.getByRole('navigation', { name: 'Stacked' })
  await stacks.getByRole('link', { name: 'By key' }).click()
  await expect(page).toHaveURL('/usage?by=key')
  const legend = page.getByRole('list', { name: 'What the bars are made of' })
  await expect(legend.getByRole('listitem').filter({ hasText: /^barred\$/ })).toBeVisible()
  const key = page.getByLabel('Key', { exact: true }).getByRole('option', { name: /^barred / })
  const keyId = present(await key.getAttribute('value'))

  const iso = day.toISOString().slice(0, 10)
  await page.goto(`/usage?key=${keyId}&from=${iso}&to=${iso}&measure=calls`)
  const hours = page.getByRole('radiogroup', { name: /^Calls by hour/ }).getByRole('radio')
  await expect(hours).toHaveCount(24)
  await expect(page.getByText('12 calls the day before')).toBeVisible()
  await page.getByText('Figures by hour').click()
  await expect(page.getByRole('table', { name: 'Figures by hour' }).getByRole('row')).toHaveCount(
    13,
  )
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
  await page.getByRole('alert').getByRole('link', { name: 'Clear the filter' }).click()
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
  await rows(page).first().getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'Receipt: gpt-4o-mini' })).toBeVisible()
  const input = page.getByRole('row').filter({ hasText: 'Input' })
  await expect(input).toContainText(String(usage.prompt_tokens))
  await expect(input).toContainText('$0.15')
  const output = page.getByRole('row').filter({ hasText: 'Output' })
  await expect(output).toContainText(String(usage.completion_tokens))
  const nanos = present(usage.prompt_tokens) * 150 + present(usage.completion_tokens) * 600
  const cost = `$0.${String(nanos).padStart(9, '0')}`
  const paid = page.getByRole('region', { name: 'How it was paid' })
  await expect(paid.getByText('Charged', { exact: true }).locator('xpath=..')).toContainText(cost)
  await expect(paid).not.toContainText('plan')
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

test('the receipt of a call that took two attempts says all that it was charged for', async ({
  page,
  relay,
}) => {
  await signIn(page)
  const secret = await createKey(page, 'dear')
  const { accountId } = await withPool(relay.databaseUrl, readLocalDeveloper)
  const { operate, close } = await sellDearModel(relay)
  const callId = async () => {
    const answer = await page.request.post('/v1/chat/completions', {
      headers: { authorization: `Bearer ${secret}` },
      data: {
        model: dearModel,
        service_tier: 'flex',
        messages: [{ role: 'user', content: 'What does all of this cost? '.repeat(200) }],
      },
    })
    return answer.status() === 200 ? present(answer.headers()['x-request-id']) : undefined
  }
  const row = (what: string) =>
    page.getByRole('row').filter({ has: page.getByRole('cell', { name: what, exact: true }) })
  await operate('group set partners 0.9')
  await operate(`account group ${accountId} partners`)
  // The relay hears of upstreams within seconds.
  let first: string | undefined
  await expect.poll(async () => (first = await callId())).toBeTruthy()
  await page.goto(`/calls/${first}`)
  const lines = {
    'Input from the cache': ['200', '$0.25 a million', '$0.000050000'],
    'Sound in the input': ['100', '$20.00 a million', '$0.002000000'],
    Output: ['200', '$4.00 a million', '$0.000800000'],
    Reasoning: ['100', '$6.00 a million', '$0.000600000'],
    'Sound in the output': ['40', '$40.00 a million', '$0.001600000'],
    Searches: ['2', '$10.00 a thousand', '$0.020000000'],
    Requests: ['1', '$5.00 a thousand', '$0.005000000'],
  }
  for (const [what, texts] of Object.entries(lines))
    for (const text of texts) await expect(row(what)).toContainText(text)
  const cost = page.getByRole('region', { name: 'What it cost' })
  await expect(cost).toContainText('Times 0.9, which this account pays')
  await expect(cost).toContainText('$0.027855')
  await expect(cost).toContainText('at 00:00-24:00 UTC, times 0.5 for the service tier “flex”')
  await expect(cost).toContainText('leaves fees of requests and searches as they are')
  const happened = page.getByRole('region', { name: 'What happened' })
  await expect(happened.getByText(/^first-choice, refused, .*, not billed$/)).toBeVisible()
  await expect(happened.getByText(/^second-choice, .*, billed/)).toBeVisible()
  await expect(happened).toContainText('req_of_the_second')
  for (const width of [375, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    const beside = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(beside).toBe(0)
  }
  await operate(`account factor ${accountId} 1.25`)
  await page.goto(`/calls/${present(await callId())}`)
  await expect(cost).toContainText('Times 1.25, which this account pays')
  await expect(cost).toContainText('$0.0386875')
  await operate(`account factor ${accountId} none`)
  await operate(`account group ${accountId} none`)
  await close()
})
