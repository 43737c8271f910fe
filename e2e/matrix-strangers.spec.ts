import { createHash, randomBytes } from 'node:crypto'
import { expect, type Page } from '@playwright/test'
import { present } from '../test/present.ts'
import { findOrSignUp } from '../app/auth/auth.server.ts'
import { formatCallId, newCallId } from '../app/values/call-id.ts'
import { run, type Pool } from '../app/db/db.server.ts'
import { pastCall, writeHistory } from '../test/history.ts'
import { createKey, readKey, versionOf } from '../app/keys/keys.server.ts'
import { credit } from '../app/ledger/ledger.server.ts'
import { makeInvitation } from '../app/teams/teams.server.ts'
import { withPool } from '../test/pool.ts'
import { runSql } from '../test/sql.ts'
import { databaseState } from './database-state.ts'
import { signIn, test } from './fixtures.ts'
import { examples, isApi, routeTable, waysTo } from './route-table.ts'

/** In whatever belongs to the other person, and nowhere else. */
const marker = 'zzz-not-yours-zzz'
/** Numbers that occur nowhere else in a page. */
const foreignKey = 7_000_001
const noKey = 7_999_999
const noSession = '0'.repeat(32)
/** Where the numbers of other things of the stranger's begin. */
const foreign = { accounts: 7_100_001, users: 7_200_001, invitations: 7_300_001 }

/** Somebody else with a key, a call, money and a session. */
async function makeStranger(pool: Pool) {
  const who = {
    provider: 'github',
    providerUserId: `${marker}-7`,
    name: marker,
    email: null,
  } as const
  const { accountId, userId } = await findOrSignUp(pool, who)
  const { id } = present(await createKey(pool, accountId, { name: marker }))
  const startedAt = new Date(Date.now() - 60_000)
  const callId = newCallId(startedAt.getTime())
  const call = { id: callId, accountId, keyId: id, startedAt, model: marker, client: marker }
  await writeHistory(pool, [pastCall({ ...call, costNanos: 123_456_789 })])
  const grant = { accountId, kind: 'grant', planNanos: 0, balanceNanos: 987_654_321 } as const
  await credit(pool, { ...grant, ref: marker, actor: marker, note: marker })
  const digest = randomBytes(32)
  await run(pool, 'auth/insert-session', { digest, userId, hours: 1, userAgent: marker })
  const version = versionOf(present(await readKey(pool, accountId, id)))
  const session = createHash('sha256').update(digest).digest('hex').slice(0, 32)
  // One that is none, of the same instant: as a cursor it stands between the same calls.
  const noCall = formatCallId(newCallId(startedAt.getTime()))
  const asked = { accountId, by: { userId }, role: 'member', capNanos: null } as const
  const invitation = await makeInvitation(pool, { ...asked, forWhom: marker })
  if (typeof invitation === 'string') throw new Error(invitation)
  const { providerUserId: identity } = who
  const publicId = randomBytes(16)
  await run(pool, 'payments/orders/insert', {
    publicId,
    accountId,
    userId,
    provider: 'stripe',
    currency: 'USD',
    planId: null,
    amountMinor: 987_654,
    creditNanos: 9_876_540_000_000,
    rate: 1_000_000,
    openHours: 1,
  })
  const order = publicId.toString('hex')
  const ids = { account: accountId, user: userId, invitation: invitation.id, identity, order }
  return { theirs: { key: id, call: formatCallId(callId), session, version, ...ids }, noCall }
}

type Cell = { id: string; address: string; form?: Record<string, string> }
type Named = {
  key: number
  call: string
  session: string
  version: string
  account: number
  user: number
  invitation: number
  /** Of theirs, at a provider. */
  identity: string
  order: string
}

/** Every place where a request can name what is somebody's. */
function cellsFor(named: Named): Cell[] {
  const { key, call, session, version, account, user, invitation, identity, order } = named
  const limits = { name: 'taken', lastDay: '', budget: '', models: '', version }
  return [
    { id: 'routes/keys_.$id', address: `/keys/${key}` },
    { id: 'routes/keys_.$id', address: `/keys/${key}`, form: limits },
    { id: 'routes/keys_.$id_.revoke', address: `/keys/${key}/revoke` },
    { id: 'routes/keys_.$id_.revoke', address: `/keys/${key}/revoke`, form: {} },
    { id: 'routes/keys_.$id', address: `/keys/${key}`, form: { switch: 'disable' } },
    { id: 'routes/keys_.$id_.rotate', address: `/keys/${key}/rotate` },
    { id: 'routes/keys_.$id_.rotate', address: `/keys/${key}/rotate`, form: { hours: '0' } },
    { id: 'routes/keys', address: `/keys?revoked=${key}` },
    { id: 'routes/calls.$id', address: `/calls/${call}` },
    { id: 'routes/usage', address: `/usage?key=${key}` },
    { id: 'routes/usage', address: `/usage?before=${call}` },
    { id: 'routes/usage', address: `/usage?after=${call}` },
    { id: 'routes/usage[.]csv', address: `/usage.csv?key=${key}` },
    { id: 'routes/usage[.]jsonl', address: `/usage.jsonl?key=${key}` },
    { id: 'routes/usage_.days[.]csv', address: `/usage/days.csv?key=${key}` },
    { id: 'routes/billing', address: `/billing?before=${key}` },
    { id: 'routes/billing', address: `/billing?redeemed=${key}` },
    { id: 'routes/billing_.orders', address: `/billing/orders?number=${order}` },
    { id: 'routes/billing_.orders_.$id', address: `/billing/orders/${order}` },
    {
      id: 'routes/billing_.orders_.$id',
      address: `/billing/orders/${order}`,
      form: { intent: 'pay' },
    },
    { id: 'routes/billing_.orders_.$id_.receipt', address: `/billing/orders/${order}/receipt` },
    {
      id: 'routes/billing_.orders_.$id_.receipt',
      address: `/billing/orders/${order}/receipt`,
      form: { address: 'taken' },
    },
    { id: 'routes/settings', address: '/settings', form: { intent: 'end-one', session } },
    { id: 'routes/switch', address: '/switch', form: { account: String(account) } },
    { id: 'routes/settings_.people_.$id', address: `/settings/people/${user}` },
    {
      id: 'routes/settings_.people_.$id',
      address: `/settings/people/${user}`,
      form: { intent: 'remove' },
    },
    {
      id: 'routes/settings_.people',
      address: '/settings/people',
      form: { intent: 'revoke', invitation: String(invitation) },
    },
    {
      id: 'routes/settings',
      address: '/settings',
      form: { intent: 'unlink', provider: 'github', id: identity },
    },
  ]
}

