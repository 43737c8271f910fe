import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'
import { signIn, test } from './fixtures.ts'
import { fillAccount, statesOf } from './page-states.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] }

/** What axe, which is there already, finds on the page as it is. */
async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> }
    }
    return (await axe.run({ resultTypes: ['violations'] })).violations
  })
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
  )
}

for (const width of [375, 1280]) {
  test(`axe finds nothing on any page, light and dark, ${width} px`, async ({ page, relay }) => {
    await page.setViewportSize({ width, height: 900 })
    await signIn(page)
    const given = await fillAccount(relay)
    let looked = 0
    for (const { name, open } of statesOf(given)) {
      await open(page)
      // It comes in through the debugger, past the policy.
      await page.evaluate(axe)
      // Styles alone tell them apart, so each page is opened once for both.
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        expect(await violations(page), `${name}, ${colorScheme}`).toEqual([])
      }
      const isWider = await page.evaluate(
        () => document.documentElement.scrollWidth > window.innerWidth,
      )
      expect(isWider, `${name} scrolls sideways`).toBe(false)
      looked++
    }
    console.log(`    ${looked} states of pages`)
  })
}
