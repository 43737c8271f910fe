import { chromium } from 'playwright'
import { findProgram } from '../dev/servers/programs.ts'

/**
 * A person with a real browser signs in by the fake GitHub, through the proxy, and makes a key.
 * Answers the key that came with the account.
 */
export async function signInByBrowser(port: number): Promise<string> {
  const browser = await chromium.launch({
    executablePath: findProgram('chromium') ?? 'chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true })
    const page = await context.newPage()
    await page.goto(`https://localhost:${port}/login`)
    await page.getByRole('button', { name: 'Continue with GitHub' }).click()
    await page.getByLabel('Login').fill('ada')
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
    const shown = page.getByRole('status').getByText(/^sk-[0-9A-Za-z]{32}$/)
    const secret = (await shown.textContent()) ?? ''
    await page.goto(`https://localhost:${port}/keys`)
    await page.getByLabel('Name', { exact: true }).fill('made through the proxy')
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByRole('status').getByText(/^sk-/).waitFor()
    return secret
  } finally {
    await browser.close()
  }
}
