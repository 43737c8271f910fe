import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
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
  // What is said is loaded beside them, in one language: what every page may say, and its own.
  const assets = readdirSync('build/client/assets')
  const shared = assets.filter((name) => /^(en|zh-CN)-shared-/.test(name))
  expect(shared.length).toBe(2)
  const saidBy = (path: string) => {
    const text = readFileSync(`build/client${path}`, 'utf8')
    return text.match(/(?:en|zh-CN)-of-[\w-]+\.js/g) ?? []
  }
  const heaviest = (language: string, names: string[]) =>
    names
      .filter((name) => name.startsWith(`${language}-`))
      .reduce((sum, name) => sum + bytesOf(`/assets/${name}`), 0)
  const pages = routeTable().filter((route) => !isApi(route))
  const weights = pages.map(({ id }) => {
    const own = scripts[id] ?? []
    const said = [...new Set([...own.flatMap(saidBy), ...shared])]
    const saidBytes = Math.max(heaviest('en', said), heaviest('zh-CN', said))
    const bytes = own.reduce((sum, path) => sum + bytesOf(path), saidBytes)
    return { id, kB: Math.round(bytes / kB), ofWhichSaid: Math.round(saidBytes / kB) }
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

test('a browser is sent the texts of one language, in which its page stays', async ({
  browser,
  relay,
}) => {
  const context = await browser.newContext({
    locale: 'zh-TW',
    baseURL: relay.url,
    javaScriptEnabled: true,
  })
  const page = await context.newPage()
  const scripts = new Set<string>()
  page.on('response', (it) => {
    if (it.url().endsWith('.js')) scripts.add(it.url())
  })
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  page.on('console', (it) => void (it.type() === 'error' && errors.push(it.text())))
  await page.goto('/')
  await page.getByRole('link', { name: '文档', exact: true }).first().click()
  await expect(page).toHaveURL(/\/docs$/)
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  // What a page alone says is there when it is shown, and what a browser makes of it is what was sent.
  await page.getByRole('link', { name: '模型', exact: true }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/\p{Script=Han}/u)
  expect(errors).toEqual([])
  const texts = [...scripts].map(async (url) => (await page.request.get(url)).text())
  const all = (await Promise.all(texts)).join('')
  expect(all).toContain('跳到正文')
  expect(all).not.toContain('Skip to the page')
  await context.close()
})

test('who types while a page comes to life keeps what they typed, and the page its script', async ({
  browser,
  relay,
}) => {
  const context = await browser.newContext({ baseURL: relay.url, javaScriptEnabled: true })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  await page.addInitScript(() => {
    const isAlive = (it: Element) => Object.keys(it).some((name) => name.startsWith('__react'))
    // As often as the page lets anything else be done, until it is alive.
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      const field = document.querySelector<HTMLInputElement>('input[name="q"]')
      if (field) {
        field.value = 'gpt'
        field.dispatchEvent(new InputEvent('input', { bubbles: true }))
      }
      if (field && isAlive(field)) document.title = 'alive'
      else port2.postMessage('')
    }
    port2.postMessage('')
  })
  await page.goto('/models')
  await expect(page).toHaveTitle('alive')
  await expect(page.getByLabel('Name or maker')).toHaveValue('gpt')
  expect(errors).toEqual([])
  await context.close()
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a language is asked for by the browser, chosen below any page, and kept for its person', async ({
    page,
    browser,
    relay,
  }) => {
    const html = (of: typeof page) => of.locator('html')
    await page.goto('/login?returnTo=%2Fusage')
    await expect(html(page)).toHaveAttribute('lang', 'en')
    await page.getByRole('button', { name: '中文' }).click()
    await expect(page).toHaveURL(/\/login\?returnTo=%2Fusage$/)
    await expect(html(page)).toHaveAttribute('lang', 'zh-CN')
    await expect(page).toHaveTitle(/^登录 · /)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('登录')
    await page.goto('/no-such-page')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('页面不存在')

    await signIn(page)
    await page.goto('/settings')
    await page.getByLabel('页面语言').selectOption('English')
    await page.getByRole('button', { name: '保存语言' }).click()
    await expect(html(page)).toHaveAttribute('lang', 'en')
    await page.getByRole('button', { name: '中文' }).click()
    await expect(html(page)).toHaveAttribute('lang', 'zh-CN')

    // Another browser of the same person, whose own language is English.
    const elsewhere = await browser.newContext({ baseURL: relay.url, locale: 'en-US' })
    const cookies = await page.context().cookies()
    await elsewhere.addCookies(cookies.filter(({ name }) => name.includes('sid')))
    const other = await elsewhere.newPage()
    await other.goto('/settings')
    await expect(html(other)).toHaveAttribute('lang', 'zh-CN')
    await elsewhere.close()
  })

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
