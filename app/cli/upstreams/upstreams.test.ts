import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { testBooks, type TestBooks } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { testRedisUrl } from '../../../test/database.ts'
import { present } from '../../../test/present.ts'
import { addUpstreamKey, setUpstream } from '../../admin/admin.server.ts'
import { seedCatalog } from '../../catalog/catalog.server.ts'
import { installationName } from '../../db/db.server.ts'
import { createRedis, keyspace, type RedisClient } from '../../redis/redis.server.ts'
import { createLog } from '../../telemetry/log.ts'
import { beat } from '../../ledger/ledger.server.ts'
import {
  readUpstreams,
  sealerOf,
  tellStates,
  UpstreamReader,
  type BreakerReport,
} from '../../upstreams/upstreams.server.ts'

const secretOf = (bytes: Buffer) => bytes.toString('base64')
const never = (name: string) => assert.fail(`${name} cannot be read`)

describe('upstreams on the command line', () => {
  const now = randomBytes(32)
  const key = `sk-proj-${randomBytes(20).toString('hex')}`
  const folder = mkdtempSync(join(tmpdir(), 'upstreams-'))
  const heard: string[] = []
  let books: TestBooks
  let subscriber: RedisClient
  let env: Record<string, string>
  const cli = (more: Record<string, string> = {}, input = '') =>
    capturedCli({ ...env, ...more }, () => new Date(), input)
  const relay = (...args: string[]) => cli()(...args)
  const json = async (...args: string[]) => JSON.parse((await relay(...args, '--json')).out)
  const told = async (...args: string[]) => {
    const { exitCode, out, err } = await relay(...args)
    assert.equal(exitCode, 1, out)
    return err
  }
  const fileWith = (name: string, content: unknown) => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(content))
    return file
  }
  const opened = (...secrets: Buffer[]) => {
    const lines: string[] = []
    const sealer = sealerOf({ upstreamSecrets: secrets })
    const reader = new UpstreamReader(
      books.pool,
      sealer,
      createLog('info', (it) => void lines.push(it)),
    )
    return { lines, reader }
  }

  before(async () => {
    books = await testBooks()
    await seedCatalog(books.pool)
    env = {
      DATABASE_URL: books.url,
      REDIS_URL: testRedisUrl(),
      UPSTREAM_KEYS_SECRET: secretOf(now),
    }
    const name = await installationName(books.pool)
    subscriber = createRedis(testRedisUrl(), name, createLog('silent'))
    subscriber.subscribe(keyspace.upstreamsChannel, (news) => heard.push(news))
    await eventually('the subscription', () => subscriber.hears())
  })
  after(async () => {
    subscriber.close()
    rmSync(folder, { recursive: true })
    await books.close()
  })

  test('one is added with its key, shown without it, and every relay is told', async () => {
    const url = 'https://eu.openai.azure.com/openai/v1'
    const place = ['--preset', 'azure', '--url', url, '--priority', '1']
    const more = ['--key-from', 'AZURE_KEY', '--set', 'timeouts.idleMs=60000']
    const withKey = cli({ AZURE_KEY: `${key}\n` })
    const added = await withKey('upstream', 'add', 'azure-eu', ...place, ...more)
    assert.equal(added.exitCode, 0, added.err)
    await eventually('the news', () => heard.includes('{"what":"changed"}'))
    const shown = await json('upstream', 'show', 'azure-eu')
    assert.equal(shown.definition.baseUrl, 'https://eu.openai.azure.com/openai/v1')
    assert.equal(shown.definition.timeouts.idleMs, 60_000)
    assert.deepEqual([shown.state, shown.priority, shown.weight], ['on', 1, 100])
    const [{ name, last_four, enabled }] = shown.keys
    assert.deepEqual([name, last_four, enabled], ['main', key.slice(-4), true])
    const log = await books.sql(`select detail from admin_log where subject = 'upstream azure-eu'`)
    const rows = await books.sql('select * from upstreams, upstream_keys')
    const texts = [added.out, (await relay('upstream', 'list')).out, shown, log, rows]
    assert.equal(JSON.stringify(texts).includes(key.slice(0, -4)), false)
    const { reader } = opened(now)
    const [open] = present(await reader.readIfChanged())
    assert.equal(open?.keys[0]?.secret, key)
  })

  test('a key comes from standard input or a variable, and never stands in a command', async () => {
    const add = ['upstream', 'key', 'add', 'azure-eu', '--key-name', 'spare', '--key-from']
    assert.equal((await cli({}, `${key}x\n`)(...add, '-')).exitCode, 0)
    assert.match((await cli({}, ' \n')(...add, '-')).err, /Standard input is empty/)
    assert.match(await told(...add, 'NOT_SET'), /variable NOT_SET is empty/)
    assert.match((await cli({ K: 'a b' })(...add, 'K')).err, /space/)
    assert.match((await cli({ K: key })(...add, 'K')).err, /has a key spare already/)
    const typed = await relay(...add, key)
    assert.deepEqual([typed.exitCode, typed.out], [2, ''])
    assert.equal(typed.err.includes(key), false)
    const bare = await cli({ UPSTREAM_KEYS_SECRET: '', K: key })(...add, 'K')
    assert.match(bare.err, /set UPSTREAM_KEYS_SECRET/)
  })

  test('a key is taken out of use and into it again, and forgotten', async () => {
    const { reader } = opened(now)
    const names = async () => (await reader.readIfChanged())?.[0]?.keys.map(({ name }) => name)
    assert.deepEqual(await names(), ['main', 'spare'])
    assert.equal(await names(), undefined)
    await relay('upstream', 'key', 'disable', 'azure-eu', 'main')
    assert.deepEqual(await names(), ['spare'])
    await relay('upstream', 'key', 'enable', 'azure-eu', 'main')
    assert.deepEqual(await names(), ['main', 'spare'])
    await relay('upstream', 'key', 'remove', 'azure-eu', 'spare')
    assert.deepEqual(await names(), ['main'])
    assert.match(await told('upstream', 'key', 'remove', 'azure-eu', 'spare'), /has no key spare/)
    assert.match(await told('upstream', 'key', 'disable', 'nowhere', 'main'), /no upstream nowhere/)
  })

  test('what is set is checked as a whole, and all that is wrong is named', async () => {
    const set = (...settings: string[]) =>
      told('upstream', 'set', 'azure-eu', ...settings.flatMap((it) => ['--set', it]))
    assert.match(await set('usage=sometimes', 'timeouts.idleMs=1'), /usage .*; timeouts.idleMs /)
    assert.match(await set('basUrl=https://x.example'), /basUrl/)
    assert.match(await set('baseUrl=http://169.254.169.254/latest'), /baseUrl must/)
    assert.match(await set('baseUrl=https://user:hunter2@x.example'), /no user and no password/)
    assert.match(await set('headers.authorization=Bearer x'), /key add/)
    const headers =
      'ocp-apim-subscription-key x-functions-key cf-aig-authorization helicone-auth x-auth'
    for (const name of headers.split(' ')) assert.match(await set(`headers.${name}=x`), /key add/)
    for (const name of ['subscription-key', 'code', 'sig', 'auth', 'key'])
      assert.match(await set(`query.${name}=x`), /key add/)
    assert.match(await set('members.set.n=5'), /may not name n/)
    assert.match(await set('members.drop=["max_tokens"]'), /limitMember says/)
    assert.match(await set('members.drop=["stream_options"]'), /always or never/)
    const good = ['members.drop=["user"]', 'query.api-version=2', 'headers.x-title=Ours']
    const changed = await json(
      'upstream',
      'set',
      'azure-eu',
      ...good.flatMap((it) => ['--set', it]),
    )
    assert.deepEqual(changed.definition.members.drop, ['user'])
    assert.deepEqual(changed.definition.query, { 'api-version': '2' })
    const unset = await json('upstream', 'set', 'azure-eu', '--unset', 'headers.x-title')
    assert.deepEqual(unset.definition.headers, {})
    assert.equal(
      (await json('upstream', 'set', 'azure-eu', '--state', 'draining')).state,
      'draining',
    )
    assert.match((await relay('upstream', 'set', 'azure-eu')).err, /nothing to change/)
  })

  test('who changes what somebody else has changed since is told who and when', async () => {
    const seen = await json('upstream', 'show', 'azure-eu')
    const mine = fileWith('mine.json', {
      ...seen,
      definition: { ...seen.definition, usage: 'never' },
    })
    await relay('upstream', 'set', 'azure-eu', '--weight', '7')
    const late = await told('upstream', 'set', 'azure-eu', '--definition', mine)
    assert.match(late, /changed since it was read: cli:\S+ did `upstream set` at 20.*Z\./)
    const after = await json('upstream', 'show', 'azure-eu')
    assert.deepEqual([after.weight, after.definition.usage], [7, 'asked'])
  })

  test('of two replicas that change one at once the second is told', async () => {
    const [upstream] = await readUpstreams(books.pool, never)
    const first = present(upstream)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, weight) =>
        setUpstream(books.pool, {
          before: first,
          after: { ...pick(first), weight },
          actor: `cli:${weight}`,
        }),
      ),
    )
    const winner = answers.findIndex((answer) => answer === 'done')
    assert.equal(answers.filter((answer) => answer === 'done').length, 1)
    for (const answer of answers.filter((it) => it !== 'done'))
      assert.equal(answer.overtaken?.actor, `cli:${winner}`)
    const after = await json('upstream', 'show', 'azure-eu')
    assert.deepEqual([after.weight, after.version], [winner, first.version + 1])
  })

  test('models are served by the names that they have there', async () => {
    assert.equal(
      (await json('upstream', 'serve', 'azure-eu', 'gpt-4o', '--as', 'prod-4o')).model,
      'gpt-4o',
    )
    await relay('upstream', 'serve', 'azure-eu', 'gpt-4o-mini')
    const models = async () => (await json('upstream', 'show', 'azure-eu')).models
    assert.deepEqual(await models(), [
      { model: 'gpt-4o', their_name: 'prod-4o' },
      { model: 'gpt-4o-mini', their_name: 'gpt-4o-mini' },
    ])
    const served = await relay('upstream', 'serve', 'azure-eu', 'gpt-4o')
    assert.match(served.out, /environment's upstream serves it only where/)
    // It is in no table of upstreams, and may serve what others are named for.
    const environments = () =>
      books.sql(`select model from upstream_models where upstream = 'openai'`)
    assert.equal((await relay('upstream', 'serve', 'openai', 'gpt-4o')).exitCode, 0)
    assert.deepEqual(await environments(), [{ model: 'gpt-4o' }])
    assert.equal((await relay('upstream', 'unserve', 'openai', 'gpt-4o')).exitCode, 0)
    assert.deepEqual(await environments(), [])
    assert.match(await told('upstream', 'serve', 'open', 'gpt-4o'), /no upstream open/)
    assert.match(
      await told('upstream', 'key', 'add', 'openai', '--key-from', 'PATH'),
      /no upstream/,
    )
    await relay('upstream', 'serve', 'azure-eu', 'gpt-4o', '--as', 'prod-4o')
    await relay('upstream', 'unserve', 'azure-eu', 'gpt-4o-mini')
    assert.equal((await models()).length, 1)
    assert.match(await told('upstream', 'unserve', 'azure-eu', 'gpt-4o-mini'), /does not serve/)
    assert.match(await told('upstream', 'serve', 'azure-eu', 'gpt-none'), /no model gpt-none/)
  })

  test('what cannot be used is left out and said once, and the others serve', async () => {
    const sealer = present(sealerOf({ upstreamSecrets: [randomBytes(32)] }))
    const strange = { name: 'strange', secret: key, sealer }
    await addUpstreamKey(books.pool, { upstream: 'azure-eu', key: strange, actor: 'test' })
    await relay('upstream', 'add', 'gpu', '--preset', 'vllm')
    await relay('upstream', 'add', 'broken', '--preset', 'vllm')
    await books.sql(`update upstreams set definition = '{"kind":"none"}' where name = 'broken'`)
    const { lines, reader } = opened(now)
    for (const weight of ['1', '2', '3']) {
      const read = present(await reader.readIfChanged())
      assert.deepEqual(
        read.map(({ name, keys }) => [name, keys.map((it) => it.name)]),
        [
          ['azure-eu', ['main']],
          ['gpu', []],
        ],
      )
      await relay('upstream', 'set', 'gpu', '--weight', weight)
    }
    const events = lines.map((line) => JSON.parse(line) as { event: string; upstream: string })
    assert.deepEqual(
      events.map(({ event, upstream }) => [event, upstream]),
      [
        ['upstream_unreadable', 'broken'],
        ['upstream_key_unopened', 'azure-eu'],
      ],
    )
    assert.equal(lines.join('').includes(key.slice(-4)), false)
    assert.match(await told('upstream', 'show', 'broken'), /cannot be read/)
    assert.match((await relay('upstream', 'list')).out, /not called: broken/)
    assert.match(await told('upstream', 'key', 'add', 'gpu', '--key-from', 'PATH'), /without a key/)
    assert.equal((await relay('upstream', 'remove', 'broken')).exitCode, 0)
    await relay('upstream', 'key', 'remove', 'azure-eu', 'strange')
  })

  test('breakers are opened and closed by hand, and each relay says what it has open', async () => {
    const relayId = randomBytes(16)
    await beat(books.pool, relayId)
    const open = {
      upstream: 'azure-eu',
      key: 'main',
      model: 'gpt-4o',
      state: 'open',
      forMs: 29_500,
    }
    await tellStates(subscriber, relayId.toString('hex'), [open as BreakerReport])
    const listed = await relay('upstream', 'list')
    assert.match(listed.out, /key main model gpt-4o: open for 30 s \(\S+ \d+\)/)
    const hold = ['azure-eu', '--key', 'main']
    assert.match((await relay('upstream', 'open', ...hold)).out, /takes no calls until/)
    assert.deepEqual(await subscriber.members(keyspace.upstreamsHeld), [
      '{"upstream":"azure-eu","key":"main","model":null}',
    ])
    await eventually('the news', () => heard.some((it) => it.includes('"what":"open"')))
    assert.match((await relay('upstream', 'close', 'azure-eu')).out, /takes calls again/)
    const slips = [
      [['azure', '--key', 'main'], /But there is no upstream azure\./],
      [['azure-eu', '--key', 'mian'], /But it has no key mian\./],
      [['azure-eu', '--model', 'gpt-9'], /But it does not serve gpt-9\./],
    ] as const
    for (const [names, doubt] of slips) {
      assert.match((await relay('upstream', 'open', ...names)).out, doubt)
      await relay('upstream', 'close', ...names)
    }
    assert.doesNotMatch((await relay('upstream', 'close', 'openai')).out, /But/)
    assert.deepEqual(await subscriber.members(keyspace.upstreamsHeld), [])
    const without = await cli({ REDIS_URL: 'redis://127.0.0.1:1' })('upstream', 'open', ...hold)
    assert.match(without.err, /Redis was not reached, and nothing was changed/)
    assert.match((await cli({ REDIS_URL: '' })('upstream', 'list')).out, /\?/)
  })

  test('one is removed with all that is its own, and one of its name begins anew', async () => {
    const before = await json('upstream', 'show', 'azure-eu')
    const price = ['--input', '1', '--output', '2', '--upstream', 'azure-eu']
    for (const name of ['gpt-4o', 'gpt-4'])
      assert.equal((await relay('price', 'add', name, ...price)).exitCode, 0)
    await relay('price', 'end', 'gpt-4', '--upstream', 'azure-eu')
    const removed = await relay('upstream', 'remove', 'azure-eu')
    assert.equal(removed.exitCode, 0)
    const stands = /prices of its own stands: for gpt-4o; `price end MODEL --upstream azure-eu`/
    assert.match(removed.out, stands)
    assert.match(await told('upstream', 'remove', 'azure-eu'), /no upstream azure-eu/)
    for (const table of ['upstream_keys', 'upstream_models'])
      assert.deepEqual(await books.sql(`select * from ${table}`), [])
    const file = fileWith('again.json', before.definition)
    const added = await relay('upstream', 'add', 'azure-eu', '--definition', file)
    assert.match(added.out, stands)
    const again = await json('upstream', 'show', 'azure-eu')
    assert.deepEqual(again.definition, before.definition)
    assert.ok(again.version > before.version)
    assert.match(await told('upstream', 'add', 'azure-eu', '--preset', 'vllm'), /already/)
  })
})

const pick = ({
  name,
  definition,
  state,
  priority,
  weight,
}: Parameters<typeof setUpstream>[1]['after']) => ({
  name,
  definition,
  state,
  priority,
  weight,
})
