import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { Redis as RedisConnection } from 'ioredis'
import { after, before, describe, test } from 'node:test'
import { startRedis, type Redis } from '../../dev/servers/redis.ts'
import { callsOf } from '../calls.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../clean-books.ts'
import { newCustomer } from '../customer.ts'
import { expectBilledOnce } from './expect-billed.ts'
import { call, type Heard } from './client.ts'
import { Opened } from './opened.ts'
import { randomFrom } from '../random.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, temporaryFolder, type Site } from './site.ts'

const clients = 20
const calls = 200

const opened = new Opened()
const agent = new Agent({ keepAlive: true })
let redis: Redis
let site: Site
let relay: RelayChild
/** What the same calls cost with nothing the matter. */
let usual: number[]

before(async () => {
  redis = await startRedis({ dir: temporaryFolder(opened) })
  opened.closeWith(() => redis.stop())
  site = await openSite(opened, { redisUrl: redis.url })
  opened.closeWith(() => agent.destroy())
  relay = await site.startRelay()
  usual = await costsDuring(() => undefined)
})
after(() => opened.close())

/** The same calls each time, with `fault` when a quarter is answered; answers what each cost. */
async function costsDuring(fault: () => unknown): Promise<number[]> {
  const { books, upstream } = site
  const { accountId, secret } = await newCustomer(books.pool, {
    planNanos: 2e6,
    balanceNanos: 100e9,
  })
  const random = randomFrom(1)
  const asked = Array.from({ length: calls }, () => ({
    say: `[[repeat:${random.whole(1, 40)}]]`,
    isStreamed: random.chance(0.5),
  }))
  const heard: Heard[] = []
  const client = async () => {
    for (let given = asked.pop(); given; given = asked.pop()) {
      heard.push(await call(relay.url, { ...given, secret, model: 'whole-both', agent }))
      if (heard.length === calls / 4) await fault()
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  for (const { isComplete, status, text } of heard) assert.ok(isComplete, `${status} ${text}`)
  await whenNothingIsHeld(books.sql)
  await expectBilledOnce(books.sql, heard, upstream)
  await expectCleanBooks(books.pool)
  const rows = await callsOf(books.sql, { accountId })
  return rows.map(({ cost }) => cost).sort((a, b) => a - b)
}

async function flush() {
  const connection = new RedisConnection(redis.url)
  await connection.flushall()
  connection.disconnect()
}

describe('calls under load cost the same, and none fails,', () => {
  test('when Redis is killed', async () => {
    assert.deepEqual(await costsDuring(() => redis.kill9()), usual)
    await redis.restart()
  })

  test('when Redis is frozen', async () => {
    const costs = costsDuring(() => redis.pause())
    assert.deepEqual(await costs.finally(() => redis.resume()), usual)
  })

  test('when Redis forgets everything', async () => {
    assert.deepEqual(await costsDuring(flush), usual)
  })

  test('and so do those of a relay that starts while Redis is frozen, or dead', async () => {
    for (const fault of [async () => redis.pause(), () => redis.kill9()]) {
      await fault()
      relay = await site.startRelay()
      assert.deepEqual(await costsDuring(() => undefined), usual)
      await redis.restart()
    }
  })
})
