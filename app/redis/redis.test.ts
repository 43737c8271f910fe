import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { after, before, describe, mock, test } from 'node:test'
import { Redis as Connection } from 'ioredis'
import { eventually } from '../../dev/command/eventually.ts'
import { startRedis, type Redis } from '../../dev/servers/redis.ts'
import { channels, openRedis, toHear, type OpenedRedis } from '../../test/failures/opened-redis.ts'
import { limits } from '../config/limits.ts'
import { createLog } from '../telemetry/log.ts'
import { Presence } from './presence.ts'
import { createSubscriber } from './subscriber.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearing '))
let server: Redis
before(async () => (server = await startRedis({ dir: folder })))
after(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

async function asked<T>(work: (connection: Connection) => Promise<T>, url = server.url) {
  const connection = new Connection(url)
  connection.on('error', () => undefined)
  return work(connection).finally(() => connection.disconnect())
}
const numsub = ({ namespace }: OpenedRedis) =>
  asked(async (connection) => {
    const names = channels.map((channel) => `${namespace}:${channel}`)
    const said = (await connection.pubsub('NUMSUB', ...names)) as (string | number)[]
    return [said[1], said[3]]
  })
const open = (url = server.url) => openRedis(url)

test('every start subscribes, whenever it says what to, and says nothing about it', async () => {
  for (let start = 0; start < 24; start++) {
    const relay = open()
    // Before it has connected, at each step of that, or after.
    for (let turn = 0; turn < start; turn++) await nextTurn()
    if (start % 4 === 3) await relay.redis.ping()
    relay.subscribe()
    await toHear(relay)
    assert.deepEqual(await numsub(relay), [1, 1], `start ${start}`)
    assert.equal(await relay.redis.publish('revoked', '7'), true)
    await eventually('the message', () => relay.messages.length === 1)
    relay.redis.close()
    assert.deepEqual(relay.events(), [])
  }
})

describe('a Redis that was away', () => {
  test('is subscribed to again after each kill -9, and what is lost is said once', async () => {
    const relay = open()
    relay.subscribe()
    await toHear(relay)
    for (let kill = 1; kill <= 4; kill++) {
      await server.kill9()
      await eventually('to hear nothing', () => !relay.redis.hears())
      assert.equal(await relay.redis.ping(), false)
      await server.restart()
      await toHear(relay)
      assert.deepEqual(await numsub(relay), [1, 1], `kill ${kill}`)
      await eventually('it to be back', () => relay.events().length === 2 * kill)
    }
    relay.redis.close()
    const said = relay.events().map((event) => event.split(' ')[0])
    assert.deepEqual(said, Array.from({ length: 4 }, () => ['redis_away', 'redis_back']).flat())
  })

  test('and is subscribed to once it comes where a relay started without it', async () => {
    await server.kill9()
    const relay = open()
    relay.subscribe()
    assert.equal(await relay.redis.ping(), false)
    assert.equal(relay.redis.hears(), false)
    await server.restart()
    await toHear(relay)
    assert.deepEqual(await numsub(relay), [1, 1])
    relay.redis.close()
  })

  test('also where its connections were closed one by one', async () => {
    const relay = open()
    relay.subscribe()
    for (let time = 0; time < 10; time++) {
      await toHear(relay)
      await asked((connection) => connection.client('KILL', 'TYPE', 'pubsub'))
      await eventually('to hear nothing', () => !relay.redis.hears())
    }
    await toHear(relay)
    assert.deepEqual(await numsub(relay), [1, 1])
    relay.redis.close()
  })
})

describe('a user of Redis', () => {
  const asUser = (name: string, ...rights: string[]) =>
    asked(async (connection) => {
      await connection.call('ACL', 'SETUSER', name, 'on', '>pass', 'resetchannels', '&*', ...rights)
      return Object.assign(new URL(server.url), { username: name, password: 'pass' }).href
    })

  test('needs no right but to be asked, to publish and to subscribe', async () => {
    const relay = open(await asUser('few', '+ping', '+publish', '+subscribe'))
    relay.subscribe()
    await toHear(relay)
    assert.equal(await relay.redis.publish('catalog', 'changed'), true)
    await eventually('the message', () => relay.messages.length === 1)
    relay.redis.close()
    assert.deepEqual(relay.events(), [])
  })

  test('who may not subscribe is said to hear nothing, and heard once they may', async () => {
    const relay = open(await asUser('unheard', '+ping'))
    relay.subscribe()
    await eventually('the refusals', () => relay.events().length === 2)
    assert.equal(await relay.redis.ping(), true)
    assert.equal(relay.redis.hears(), false)
    assert.deepEqual(relay.events(), [
      'redis_subscribe_failed NOPERM',
      'redis_subscribe_failed NOPERM',
    ])
    await asUser('unheard', '+subscribe')
    await toHear(relay)
    relay.redis.close()
  })

  test('with a wrong password is away, with the reason', async () => {
    const relay = open(Object.assign(new URL(server.url), { password: 'wrong' }).href)
    relay.subscribe()
    await eventually('a line', () => relay.events().length > 0)
    assert.equal(await relay.redis.ping(), false)
    relay.redis.close()
    assert.match(relay.events()[0] ?? '', /^redis_away (WRONGPASS|NOAUTH)$/)
  })
})

test('while it reads its data back, a Redis takes subscriptions and messages', async () => {
  const said = (await asked((connection) =>
    connection.call('COMMAND', 'INFO', 'subscribe', 'publish'),
  )) as [string, number, string[]][]
  for (const [name, , flags] of said) assert.ok(flags.includes('loading'), name)
})

describe('a subscriber', () => {
  /** One whose looks are due when the test says so. */
  function watched(send: (connection: Connection) => Promise<boolean>) {
    mock.timers.enable({ apis: ['setInterval'] })
    const log = createLog('silent')
    const connection = new Connection(server.url, { autoResubscribe: false })
    let missed = 0
    const echo = { channel: 'echo', send: () => asked(send), missed: () => missed++ }
    const subscriber = createSubscriber(connection, { echo, presence: new Presence(log), log })
    subscriber.subscribe('any', () => undefined)
    // The timer is made, and everybody else has their own again.
    const tick = mock.timers.tick.bind(mock.timers, limits.watch.subscribedEveryMs)
    return { subscriber, tick, missed: () => missed }
  }
  after(() => mock.timers.reset())

  test('that does not hear what is published connects anew, and says so', async () => {
    const { subscriber, tick, missed } = watched(() => Promise.resolve(true))
    await eventually('to hear', () => subscriber.hearsAll())
    tick()
    await eventually('the loss', () => missed() === 1)
    await eventually('to hear again', () => subscriber.breaks() === 1 && subscriber.hearsAll())
    subscriber.close()
    mock.timers.reset()
  })

  test('that hears it, or whose word is not taken, stays', async () => {
    let sent = 0
    for (const isTaken of [true, false]) {
      const { subscriber, tick, missed } = watched(async (connection) => {
        if (isTaken) await connection.publish('echo', '')
        return sent++ >= 0 && isTaken
      })
      await eventually('to hear', () => subscriber.hearsAll())
      for (let look = 1; look <= 3; look++) {
        const before = sent
        await eventually('a look', () => (tick(), sent > before))
      }
      assert.deepEqual([missed(), subscriber.breaks()], [0, 0])
      subscriber.close()
      mock.timers.reset()
    }
  })
})
