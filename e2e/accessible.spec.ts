import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'
import { signIn, test } from './fixtures.ts'
import type { PageState } from './page-state.ts'
import { fillAccount, statesOf } from './page-states.ts'

/** All of them look at one account, in one relay. */
let filled: Promise<PageState[]> | undefined
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] }

/** What axe, which is there already, finds on the page as it is: by all its rules, or by these. */
async function violations(page: Page, runOnly?: string[]): Promise<string[]> {
  const found = await page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> }
    }
    return (await axe.run({ resultTypes: ['violations'], ...(only && { runOnly: only }) }))
      .violations
  }, runOnly)
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
  )
}

/** Those that a phone, a tablet and a desk have; axe finds on the tablet what it finds beside it. */
const widths = [375, 768, 1440]
const looked = new Set([375, 1440])
/** The dark has other colours and nothing else: these are axe's rules that look at colours. */
const colorSchemes = { light: undefined, dark: ['color-contrast', 'link-in-text-block'] }
/** So many tests share the states, each within a test's time. */
const groups = 4

// A page is opened once, and looked at in every way: styles alone tell these apart.
for (let group = 0; group < groups; group++)
  test(`axe finds nothing on any page, narrow and wide, light and dark, ${group + 1} of ${groups}`, async ({
    page,
    relay,
  }) => {
    await signIn(page)
    filled ??= fillAccount(relay).then(statesOf)
    const states = await filled
    const size = Math.ceil(states.length / groups)
    const own = states.slice(group * size, (group + 1) * size)
    for (const { name, open } of own) {
      await open(page)
      // It comes in through the debugger, past the policy.
      await page.evaluate(axe)
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        const isWider = await page.evaluate(
          () => document.documentElement.scrollWidth > window.innerWidth,
        )
        expect(isWider, `${name} scrolls sideways at ${width} px`).toBe(false)
        if (!looked.has(width)) continue
        for (const [scheme, rules] of Object.entries(colorSchemes)) {
          await page.emulateMedia({
            colorScheme: scheme as 'light' | 'dark',
            reducedMotion: 'reduce',
          })
          expect(await violations(page, rules), `${name}, ${width} px, ${scheme}`).toEqual([])
        }
      }
    }
    console.log(`    ${own.length} states of pages`)
  })
