import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { present } from '../../../test/present.ts'
import { readModels, seedCatalog } from '../../catalog/catalog.server.ts'
import { installationName } from '../../db/db.server.ts'
import { eventually } from '../../../dev/command/eventually.ts'
import { callOf, reserve as reserveOn, testBooks, type TestBooks } from '../../../test/books.ts'
import { testRedisUrl } from '../../../test/database.ts'
import type { Ledger } from '../../ledger/ledger.server.ts'
import { createLog } from '../../telemetry/log.ts'
import { createRedis, keyspace, type RedisClient } from '../../redis/redis.server.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { giveKeys } from '../../../test/many-keys.ts'

describe('keys and models on the command line', () => {
  let books: TestBooks
  let subscriber: RedisClient
  let ledger: Ledger
  let accountId: number
  let account: string
  let relay: ReturnType<typeof capturedCli>
  const heard: string[] = []
  const json = async (...args: string[]) => JSON.parse((await relay(...args, '--json')).out)
  const hears = (message: string) => eventually(message, () => heard.includes(message))

  before(async () => {
    books = await testBooks()
    await seedCatalog(books.pool)
    ledger = books.ledger()
    subscriber = createRedis(
      testRedisUrl(),
      await installationName(books.pool),
      createLog('silent'),
    )
    subscriber.subscribe(keyspace.revokedChannel, (id) => heard.push(`revoked ${id}`))
    subscriber.subscribe(keyspace.catalogChannel, () => heard.push('catalog'))
    relay = capturedCli({ DATABASE_URL: books.url, REDIS_URL: testRedisUrl() })
    accountId = (await json('account', 'create', '--name', 'Cy')).id
    account = String(accountId)
    await json('grant', account, '1')
  })
  after(async () => {
    subscriber.close()
    await books.close()
  })

  const reserve = (keyId: number) =>
    reserveOn(ledger, callOf({ accountId, keyId }, { model: 'gpt-4o' }), 1)
  const create = (...args: string[]) => json('key', 'create', '--account', account, ...args)

  test('a name is kept as it is, and one that is too long is refused', async () => {
    const name = '🚀'.repeat(100)
    const { id } = await create('--name', name)
    const { keys } = await json('key', 'list', '--account', account)
    const named = (keys as { id: number; name: string }[]).find((key) => key.id === id)
    assert.equal(named?.name, name)
    const long = await relay('key', 'create', '--account', account, '--name', `${name}🚀`)
    assert.equal(long.exitCode, 2)
    assert.match(long.err, /name must be text of at most 100 characters/)
  })

  test('a key is shown once; neither the log nor a list has its secret', async () => {
    const key = await create(
      '--name',
      'all',
      '--expires',
      '2090-01-31',
      '--budget',
      '0.5',
      '--models',
      'gpt-4o, gpt-4',
    )
    assert.match(key.secret, /^sk-\w{32}$/)
    assert.equal(key.budget_usd, '0.500000000')
    const { keys } = await json('key', 'list', '--account', account)
    const { id, name, shown, status, expires_at, models, spent_usd, revoked_at } = keys[0]
    assert.deepEqual(
      { id, name, shown, status, expires_at, models, spent_usd, revoked_at },
      {
        id: key.id,
        name: 'all',
        status: 'usable',
        models: ['gpt-4o', 'gpt-4'],
        shown: `${key.secret.slice(0, 7)}…${key.secret.slice(-4)}`,
        expires_at: '2090-01-31T00:00:00.000Z',
        spent_usd: '0.000000000',
        revoked_at: null,
      },
    )
    const text = await relay('key', 'create', '--account', account, '--name', 'other')
    const log = await books.sql('select * from admin_log')
    const secrets = [key.secret, present(/sk-\w{32}/.exec(text.out))[0]]
    for (const secret of secrets) assert.ok(!JSON.stringify([log, keys]).includes(secret))
  })

  test('a key takes Responses bodies at the chat’s path where it is made so, and the log says it', async () => {
    const made = await create('--name', 'for an editor', '--responses-at-chat')
    const other = await create('--name', 'for others')
    assert.deepEqual([made.responses_at_chat, other.responses_at_chat], [true, false])
    const { keys } = await json('key', 'list', '--account', account)
    const of = (id: number) =>
      (keys as { id: number; responses_at_chat: boolean }[]).find((key) => key.id === id)
    assert.equal(of(made.id)?.responses_at_chat, true)
    assert.equal(of(other.id)?.responses_at_chat, false)
    const [line] = await books.sql<{ detail: string }>(
      `select detail from admin_log where subject = 'key ${made.id}'`,
    )
    assert.equal(JSON.parse(present(line).detail).responses_at_chat, true)
  })

  test('a long list comes in parts, each told where the next begins', async () => {
    const { id } = await json('account', 'create', '--name', 'many keys')
    await giveKeys(books.sql, id, 130, 3)
    const list = (...args: string[]) => json('key', 'list', '--account', String(id), ...args)
    const ids: number[] = []
    let parts = 0
    for (let after: number | null = null; ; parts++) {
      const part = await list(
        ...(after === null ? [] : ['--after', String(after)]),
        '--limit',
        '40',
      )
      ids.push(...(part.keys as { id: number }[]).map((key) => key.id))
      after = part.next_after
      if (after === null) break
    }
    assert.deepEqual([parts, new Set(ids).size], [3, 130])
    const usual = await list()
    assert.equal(usual.keys.length, 100)
    const found = await list('--name', 'deploy 12', '--status', 'revoked')
    assert.deepEqual([found.keys.length, found.next_after], [8, null])
    const text = await relay('key', 'list', '--account', String(id))
    assert.match(text.out, /\nMore: --after \d+\n$/)
    const lost = await relay('key', 'list', '--account', account, '--after', String(ids[0]))
    assert.deepEqual([lost.exitCode, lost.err], [1, `There is no key ${ids[0]}.\n`])
    assert.equal((await relay('key', 'list', '--account', account, '--status', 'odd')).exitCode, 2)
  })

  test('a key that could never be used is not made', async () => {
    const refused = await relay(
      'key',
      'create',
      '--account',
      account,
      '--name',
      'k',
      '--models',
      'gpt-4o,nope',
    )
    assert.deepEqual([refused.exitCode, refused.err], [1, 'There is no model nope.\n'])
    for (const expires of ['2020-01-01', '2090-02-31', '2090-13-01', '2090-01-01T00:00', 'soon']) {
      const args = ['--account', account, '--name', 'k', '--expires', expires]
      assert.equal((await relay('key', 'create', ...args)).exitCode, 2, expires)
    }
    assert.equal((await relay('key', 'create', '--name', ' ')).exitCode, 2)
  })

  test('a revoked key is refused from then on, and relays are told', async () => {
    const key = await create('--name', 'doomed')
    assert.equal((await reserve(key.id)).granted, true)
    const revoked = await json('key', 'revoke', String(key.id))
    assert.deepEqual([revoked.changed, revoked.announced], [true, true])
    assert.ok(Math.abs(Date.parse(revoked.revoked_at) - Date.now()) < 60_000)
    const answer = await reserve(key.id)
    assert.equal(!answer.granted && answer.code, 'invalid_api_key')
    await hears(`revoked ${key.id}`)
    const again = await json('key', 'revoke', String(key.id))
    assert.deepEqual([again.changed, again.revoked_at], [false, revoked.revoked_at])
    const other = await json('account', 'create', '--name', 'other')
    const wrong = await relay('key', 'revoke', String(key.id), '--account', String(other.id))
    assert.equal(wrong.exitCode, 1)
  })

  test('without Redis a revocation is as valid, soon, and says what it could not do', async () => {
    const key = await create('--name', 'doomed too')
    const alone = capturedCli({ DATABASE_URL: books.url, REDIS_URL: 'redis://127.0.0.1:1' })
    const began = performance.now()
    const { exitCode, out } = await alone('key', 'revoke', String(key.id))
    assert.ok(performance.now() - began < 4_000)
    assert.equal(exitCode, 0)
    assert.match(out, /is revoked since .*Redis was not reached/)
    assert.equal((await reserve(key.id)).granted, false)
  })

  test('a suspended account is refused, and the streams of its keys are ended', async () => {
    const key = await create('--name', 'innocent')
    await json('account', 'suspend', account)
    const answer = await reserve(key.id)
    assert.equal(!answer.granted && answer.code, 'permission_denied')
    await hears(`revoked ${key.id}`)
    await json('account', 'activate', account)
    assert.equal((await reserve(key.id)).granted, true)
  })

  test('a price is exact, dated and announced; the tiers for services stay', async () => {
    heard.length = 0
    const [price] = present(
      (await readModels(books.pool)).find(({ name }) => name === 'gpt-5'),
    ).prices
    const before = present(price?.terms)
    const set = await json(
      'model',
      'price',
      'gpt-5',
      '--input',
      '0.000000001',
      '--output',
      '2.5',
      '--cached',
      '0',
      '--tier',
      '2000:1:2:0.5',
      '--tier',
      '1000:3:4',
    )
    assert.equal(set.announced, true)
    await hears('catalog')
    const { models } = await json('model', 'list')
    const model = models.find(({ name }: { name: string }) => name === 'gpt-5')
    const tiers = model.price.per_million_tokens
    const bounds = tiers.map((tier: Record<string, unknown>) => tier.up_to_input_tokens)
    assert.deepEqual(bounds, [1000, 2000, null])
    const { input_usd, input_nanos, cached_input_usd, cache_write_nanos, output_nanos } = tiers[2]
    assert.deepEqual([input_usd, input_nanos, output_nanos], ['0.000000001', 1, 2_500_000_000])
    assert.deepEqual([cached_input_usd, cache_write_nanos], ['0.000000000', null])
    assert.deepEqual(model.price.multipliers, {})
    assert.deepEqual(model.price.service_tiers, before.serviceTiers)
  })

  test('the price of a service tier is said as a multiple, and others stay as they were', async () => {
    const price = ['model', 'price', 'gpt-5.2', '--input', '1', '--output', '1', '--service-tier']
    const set = await json(...price, 'priority:2.5', '--service-tier', 'scale:0.0001')
    assert.deepEqual(set.price.multipliers, { flex: 0.5, priority: 2.5, scale: 0.0001 })
    assert.deepEqual(set.price.service_tiers, ['flex', 'priority', 'scale'])
    const { models } = await json('model', 'list')
    const model = models.find(({ name }: { name: string }) => name === 'gpt-5.2')
    assert.deepEqual(model.price.multipliers, set.price.multipliers)
    for (const wrong of ['flex', 'flex:', 'flex:0', 'flex:0.00001', 'flex:-1', 'default:2', ':2'])
      assert.equal((await relay(...price, wrong)).exitCode, 2, wrong)
  })

  test('a price can be set for later, once, and never for the past', async () => {
    const price = ['model', 'price', 'gpt-4', '--input', '1', '--output', '1', '--from']
    assert.equal((await relay(...price, '2090-01-01T00:00:00+02:00')).exitCode, 0)
    assert.equal((await relay(...price, '2089-12-31T22:00:00Z')).exitCode, 1)
    assert.equal((await relay(...price, '2020-01-01')).exitCode, 2)
    const { models } = await json('model', 'list')
    const { price: now, next_price: next } = models.find(
      ({ name }: { name: string }) => name === 'gpt-4',
    )
    assert.equal(now.per_million_tokens[0].input_usd, '30.000000000')
    assert.equal(next.effective_from, '2089-12-31T22:00:00.000Z')
    assert.equal((await relay(...price.slice(0, 7), '--tier', '9:1')).exitCode, 2)
    const twice = ['--tier', '9:1:1', '--tier', '9:2:2']
    assert.equal((await relay(...price.slice(0, 7), ...twice)).exitCode, 2)
  })

  test('a model is added like another or on its own, switched off and on', async () => {
    const like = await json('model', 'add', 'my/model-1', '--like', 'gpt-4o', '--context', '1000')
    assert.deepEqual([like.context_tokens, like.max_output_tokens], [1000, 16384])
    assert.equal(like.price.per_million_tokens[0].input_usd, '2.500000000')
    assert.equal((await relay('model', 'add', 'my/model-1', '--like', 'gpt-4o')).exitCode, 1)
    const own = await json('model', 'add', 'own', '--context', '10', '--max-output', '5')
    assert.equal(own.price, null)
    const { err } = await relay('model', 'add', 'a,b', '--input', '1')
    assert.match(err, /--context is missing.*\n--max-output is missing.*\n--output is missing/)
    await json('model', 'disable', 'own')
    const isOn = async () =>
      present((await readModels(books.pool)).find(({ name }) => name === 'own')).enabled
    assert.equal(await isOn(), false)
    await json('model', 'enable', 'own')
    assert.equal(await isOn(), true)
  })
})
