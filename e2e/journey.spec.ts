import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from '@playwright/test'
import OpenAI from 'openai'
import { present } from '../test/present.ts'
import { createKey, linkedRows, rowOf, signIn, test } from './fixtures.ts'

const run = promisify(execFile)

/** gpt-4o-mini, in nano-dollars a token: $0.15 and $0.60 a million. */
const price = { input: 150, output: 600 }

test('from signing in to a revoked key, with each call at its exact cost', async ({
  page,
  relay,
}) => {
  await signIn(page)
  const secret = await createKey(page, 'journey')
  await expect(rowOf(page, 'journey')).toContainText(`${secret.slice(0, 7)}…${secret.slice(-4)}`)

  const client = new OpenAI({ baseURL: `${relay.url}/v1`, apiKey: secret, maxRetries: 0 })
  const ask = () =>
    client.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'How much is this?' }],
    })
  const { usage } = await ask()
  const nanos =
    present(usage).prompt_tokens * price.input + present(usage).completion_tokens * price.output
  const cost = `$0.${String(nanos).padStart(9, '0')}`

  await page.getByRole('link', { name: 'Dashboard' }).click()
  const call = linkedRows(page, 'Last calls').first()
  for (const [name, text] of [
    ['model', 'gpt-4o-mini'],
    ['outcome', 'Completed 200'],
    ['tokens in', String(present(usage).prompt_tokens)],
    ['tokens out', String(present(usage).completion_tokens)],
    ['cost', cost],
  ]) {
    await expect(call.getByRole('cell', { name: text, exact: true }), name).toBeVisible()
  }
  await expect(page.getByText('No open calls')).toBeVisible()

  await page.getByRole('link', { name: 'API keys' }).click()
  await expect(rowOf(page, 'journey')).toContainText(cost)
  await rowOf(page, 'journey').getByRole('link', { name: 'Revoke journey' }).click()
  await expect(page.getByRole('heading', { name: 'Revoke “journey”?' })).toBeVisible()
  await page.getByRole('button', { name: 'Revoke this key' }).click()
  await expect(page.getByRole('status')).toContainText('“journey” is revoked')
  await expect(page.getByRole('status').locator('time')).toHaveText(/^\d{4}-.*\.\d{3} \S+$/)
  await expect(rowOf(page, 'journey')).toContainText('revoked')
  await expect(ask()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' })

  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.goto('/dashboard')
  await expect(page).toHaveURL('/login?returnTo=%2Fdashboard')
  expect(relay.logged()).not.toContain(secret)
})

test('the curl line under a new key works as it stands', async ({ page }) => {
  await signIn(page)
  await createKey(page, 'for curl')
  const line = await page.getByRole('region', { name: 'Try it with curl' }).textContent()
  const { stdout } = await run('bash', ['-c', `${line} --silent`])
  expect(stdout).toContain('chat.completion.chunk')
  expect(stdout.trimEnd().endsWith('data: [DONE]')).toBe(true)
})
