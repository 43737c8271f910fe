import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, mock, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { startSentinelGroup, type RedisGroup } from '../../dev/servers/redis-groups.ts'
import {
  expectNews,
  openRedis,
  toHear,
  type OpenedRedis,
} from '../../test/failures/opened-redis.ts'
import { limits } from '../config/limits.ts'

const folder = mkdtempSync(join(tmpdir(), 'sentinels '))
let group: RedisGroup
let one: OpenedRedis
let other: OpenedRedis

before(async () => {
  group = await startSentinelGroup({ dir: folder })
  // Looks are due when a test says so.
  mock.timers.enable({ apis: ['setInterval'] })
  one = openRedis(group.url)
  other = openRedis(group.url, one.namespace)
  for (const it of [one, other]) it.subscribe()
})
after(async () => {
  for (const it of [one, other]) it.redis.close()
  mock.timers.reset()
  await group.stop()
  rmSync(folder, { recursive: true })
})

const look = () => mock.timers.tick(limits.watch.subscribedEveryMs)

/** What one tells and keeps the other has, both ways. */
async function expectTogether() {
  await eventually('to hear everything', () => {
    look()
    return one.redis.hears() && other.redis.hears()
  })
  await expectNews(one, other, look)
  await expectNews(other, one, look)
  await eventually('a value to be taken', () => one.redis.put('a', 'kept', 60_000))
  assert.deepEqual(await other.redis.values(['a', 'b']), ['kept', null])
}

test('what Sentinels call the master is found, and nothing is said of it', async () => {
  await Promise.all([one, other].map(toHear))
  await expectTogether()
  assert.deepEqual([...one.events(), ...other.events()], [])
})

test('a primary that is killed is followed by its replica, and stays so when it comes back', async () => {
  const first = await group.primary()
  await first.kill9()
  await eventually('another primary', async () => (await group.primary()) !== first)
  await expectTogether()
  for (const it of [one, other]) {
    const said = it.events().map((event) => event.split(' ')[0])
    assert.deepEqual(said, ['redis_away', 'redis_back'])
  }
  await first.restart()
  await expectTogether()
})

test('a primary that is frozen is left, and not gone back to when it wakes', async () => {
  const first = await group.primary()
  first.pause()
  try {
    await eventually('another primary', async () => (await group.primary()) !== first)
    await expectTogether()
  } finally {
    first.resume()
  }
  await expectTogether()
})
