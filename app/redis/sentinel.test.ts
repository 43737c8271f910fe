import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { startSentinelGroup } from '../../dev/servers/redis-groups.ts'
import { expectNews, openTogether, toHear } from '../../test/failures/opened-redis.ts'

const { group, one, other, look, close } = await openTogether(startSentinelGroup)
after(close)

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
