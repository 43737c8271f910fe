import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Customer } from '../../test/customer.ts'
import { startStage, type Stage } from '../../test/stage.ts'
import { setAccountGroup, setGroup, setGroupModels } from '../accounts/accounts.server.ts'
import { eventsOf } from '../../test/raw-client.ts'
import { announceRevocation, revokeKey, rotateKey, setDisabled } from './keys.server.ts'

let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

type Told = { message: string; code: string | null; param: string | null } & Record<string, unknown>
type Headers = Record<string, string>

type Ask = { body?: object; path?: string; headers?: Headers }

/** Fulfils when the answer begins, which of a stream is with its first event. */
function begin(secret: string, { body, path = '/chat/completions', headers }: Ask = {}) {
  const messages = [{ role: 'user', content: 'hello' }]
  const call = { model: 'gpt-4o-mini', max_tokens: 5, messages, ...body }
  return fetch(`${stage.relay.url}${path}`, {
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
    ...(path === '/chat/completions' && { method: 'POST', body: JSON.stringify(call) }),
  })
}

async function send(secret: string, given: Ask = {}) {
  const response = await begin(secret, given)
  const text = await response.text()
  const error = response.ok ? undefined : (JSON.parse(text) as { error: Told }).error
  return { status: response.status, error, text }
}
const statusOf = async (secret: string) => (await send(secret)).status
const modelsOf = async (secret: string) => {
  const { status, text } = await send(secret, { path: '/models' })
  const { data = [] } = JSON.parse(text) as { data?: { id: string }[] }
  return { status, ids: data.map(({ id }) => id) }
}
const whichOf = ({ accountId, keyId }: Customer) => ({ accountId, keyId, userId: null })
const db = () => stage.relay.services.db

describe('a new secret', () => {
  test('works at once, and the old one beside it as long as was said', async () => {
    const customer = await stage.newCustomer()
    assert.equal(await statusOf(customer.secret), 200)
    const second = await rotateKey(db(), whichOf(customer), 24)
    assert.ok(second)
    for (const secret of [customer.secret, second]) {
      assert.equal(await statusOf(secret), 200)
      assert.equal((await modelsOf(secret)).status, 200)
    }
    await stage.sql('update api_keys set old_until = now(3) where id = ?', [customer.keyId])
    assert.equal(await statusOf(second), 200)
    assert.equal(await statusOf(customer.secret), 401)
    assert.equal((await modelsOf(customer.secret)).status, 401)
  })

  test('takes the one before the old one away, and with no hours the old one too', async () => {
    const customer = await stage.newCustomer()
    const second = await rotateKey(db(), whichOf(customer), 1)
    const third = await rotateKey(db(), whichOf(customer), 1)
    assert.ok(second && third)
    const all = () => Promise.all([customer.secret, second, third].map(statusOf))
    assert.deepEqual(await all(), [401, 200, 200])
    const fourth = await rotateKey(db(), whichOf(customer), 0)
    assert.deepEqual(await all(), [401, 401, 401])
    assert.equal(await statusOf(fourth ?? ''), 200)
    const rows = await stage.sql<{ detail: string }>(
      `select detail from account_log where action = 'key rotate' and account_id = ?`,
      [customer.accountId],
    )
    assert.deepEqual(
      rows.map(({ detail }) => JSON.parse(detail) as unknown),
      [{ hours: 1 }, { hours: 1 }, { hours: 0 }],
    )
  })

  test('ends with its key, as the old one does', async () => {
    const customer = await stage.newCustomer()
    const second = (await rotateKey(db(), whichOf(customer), 24)) ?? ''
    assert.equal(await revokeKey(db(), customer.accountId, customer.keyId), true)
    assert.deepEqual([await statusOf(customer.secret), await statusOf(second)], [401, 401])
    assert.equal(await rotateKey(db(), whichOf(customer), 24), undefined)
  })

  test('of two people who ask for one at once are two, of which the first is now the old one', async () => {
    const customer = await stage.newCustomer()
    const both = await Promise.all([1, 2].map(() => rotateKey(db(), whichOf(customer), 1)))
    assert.deepEqual(await Promise.all(both.map((secret) => statusOf(secret ?? ''))), [200, 200])
    assert.equal(await statusOf(customer.secret), 401)
  })
})

