import type { Page } from '@playwright/test'
import { present } from '../test/present.ts'
import { findOrSignUp, localDeveloper } from '../app/auth/auth.server.ts'
import { formatCallId, newCallId } from '../app/values/call-id.ts'
import { costOf, readModels, termsAt } from '../app/catalog/catalog.server.ts'
import type { Pool } from '../app/db/db.server.ts'
import { withPool } from '../test/pool.ts'
import { pastCall, writeHistory, type PastCall } from '../test/history.ts'
import { makeCodes, redeemCode } from '../app/payments/payments.server.ts'
import { createKey, revokeKey } from '../app/keys/keys.server.ts'
import { credit, setPlan } from '../app/ledger/ledger.server.ts'
import { setLimit } from '../app/rates/rates.server.ts'
import { addPlan } from '../app/plans/plans.server.ts'
import { at, type PageState } from './page-state.ts'
import { routeTable, isApi } from './route-table.ts'
import { fillOrders, orderStates, type Orders } from './order-states.ts'
import { fillTeam, teamStates, type Team } from './team-states.ts'
import { readLocalDeveloper } from './local-developer.ts'
import type { Relay } from './relay.ts'

/** What pages in some states need to be named by. */
type Given = {
  keyId: number
  revokedId: number
  codeId: number
  calls: Record<string, string>
  team: Team
  orders: Orders
}

const usd = 1_000_000_000
const ends: Pick<PastCall, 'statusCode' | 'outcome' | 'errorCode'>[] = [
  { statusCode: 200, outcome: 'completed', errorCode: null },
  { statusCode: 499, outcome: 'disconnected', errorCode: 'client_closed_request' },
  { statusCode: 402, outcome: 'refused', errorCode: 'insufficient_balance' },
  { statusCode: 503, outcome: 'failed', errorCode: 'upstream_unavailable' },
  { statusCode: 500, outcome: 'lost', errorCode: null },
]

const noTokens = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0 }
const manyTokens = { inputTokens: 1_000, cachedTokens: 512, outputTokens: 300, reasoningTokens: 20 }

/** Of a call of this model with so many tokens: what its receipt adds up to. */
async function pricesOf(pool: Pool) {
  const models = new Map((await readModels(pool)).map((model) => [model.name, model]))
  return (model: string, tokens: typeof noTokens) => {
    const [price] = present(models.get(model)).prices
    const usage = { ...tokens, cacheWriteTokens: 0 }
    const costNanos = costOf(termsAt(present(price?.terms), new Date(0)), usage, null)
    return { model, priceId: present(price).id, ...usage, costNanos, balanceNanos: costNanos }
  }
}

/** Redeems a code of an operator's; answers its number. */
async function redeemOne(pool: Pool, by: { accountId: number; userId: number }): Promise<number> {
  const batch = { name: 'of the pictures', valueNanos: 5 * usd, plan: null, codes: 1, uses: 2 }
  const { codes } = await pool.transact((db) =>
    makeCodes(db, { ...batch, expiresAt: null, actor: 'test' }),
  )
  const { id, code } = present(codes[0])
  await redeemCode(pool, { ...by, code })
  return id
}

/** Gives the local developer keys, calls of a month and money, unless they are there already. */
export const fillAccount = (relay: Relay): Promise<Given> =>
  withPool(relay.databaseUrl, async (pool) => {
    const by = await findOrSignUp(pool, localDeveloper)
    const { accountId } = by
    const team = await fillTeam(pool, by)
    const name = 'a key with a name as long as somebody in a hurry would never write it'
    const { id: keyId } = present(
      await createKey(pool, accountId, {
        name,
        budgetNanos: 5 * usd,
        models: ['gpt-4o-mini', 'gpt-4.1-nano'],
        expiresAt: new Date(Date.now() + 30 * 86_400_000),
      }),
    )
    const { id: revokedId } = present(await createKey(pool, accountId, { name: 'revoked' }))
    await revokeKey(pool, accountId, revokedId)
    const priceOf = await pricesOf(pool)
    const past = Array.from({ length: 120 }, (_, i) => {
      const startedAt = new Date(Date.now() - (i + 1) * 6 * 3_600_000)
      const end = present(ends[i % ends.length])
      const tokens = { ...manyTokens, inputTokens: manyTokens.inputTokens * (i + 1) }
      const charged = priceOf(
        i % 3 ? 'gpt-4o-mini' : 'gpt-4.1-nano',
        end.statusCode === 200 ? tokens : noTokens,
      )
      return pastCall({
        id: newCallId(startedAt.getTime()),
        accountId,
        keyId,
        startedAt,
        ...end,
        ...charged,
        holdNanos: charged.costNanos + 180_000,
        client: 'openai-python/2.8.1',
        usageSource: end.statusCode === 200 ? 'upstream' : 'none',
      })
    })
    await writeHistory(pool, past)
    const grant = { accountId, kind: 'grant', planNanos: 0, balanceNanos: 20 * usd } as const
    await credit(pool, { ...grant, ref: `states:${keyId}`, actor: 'test', note: 'a present' })
    await setPlan(pool, accountId, 5 * usd, 'test')
    const figures = { requests: 6_000, tokens: 90_000_000, calls: 500, burstSeconds: null }
    const of = { scope: 'account', subject: String(accountId) } as const
    await setLimit(pool, { of, figures, actor: 'test' })
    const terms = { creditNanos: 20 * usd, priceNanos: 18 * usd, graceDays: 3 }
    const scope = { models: ['gpt-4o-mini', 'gpt-4.1*'], groupName: null, rolloverNanos: 5 * usd }
    await addPlan(pool, 'A plan for the picture', { ...terms, ...scope }, 'test')
    const calls = Object.fromEntries(
      past.slice(0, ends.length).map((call) => [call.outcome, formatCallId(Buffer.from(call.id))]),
    )
    const orders = await fillOrders(pool, by)
    return { keyId, revokedId, codeId: await redeemOne(pool, by), calls, team, orders }
  })

