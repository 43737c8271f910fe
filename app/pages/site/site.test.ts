import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { migratedDatabase, testRedisUrl } from '../../../test/database.ts'
import { startTestPages, type TestPages } from '../../../test/pages.ts'
import { environmentFaults } from '../../config/env.ts'
import { contrast, parseColour } from '../../values/site/colour.ts'
import { brandOf } from './brand.ts'
import { brandColours } from './brand-sheet.ts'

const folder = mkdtempSync(join(tmpdir(), 'brand-'))
const logo = join(folder, 'logo.svg')
let database: Awaited<ReturnType<typeof migratedDatabase>>
let pages: TestPages
let plain: TestPages

before(async () => {
  writeFileSync(logo, '<svg xmlns="http://www.w3.org/2000/svg"/>')
  database = await migratedDatabase()
  const routes = { theme: () => import('../../routes/theme.tsx') }
  const stores = { databaseUrl: database.url, redisUrl: testRedisUrl(), routes }
  const env = {
    BRAND_NAME: 'Example Relay',
    BRAND_LOGO: logo,
    BRAND_COLOR: '#7a1fa2',
    SECURITY_CONTACT: 'security@example.com',
  }
  pages = await startTestPages({ ...stores, env })
  plain = await startTestPages({
    ...stores,
    env: { CONTACT: 'WeChat: somebody', BRAND_LOGO: 'https://cdn.example.com/logo.png' },
  })
})
after(async () => {
  await pages.stop()
  await plain.stop()
  await database.drop()
  rmSync(folder, { recursive: true })
})

describe('what is the operator’s own', () => {
  test('is served with its type, and kept where it is asked for by its mark', async () => {
    const brand = brandOf(pages.services.env)
    assert.equal(brand.name, 'Example Relay')
    const sheet = await fetch(pages.url + brand.sheet)
    assert.equal(sheet.headers.get('content-type'), 'text/css')
    assert.match(sheet.headers.get('cache-control')!, /immutable/)
    assert.match(await sheet.text(), /--accent:#7a1fa2/)
    const picture = await fetch(pages.url + brand.logo)
    assert.equal(picture.headers.get('content-type'), 'image/svg+xml')
    assert.match(picture.headers.get('content-security-policy')!, /default-src 'none'/)
    const unmarked = await fetch(`${pages.url}/brand.css`)
    assert.equal(unmarked.headers.get('cache-control'), 'public, max-age=3600')
    assert.equal((await fetch(`${plain.url}/brand.css`)).status, 404)
    const { headers } = await fetch(`${plain.url}/theme`, { redirect: 'manual' })
    assert.match(
      headers.get('content-security-policy')!,
      /img-src 'self' data: https:\/\/cdn\.example\.com;/,
    )
  })

  test('names whom to tell of a hole, and is 404 where nobody can be told by an address', async () => {
    const told = await fetch(`${pages.url}/.well-known/security.txt`)
    const text = await told.text()
    assert.equal(told.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.match(text, /^Contact: mailto:security@example\.com$/m)
    const [, until = ''] = /^Expires: (.*)$/m.exec(text) ?? []
    assert.ok(Date.parse(until) > Date.now())
    assert.ok(text.includes(`Canonical: ${pages.url}/.well-known/security.txt`))
    assert.equal((await fetch(`${plain.url}/.well-known/security.txt`)).status, 404)
  })

  test('has colours that can be read in both themes, whatever colour was given', () => {
    const grounds = {
      light: ['#ffffff', '#f6f7f4', '#eff2ed'],
      dark: ['#161d1a', '#0e1311', '#1d2622'],
    }
    for (const text of ['#7a1fa2', '#000000', '#0b6b4b', '#c2185b', '#1a4fd6', '#6b5a00']) {
      const colours = brandColours(parseColour(text)!)
      for (const theme of ['light', 'dark'] as const) {
        const { accent, ...others } = colours[theme]
        const on = [...grounds[theme].map((ground) => parseColour(ground)!), others['accent-soft']]
        for (const ground of on) assert.ok(contrast(accent, ground) >= 4.5, `${text} ${theme}`)
        for (const button of [accent, others['accent-strong']])
          assert.ok(contrast(button, others['on-accent']) >= 4.5, `${text} ${theme} button`)
      }
    }
  })

  test('is refused at the start where it cannot be shown', () => {
    const wrong = {
      BRAND_NAME: 'x'.repeat(41),
      BRAND_LOGO: join(folder, 'none.svg'),
      BRAND_COLOR: '#ffd400',
      FOOTER_LINKS: 'Terms=javascript:alert(1)',
      SECURITY_CONTACT: 'call me',
    }
    const faults = environmentFaults(wrong).join('\n')
    for (const name of Object.keys(wrong)) assert.match(faults, new RegExp(`^${name}: must`, 'm'))
    const right = { FOOTER_LINKS: 'Terms=https://example.com/a,Help=mailto:a@b.c,Here=/docs' }
    assert.doesNotMatch(environmentFaults(right).join('\n'), /FOOTER_LINKS/)
  })
})

test('a theme is chosen by a form, kept in a cookie, and leads back to where it was chosen', async () => {
  const choose = (theme: string, returnTo: string) =>
    fetch(`${pages.url}/theme`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: pages.url },
      body: new URLSearchParams({ theme, returnTo }),
    })
  const dark = await choose('dark', '/models?q=gpt')
  assert.deepEqual([dark.status, dark.headers.get('location')], [302, '/models?q=gpt'])
  assert.match(
    dark.headers.get('set-cookie')!,
    /^theme=dark; Path=\/; Max-Age=31536000; SameSite=Lax$/,
  )
  const back = await choose('system', '//evil.example')
  assert.deepEqual([back.headers.get('location')], ['/dashboard'])
  assert.match(back.headers.get('set-cookie')!, /Max-Age=0/)
  assert.equal((await choose('pink', '/')).status, 400)
})
