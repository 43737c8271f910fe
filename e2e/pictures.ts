import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { signIn, test } from './fixtures.ts'
import type { PageState } from './page-state.ts'
import { emptyStates, fillAccount, oneCall, oneStates, statesOf } from './page-states.ts'

const folder = 'screenshots'
const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [375, 768, 1440].map((width) => ({ colorScheme, width })),
)

async function takeAll(page: Page, states: PageState[], suffix: string): Promise<string[]> {
  const files: string[] = []
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    await page.context().clearCookies()
    await signIn(page)
    for (const { name, open } of states) {
      await open(page)
      const file = `${name}-${colorScheme}-${width}${suffix}.png`
      await page.screenshot({ path: join(folder, file), fullPage: true })
      files.push(file)
    }
  }
  return files
}

test('pictures', async ({ page, relay, javaScriptEnabled }) => {
  const suffix = javaScriptEnabled ? '' : '-without-javascript'
  if (javaScriptEnabled) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const files = await takeAll(page, emptyStates, suffix)
  await oneCall(relay)
  files.push(...(await takeAll(page, oneStates, suffix)))
  files.push(...(await takeAll(page, statesOf(await fillAccount(relay)), suffix)))
  const figures = files.map(
    (file) => `<figure><figcaption>${file}</figcaption><img loading="lazy" src="${file}"></figure>`,
  )
  const style = 'figure{display:inline-block;vertical-align:top;margin:1rem}img{max-width:40rem}'
  const index = `<!doctype html><style>${style}</style>${figures.join('\n')}`
  writeFileSync(join(folder, `index${suffix}.html`), index)
  console.log(`    ${files.length} pictures, see ${folder}/index${suffix}.html`)
})
