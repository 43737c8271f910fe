import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { Redis as RedisConnection } from 'ioredis'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'
import { migratedDatabase, testRedisUrl } from '../database.ts'
import { startTestRelay, type TestRelay } from '../relay.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { Opened } from './opened.ts'

/** What goes wrong behind everybody's back leaves a line that says why. */
const opened = new Opened()
let relay: TestRelay
let toDatabase: TcpProxy
let toRedis: TcpProxy
/** A user of Redis who may do all but subscribe, once `forbid` has been called. */
const user = 'unheard'

async function adminRedis<T>(work: (redis: RedisConnection) => Promise<T>) {
  const redis = new RedisConnection(testRedisUrl())
  return work(redis).finally(() => redis.disconnect())
}

before(async () => {
  const database = await migratedDatabase()
  opened.closeWith(() => database.drop())
  toDatabase = await startTcpProxy({ targetPort: Number(new URL(database.url).port) })
  opened.closeWith(() => toDatabase.close())
  await adminRedis((redis) =>
    redis.call('ACL', 'SETUSER', user, 'on', '>pass', '~*', '&*', '+@all', '-subscribe'),
  )
  opened.closeWith(() => adminRedis((redis) => redis.call('ACL', 'DELUSER', user)))
  toRedis = await startTcpProxy({ targetPort: Number(new URL(testRedisUrl()).port) })
  opened.closeWith(() => toRedis.close())
  const redisUrl = new URL(toRedis.through(testRedisUrl()))
  Object.assign(redisUrl, { username: user, password: 'pass' })
  relay = await startTestRelay({
    databaseUrl: toDatabase.through(database.url),
    redisUrl: redisUrl.href,
    upstream: { url: 'http://127.0.0.1:9/v1', apiKey: 'unused' },
  })
  opened.closeWith(() => relay.stop())
})
after(() => opened.close())

type Line = Record<string, unknown>
const linesOf = (event: string, from = 0) =>
  relay.logged
    .slice(from)
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.event === event)
const lineOf = (event: string, from = 0, has: Line = {}) =>
  eventually(`a line of ${event}`, () =>
    linesOf(event, from).find((line) => Object.entries(has).every(([k, v]) => line[k] === v)),
  )
let from = 0
beforeEach(() => (from = relay.logged.length))

const ready = async () => {
  const answer = await fetch(new URL('/readyz', relay.url))
  return { status: answer.status, body: await answer.json() }
}
const wayOf = (proxy: TcpProxy) => ({
  cut() {
    proxy.refuse(true)
    proxy.dropAll()
  },
  mend: () => proxy.refuse(false),
})

test('a subscription that Redis refuses is noted', async () => {
  // The first of them and, of those that are held back for a while, the last one.
  for (const channel of ['revoked', 'upstreams']) {
    const line = await lineOf('redis_subscribe_failed', 0, { channel })
    assert.deepEqual([line.level, line.error, line.code], ['error', 'ReplyError', 'NOPERM'])
  }
  assert.deepEqual(await ready(), {
    status: 200,
    body: { status: 'ready', redis: 'not subscribed' },
  })
})

describe('a Redis that is away', () => {
  test('is said once, and once that it is back; the relay stays ready, and says so too', async () => {
    const way = wayOf(toRedis)
    way.cut()
    await lineOf('redis_away', from)
    for (let i = 0; i < 20; i++)
      assert.deepEqual(await ready(), { status: 200, body: { status: 'ready', redis: 'away' } })
    assert.equal(await relay.services.redis.publish('a channel', 'a message'), false)
    way.mend()
    await lineOf('redis_back', from)
    await eventually('Redis in the answer', async () => {
      const { body } = await ready()
      return (body as { redis: string }).redis === 'not subscribed'
    })
    const counts = ['redis_away', 'redis_back'].map((event) => linesOf(event, from).length)
    assert.deepEqual(counts, [1, 1])
  })

  test('is noticed also where it is there and does not answer', async () => {
    toRedis.freeze(true)
    assert.deepEqual(await ready(), { status: 200, body: { status: 'ready', redis: 'away' } })
    await lineOf('redis_away', from)
    toRedis.freeze(false)
    await eventually('Redis in the answer', async () => {
      const { body } = await ready()
      return (body as { redis: string }).redis === 'not subscribed'
    })
    await lineOf('redis_back', from)
  })
})

describe('with the database away', () => {
  test('each look into it that fails says so, with the code and the place', async () => {
    const leave = relay.services.inFlight.add(1, () => undefined)
    const way = wayOf(toDatabase)
    way.cut()
    try {
      for (const event of ['catalog_refresh_failed', 'revoked_look_failed', 'heartbeat_failed']) {
        const line = await lineOf(event, from)
        assert.equal(line.level, 'warn')
        assert.ok(line.code, JSON.stringify(line))
      }
      assert.deepEqual(await ready(), {
        status: 503,
        body: { status: 'database unreachable', redis: 'not subscribed' },
      })
    } finally {
      way.mend()
      leave()
    }
    await eventually('the relay to be ready', async () => (await ready()).status === 200)
  })
})