test('a disabled key is refused in words, its streams end, and enabled it works again', async () => {
  const customer = await stage.newCustomer()
  const body = { stream: true, messages: [{ role: 'user', content: '[[endless]]' }] }
  const stream = await begin(customer.secret, { body })
  assert.equal(await setDisabled(db(), whichOf(customer), true), 'set')
  assert.equal(await setDisabled(db(), whichOf(customer), true), 'unchanged')
  await announceRevocation(stage.relay.services.redis, customer.keyId)
  const last = eventsOf(await stream.text()).at(-1) ?? '{}'
  assert.match(last, /"error"/)
  for (const path of ['/chat/completions', '/models']) {
    const { status, error } = await send(customer.secret, { path })
    assert.deepEqual([status, error?.code], [403, 'permission_denied'])
    assert.match(error?.message ?? '', /is disabled/)
  }
  assert.equal(await setDisabled(db(), whichOf(customer), false), 'set')
  assert.equal(await statusOf(customer.secret), 200)
})

test('a key works from its addresses only, and a forged header is no address', async () => {
  const here = await stage.newCustomer({ addresses: ['127.0.0.0/8', '::1'] })
  assert.equal(await statusOf(here.secret), 200)
  assert.equal((await modelsOf(here.secret)).status, 200)
  const there = await stage.newCustomer({ addresses: ['203.0.113.0/24'] })
  for (const path of ['/chat/completions', '/models']) {
    const headers = { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7' }
    const { status, error } = await send(there.secret, { path, headers })
    assert.deepEqual([status, error?.code], [403, 'permission_denied'])
    assert.match(error?.message ?? '', /may not be used from 127\.0\.0\.1/)
  }
  assert.deepEqual(await stage.callsOf(there), [])
})

test('an account calls the models of its group alone, from the moment that is set', async () => {
  const customer = await stage.newCustomer()
  const { accountId } = customer
  await setGroup(db(), { name: 'small', factor: 10_000, actor: 'test' })
  await setAccountGroup(db(), { accountId, group: 'small', actor: 'test' })
  assert.equal(await statusOf(customer.secret), 200)
  const set = (models: string[] | null) =>
    setGroupModels(db(), { name: 'small', models, actor: 'test' })
  assert.deepEqual(await set(['gpt-4o', 'gpt-4.1*']), { members: 1 })
  const { status, error } = await send(customer.secret)
  assert.deepEqual([status, error?.param], [403, 'model'])
  assert.match(error?.message ?? '', /This account may not call gpt-4o-mini/)
  const { ids } = await modelsOf(customer.secret)
  assert.ok(ids.includes('gpt-4o') && ids.includes('gpt-4.1-nano') && !ids.includes('gpt-4o-mini'))
  assert.equal((await send(customer.secret, { body: { model: 'gpt-4.1-nano' } })).status, 200)
  await set(null)
  assert.equal(await statusOf(customer.secret), 200)
  assert.equal(
    await setGroupModels(db(), { name: 'none', models: [], actor: 'x' }),
    'no such group',
  )
})

test('a budget of a day that is used up is said with when it begins anew', async () => {
  const customer = await stage.newCustomer({ period: 'day', periodBudgetNanos: 1 })
  const { status, error } = await send(customer.secret)
  assert.deepEqual([status, error?.code], [402, 'key_budget_exceeded'])
  assert.match(error?.message ?? '', /of \$0\.000000001 a day .* begins anew at 20.*T00:00:00Z/)
  assert.equal(error?.budget_period, 'day')
  const renewsAt = String(error?.budget_renews_at)
  assert.ok(Date.parse(renewsAt) > Date.now() && renewsAt.endsWith('T00:00:00Z'))
  assert.equal(error?.top_up_url, undefined)
})
