import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'
import { expect } from '@playwright/test'
import { limits } from '../app/config/limits.ts'
import { signIn, test } from './fixtures.ts'
import { fillAccount } from './page-states.ts'
import { isApi, routeTable } from './route-table.ts'

/** Printed by a process of its own: the build is for the server, not for the test runner. */
const program = `
  const { assets } = await import(process.cwd() + '/build/server/index.js')
  const files = ({ module, imports = [] }) => [module, ...imports]
  const shared = [...files(assets.entry), ...files(assets.routes.root)]
  console.log(JSON.stringify(Object.fromEntries(Object.values(assets.routes).map((route) => [
    route.id, [...new Set([...shared, ...files(route)])],
  ]))))`

const kB = 1_000
const quality = { [constants.BROTLI_PARAM_QUALITY]: limits.pages.brotliQuality }
/** As long as it is when it is sent. */
const sentBytes = (bytes: Buffer) => brotliCompressSync(bytes, { params: quality }).length

test('no page needs more than 120 kB of compressed JavaScript', () => {
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program])
  const scripts = JSON.parse(printed.toString()) as Record<string, string[]>
  const known = new Map<string, number>()
  const bytesOf = (path: string) => {
    const bytes = known.get(path) ?? sentBytes(readFileSync(`build/client${path}`))
    known.set(path, bytes)
    return bytes
  }
  const pages = routeTable().filter((route) => !isApi(route))
  const weights = pages.map(({ id }) => {
    const bytes = (scripts[id] ?? []).reduce((sum, path) => sum + bytesOf(path), 0)
    return { id, kB: Math.round(bytes / kB) }
  })
  weights.sort((a, b) => b.kB - a.kB)
  console.log(`    the heaviest: ${weights[0]?.id}, ${weights[0]?.kB} kB`)
  expect(weights.length).toBeGreaterThan(20)
  expect(weights.filter((each) => each.kB > 120)).toEqual([])
})

test('a page of a hundred calls is sent in less than 60 kB', async ({ page, relay }) => {
  await signIn(page)
  await fillAccount(relay)
  const answer = await page.request.get('/usage?pageSize=100')
  const bytes = sentBytes(Buffer.from(await answer.body()))
  console.log(`    ${Math.round(bytes / kB)} kB`)
  expect((await answer.text()).match(/href="\/calls\//g)?.length).toBeGreaterThanOrEqual(100)
  expect(bytes).toBeLessThan(60 * kB)
})

test('programs find what they look for beside the pages, and scripts are kept', async ({
  page,
}) => {
  const icon = await page.request.get('/favicon.ico')
  expect([icon.status(), icon.headers()['content-type']]).toEqual([200, 'image/x-icon'])
  const robots = await (await page.request.get('/robots.txt')).text()
  expect(robots).toContain('Allow: /models')
  expect((await page.request.get('/.well-known/security.txt')).status()).toBe(404)
  const [, script] =
    /(\/assets\/[\w.-]+\.js)/.exec(await (await page.request.get('/')).text()) ?? []
  const headers = (
    await page.request.get(script ?? '', { headers: { 'accept-encoding': 'br' } })
  ).headers()
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(headers['content-encoding']).toBe('br')
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a theme stays as it was chosen, whatever the system says', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto('/models?q=gpt-4o')
    const ground = () => page.locator('body').evaluate((it) => getComputedStyle(it).backgroundColor)
    const light = await ground()
    await page.getByRole('button', { name: 'Dark' }).click()
    await expect(page).toHaveURL(/\/models\?q=gpt-4o$/)
    await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true')
    const dark = await ground()
    expect(dark).not.toBe(light)
    await page.goto('/docs')
    expect(await ground()).toBe(dark)
    await page.getByRole('button', { name: 'As the system' }).click()
    expect(await ground()).toBe(light)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await ground()).toBe(dark)
  })
})