/** Gives the local developer one call, and so one row wherever there are rows. */
export async function oneCall(relay: Relay): Promise<void> {
  await withPool(relay.databaseUrl, async (pool) => {
    const by = await readLocalDeveloper(pool)
    const charged = (await pricesOf(pool))('gpt-4o-mini', manyTokens)
    await writeHistory(pool, [pastCall({ ...by, startedAt: new Date(), ...charged })])
  })
}

/** Pages of an account in which nothing has happened. */
export const emptyStates = [
  at('routes/dashboard', 'dashboard-empty', '/dashboard'),
  at('routes/usage', 'usage-empty', '/usage'),
  at('routes/keys', 'keys-empty', '/keys'),
  at('routes/billing', 'billing-new', '/billing'),
]
/** And of one with a single call. */
export const oneStates = [
  at('routes/dashboard', 'dashboard-one', '/dashboard'),
  at('routes/usage', 'usage-one', '/usage'),
]

const billingStates = (codeId: number): PageState[] => [
  at('routes/billing', 'billing', '/billing'),
  at('routes/billing', 'billing-all', '/billing?show=all'),
  at('routes/billing', 'billing-credits', '/billing?show=credits'),
  at('routes/billing', 'billing-empty', '/billing?month=2020-02'),
  at('routes/billing', 'billing-redeemed', `/billing?redeemed=${codeId}`),
  {
    route: 'routes/billing',
    name: 'billing-code-refused',
    open: async (page: Page) => {
      await page.goto('/billing')
      await page.getByLabel('Code', { exact: true }).fill('no code at all')
      await page.getByRole('button', { name: 'Redeem' }).click()
      await page.getByText('this one has 11').waitFor()
    },
  },
]

/** What anybody may see, as somebody who is signed in does. */
const publicStates = [
  at('routes/docs', 'docs', '/docs'),
  at('routes/models', 'models', '/models'),
  at('routes/models', 'models-none', '/models?q=made+by+nobody'),
  at('routes/models_.$', 'model', '/models/gpt-4o-mini'),
  at('routes/models_.$', 'model-tiers', '/models/gpt-5.6-terra'),
  at('routes/models_.$', 'model-unknown', '/models/no/such/model'),
]

/** A form of the notices' page, sent with this address for the webhook. */
const sendWebhook = (name: string, url: string, then: string | RegExp): PageState => ({
  route: 'routes/settings_.notices',
  name,
  open: async (page: Page) => {
    await page.goto('/settings/notices')
    await page.getByLabel('Address', { exact: true }).fill(url)
    await page.getByRole('button', { name: /^(Add|Save) the webhook$/ }).click()
    await page.getByText(then).waitFor()
  },
})

const noticeStates = [
  at('routes/settings_.notices', 'notices', '/settings/notices'),
  sendWebhook('notices-refused', 'https://10.0.0.1/hook', 'must name a public host'),
  sendWebhook('notices-webhook', 'https://example.com/hook', /The webhook is (ready|saved)/),
  at('routes/settings_.notices_.confirm', 'confirm', '/settings/notices/confirm?proof=x'),
  at('routes/notices.stop', 'stop-none', '/notices/stop?account=1&user=1&proof=x'),
]

const keyStates = (keyId: number, revokedId: number): PageState[] => [
  at('routes/keys_.$id', 'key', `/keys/${keyId}`),
  {
    route: 'routes/keys_.$id',
    name: 'key-invalid',
    open: async (page: Page) => {
      await page.goto(`/keys/${keyId}`)
      await page.getByLabel('Addresses').fill('the office')
      await page.getByLabel('Budget in dollars').fill('much')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('write an address').waitFor()
    },
  },
  at('routes/keys_.$id', 'key-revoked', `/keys/${revokedId}`),
  at('routes/keys_.$id_.revoke', 'revoke', `/keys/${keyId}/revoke`),
  at('routes/keys_.$id_.rotate', 'rotate', `/keys/${keyId}/rotate`),
]

