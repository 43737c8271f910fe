import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'

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

/** On how many lines the links to pages stand. */
const linesOfLinks = () => {
  const links = document.querySelectorAll('nav[aria-label=Pages] li')
  return new Set([...links].map((link) => link.getBoundingClientRect().top)).size
}

/** Those that a phone, a tablet and a desk have; axe finds on the tablet what it finds beside it. */
const widths = [375, 768, 1440]
const looked = new Set([375, 1440])
/** The dark has other colours and nothing else: these are axe's rules that look at colours. */
const colorSchemes = { light: undefined, dark: ['color-contrast', 'link-in-text-block'] }

/**
 * Looks at the page as it is, in every way, which styles alone tell apart: that axe finds nothing,
 * that it does not scroll sideways, and that the links above it stand on one line.
 */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  // It comes in through the debugger, past the policy.
  await page.evaluate(axe)
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    const isWider = await page.evaluate(
      () => document.documentElement.scrollWidth > window.innerWidth,
    )
    expect(isWider, `${name} scrolls sideways at ${width} px`).toBe(false)
    const lines = await page.evaluate(linesOfLinks)
    expect(lines, `the links above ${name} at ${width} px`).toBeLessThanOrEqual(1)
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
