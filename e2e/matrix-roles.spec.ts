import { expect, type Page } from '@playwright/test'
import { findOrSignUp } from '../app/auth/auth.server.ts'
import type { Pool } from '../app/db/db.server.ts'
import { createKey } from '../app/keys/keys.server.ts'
import { addMember } from '../app/teams/teams.server.ts'
import { formatCallId, newCallId } from '../app/values/call-id.ts'
import { forAccountField } from '../app/values/teams/for-account.ts'
import { may, type Right, type Role } from '../app/values/teams/roles.ts'
import { pastCall, writeHistory } from '../test/history.ts'
import { withPool } from '../test/pool.ts'
import { present } from '../test/present.ts'
import { databaseState } from './database-state.ts'
import { test } from './fixtures.ts'
import { readLocalDeveloper } from './local-developer.ts'
import { newSignInPath } from './relay.ts'
import { rightsTable } from './rights-table.ts'
import { examples, isApi, routeTable, waysTo } from './route-table.ts'

/** In what is the owner's own, and nowhere else. */
const marker = 'zzz-the-owners-zzz'
/** Nobody need be in an account for these. */
const open =
  /^routes\/(?:_index|login|logout|auth\..*|notices\.stop|payments.*|models.*|docs|theme|language|\$)$/

const personal = routeTable().filter((route) => !isApi(route) && !open.test(route.id))

/** A key and a call of the owner's, and somebody of each role in their account. */
async function fill(pool: Pool) {
  const { accountId } = await readLocalDeveloper(pool)
  const key = present(await createKey(pool, accountId, { name: marker }, 1))
  const startedAt = new Date(Date.now() - 60_000)
  const id = newCallId(startedAt.getTime())
  const call = { id, accountId, keyId: key.id, startedAt, model: marker, client: marker }
  await writeHistory(pool, [pastCall({ ...call, costNanos: 123 })])
  const by = { userId: null, actor: 'test' }
  const people: { role: Role; userId: number }[] = []
  for (const role of ['admin', 'member', 'billing'] as const) {
    const who = { provider: 'github', providerUserId: role, name: role, email: null } as const
    const { userId } = await findOrSignUp(pool, who)
    await addMember(pool, { accountId, userId, role, capNanos: null, by })
    people.push({ role, userId })
  }
  return { accountId, key: key.id, call: formatCallId(id), people }
}

const isAllowed = (role: Role, need: Right | 'anybody') => need === 'anybody' || may(role, need)

async function workAs(page: Page, userId: number, account: number, origin: string) {
  await page.context().clearCookies()
  await page.request.get(newSignInPath(userId), { maxRedirects: 0 })
  const form = { account: String(account) }
  const sent = { form, headers: { origin }, maxRedirects: 0 }
  expect((await page.request.post('/switch', sent)).status()).toBe(302)
}

test('every page of an account says what is needed for it', () => {
  const missing = personal.filter(({ id }) => !rightsTable[id]).map(({ id }) => id)
  expect(missing, 'add these to e2e/rights-table.ts').toEqual([])
  const silent = personal.filter(({ id, hasAction }) => hasAction && !rightsTable[id]?.act)
  expect(silent, 'say what the forms of these need').toEqual([])
})

test('a role sees and does what it includes, and nothing else', async ({ page, relay }) => {
  const { accountId, key, call, people } = await withPool(relay.databaseUrl, fill)
  const headers = { origin: relay.url }
  let refused = 0
  for (const { role, userId } of people) {
    await workAs(page, userId, accountId, relay.url)
    const before = await databaseState(relay.databaseUrl)
    const seesAll = may(role, 'see-usage-of-all')
    for (const { id, hasAction } of personal) {
      const { address, form = {} } = present(examples[id])
      const { see, act = 'anybody' } = present(rightsTable[id])
      const what = `${role} at ${id}`
      for (const way of waysTo(id, address({ key, call }))) {
        const answer = await page.request.get(way, { headers, maxRedirects: 0 })
        const text = await answer.text()
        if (!isAllowed(role, see)) expect(answer.status(), `${what} ${way}`).toBe(403)
        else expect(answer.status(), `${what} ${way}`).not.toBe(403)
        if (!seesAll) expect(text, `${what} ${way}`).not.toContain(marker)
      }
      if (!hasAction || isAllowed(role, act)) continue
      for (const way of waysTo(id, address({ key, call }))) {
        const answer = await page.request.post(way, { form, headers, maxRedirects: 0 })
        expect(answer.status(), `${what} by ${way}`).toBe(403)
        refused++
      }
    }
    // Ways to what is somebody else's in the same account.
    if (role === 'member') {
      for (const way of [`/keys?revoked=${key}`, `/usage?key=${key}`, `/usage?before=${call}`])
        expect(await (await page.request.get(way)).text(), way).not.toContain(marker)
      for (const [file, lines] of Object.entries({ '.csv': 1, '.jsonl': 0, '/days.csv': 1 })) {
        const text = await (await page.request.get(`/usage${file}?key=${key}`)).text()
        expect(text.split('\n').filter((line) => line.trim() !== '')).toHaveLength(lines)
      }
      const theirs: [string, Record<string, string>][] = [
        [`/keys/${key}`, { name: 'taken' }],
        ['/settings/people/1', { intent: 'remove' }],
      ]
      for (const [to, form] of theirs) {
        const answer = await page.request.post(to, { form, headers, maxRedirects: 0 })
        expect(answer.status(), to).toBe(404)
      }
    }
    expect(await databaseState(relay.databaseUrl), `${role} has changed nothing`).toEqual(before)
  }
  console.log(`    ${refused} forms of pages that are not for the role, 0 obeyed`)
})

test('no form does anything in another account than the one that it was shown for', async ({
  page,
  relay,
}) => {
  const { key, call, admin } = await withPool(relay.databaseUrl, async (pool) => {
    const { accountId } = await readLocalDeveloper(pool)
    const name = 'elsewhere'
    const who = { provider: 'github', providerUserId: name, name, email: null } as const
    const { userId, accountId: homeId } = await findOrSignUp(pool, who)
    const by = { userId: null, actor: 'test' }
    await addMember(pool, { accountId, userId, role: 'owner', capNanos: null, by })
    const { id } = present(await createKey(pool, accountId, { name: 'theirs' }, userId))
    const noCall = '01890000-0000-7000-8000-000000000000'
    return { key: id, call: noCall, admin: { userId, accountId, homeId } }
  })
  await workAs(page, admin.userId, admin.accountId, relay.url)
  const before = await databaseState(relay.databaseUrl)
  const headers = { origin: relay.url }
  let refused = 0
  for (const { id } of personal.filter(({ hasAction }) => hasAction)) {
    const { address, form: shown = {} } = present(examples[id])
    const form = { ...shown, [forAccountField]: String(admin.homeId) }
    for (const way of waysTo(id, address({ key, call }))) {
      const answer = await page.request.post(way, { form, headers, maxRedirects: 0 })
      expect(answer.status(), `${id} by ${way}`).toBe(409)
      refused++
    }
  }
  expect(await databaseState(relay.databaseUrl)).toEqual(before)
  console.log(`    ${refused} forms of another account, 0 obeyed`)
})