/** A page without what is new in every answer, or is only what was asked for. */
const plain = (text: string, named: Named) =>
  text
    .replaceAll(String(named.key), 'KEY')
    .replaceAll(String(named.user), 'USER')
    .replaceAll(named.call, 'CALL')
    .replaceAll(named.order, 'ORDER')
    .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'ID')
    .replace(/nonce="[^"]*"/g, 'nonce')

async function ask(page: Page, way: string, form: Cell['form'], origin: string) {
  const sent = { headers: { origin }, maxRedirects: 0 }
  const answer = form
    ? await page.request.post(way, { ...sent, form })
    : await page.request.get(way, sent)
  return { status: answer.status(), text: await answer.text() }
}

test('what is somebody else’s is for everybody else as if it were not there', async ({
  page,
  relay,
}) => {
  await signIn(page)
  await runSql(relay.databaseUrl, `alter table api_keys auto_increment = ${foreignKey}`)
  for (const [table, from] of Object.entries(foreign))
    await runSql(relay.databaseUrl, `alter table ${table} auto_increment = ${from}`)
  const { theirs, noCall } = await withPool(relay.databaseUrl, makeStranger)
  expect(theirs.key).toBe(foreignKey)
  const nobody = {
    account: 7_199_999,
    user: 7_299_999,
    invitation: 7_399_999,
    identity: 'x',
    order: randomBytes(16).toString('hex'),
  }
  const nobodys = { ...theirs, key: noKey, call: noCall, session: noSession, ...nobody }
  const none = cellsFor(nobodys)
  // The first page that knows the browser's zone keeps it as the person's own.
  const isZoneKnown = async () =>
    (await page.context().cookies()).some(({ name }) => name === 'zone')
  await expect.poll(isZoneKnown).toBe(true)
  await page.reload()
  const before = await databaseState(relay.databaseUrl)
  let asked = 0
  for (const [at, cell] of cellsFor(theirs).entries()) {
    const ways = waysTo(cell.id, cell.address)
    const waysToNone = waysTo(cell.id, present(none[at]).address)
    for (const [i, way] of ways.entries()) {
      const foreign = await ask(page, way, cell.form, relay.url)
      const absent = await ask(page, present(waysToNone[i]), present(none[at]).form, relay.url)
      expect(foreign.text, way).not.toContain(marker)
      expect(foreign.status, way).toBe(absent.status)
      expect(plain(foreign.text, theirs), way).toBe(plain(absent.text, nobodys))
      asked++
    }
  }
  expect(await databaseState(relay.databaseUrl)).toEqual(before)
  console.log(`    ${asked} requests for what is somebody else's, 0 answered`)

  // Lists of one's own, without any id.
  for (const { id } of routeTable().filter((route) => !isApi(route))) {
    const own = present(examples[id]).address({ key: noKey, call: noCall })
    for (const way of waysTo(id, own))
      expect((await ask(page, way, undefined, relay.url)).text, way).not.toContain(marker)
  }
})

test('signed out, no page shows anything of anybody', async ({ page, relay }) => {
  const open = new Set(
    ['_index', 'login', 'logout', 'theme', 'language', 'docs', 'notices.stop', '$'].map(
      (name) => `routes/${name}`,
    ),
  )
  const personal = routeTable().filter(
    (route) => !isApi(route) && !open.has(route.id) && !/^routes\/(?:auth\.|models)/.test(route.id),
  )
  expect(personal.length).toBeGreaterThan(7)
  for (const { id } of personal) {
    const address = present(examples[id]).address({
      key: 1,
      call: formatCallId(newCallId(Date.now())),
    })
    const answer = await page.request.get(address, { maxRedirects: 0 })
    // That an invitation lets nobody in, everybody is told before they sign in.
    const isOpen = id === 'routes/join.$token'
    expect(answer.status(), id).toBe(isOpen ? 404 : 302)
    const returnTo = encodeURIComponent(address)
    const signIn = isOpen ? undefined : `/login?returnTo=${returnTo}`
    expect(answer.headers().location, id).toBe(signIn)
    for (const way of waysTo(id, address)) {
      const { text } = await ask(page, way, undefined, relay.url)
      expect(text, way).not.toContain('Local developer')
      expect(text, way).not.toContain('Available')
    }
  }
})