/** The playground with an answer to this text, once it says this. */
const askPlayground = (name: string, text: string, then: string): PageState => ({
  route: 'routes/playground',
  name,
  open: async (page: Page) => {
    await page.goto('/playground?model=gpt-4o-mini')
    await page.getByLabel('Text', { exact: true }).fill(text)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText(then).waitFor()
  },
})

const playgroundStates = [
  at('routes/playground', 'playground', '/playground'),
  askPlayground('playground-answered', 'What is a hold?', 'Open the receipt'),
  askPlayground('playground-broken', '[[reset]] What is a hold?', 'This is not all of it'),
  askPlayground('playground-refused', '[[status:400]] What is a hold?', 'It was not answered'),
]

const planChanged: PageState = {
  route: 'routes/billing_.plans',
  name: 'plans-changed',
  open: async (page: Page) => {
    await page.goto('/billing/plans')
    // Whoever looked before at another width has chosen it already.
    const keep = page.getByRole('button', { name: 'Keep this plan as it is' })
    if (await keep.isVisible()) {
      await keep.click()
      await page.getByText('Noted').waitFor()
    }
    await page.getByRole('button', { name: /Change to it on/ }).click()
    await page.getByText('takes its place').waitFor()
  },
}

/** The label of a bar stays where it was chosen. */
const barChosen: PageState = {
  route: 'routes/usage',
  name: 'usage-days',
  open: async (page) => {
    await page.goto('/usage?measure=tokens&by=key&pageSize=25')
    await page.getByRole('radio').nth(-5).check()
    await page.mouse.move(0, 0)
  },
}

/** Every page in every state that an address, or a form that was sent, brings about. */
export function statesOf({ keyId, revokedId, codeId, calls, team, orders }: Given): PageState[] {
  const states = [
    at('routes/_index', 'home', '/'),
    at('routes/dashboard', 'dashboard', '/dashboard'),
    at('routes/usage', 'usage', '/usage'),
    barChosen,
    at('routes/usage', 'usage-none', '/usage?model=gpt-of-nobody'),
    at('routes/usage', 'usage-bad', '/usage?from=2026-02-30&colour=red'),
    ...Object.entries(calls).map(([outcome, id]) =>
      at('routes/calls.$id', `receipt-${outcome}`, `/calls/${id}`),
    ),
    at('routes/calls.$id', 'receipt-none', '/calls/01890000-0000-7000-8000-000000000000'),
    at('routes/keys', 'keys', '/keys'),
    at('routes/keys', 'keys-found', '/keys?status=revoked&name=revoked'),
    at('routes/keys', 'keys-found-none', '/keys?name=nobody+calls+one+so'),
    at('routes/keys', 'keys-revoked', `/keys?revoked=${revokedId}`),
    {
      route: 'routes/keys',
      name: 'keys-created',
      open: async (page: Page) => {
        await page.goto('/keys')
        await page.getByLabel('Name', { exact: true }).fill('made for the picture')
        await page.getByRole('button', { name: 'Create key' }).click()
        await page.getByText('is ready').waitFor()
      },
    },
    ...keyStates(keyId, revokedId),
    ...billingStates(codeId),
    at('routes/billing_.plans', 'plans', '/billing/plans'),
    planChanged,
    at('routes/settings', 'settings', '/settings'),
    {
      route: 'routes/settings',
      name: 'settings-ended',
      open: async (page: Page) => {
        await page.goto('/settings')
        await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
        await page.getByText('You are signed out everywhere else').waitFor()
      },
    },
    ...playgroundStates,
    ...publicStates,
    ...teamStates(team),
    ...noticeStates,
    ...orderStates(orders),
    at('routes/$', 'not-found', '/nowhere'),
    at('routes/auth.$provider_.callback', 'sign-in-none', '/auth/github/callback?code=x&state=y'),
    {
      route: 'routes/login',
      name: 'login',
      // It ends the session: what needs one comes before.
      open: async (page: Page) => {
        await page.goto('/dashboard')
        await page.getByRole('button', { name: 'Sign out' }).click()
        await page.goto('/login')
      },
    },
    at('routes/login', 'login-spent', '/login?token=spent'),
  ]
  checkNoneMissing(states)
  return states
}

function checkNoneMissing(states: PageState[]) {
  const shown = new Set(states.map(({ route }) => route))
  // These answer with a redirect or a file.
  for (const id of [
    'routes/logout',
    'routes/switch',
    'routes/language',
    'routes/theme',
    'routes/playground_.answer',
    'routes/auth.$provider',
    'routes/usage[.]csv',
    'routes/usage[.]jsonl',
    'routes/usage_.days[.]csv',
    'routes/models[.]json',
  ])
    shown.add(id)
  const missing = routeTable().filter((route) => !isApi(route) && !shown.has(route.id))
  if (missing.length) throw new Error(`no state of ${missing.map(({ id }) => id).join(', ')}`)
}
