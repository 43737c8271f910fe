import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Redis as Connection } from 'ioredis'
import { eventually } from '../../dev/command/eventually.ts'
import { startClusterGroup } from '../../dev/servers/redis-groups.ts'
import { expectNews, openTogether, toHear } from '../../test/failures/opened-redis.ts'

const { group, one, other, look, close } = await openTogether(startClusterGroup)
after(close)
const ownerOfKeys = () => group.primary(`{${one.namespace}}:a`)

test('news come to all, by whichever node, and keys that are asked for together are together', async () => {
  await Promise.all([one, other].map(toHear))
  for (let time = 0; time < 10; time++) {
    await expectNews(one, other)
    await expectNews(other, one)
  }
  for (const key of ['a', 'b', 'c']) assert.ok(await one.redis.put(key, key, 60_000))
  assert.deepEqual(await other.redis.values(['a', 'b', 'c', 'd']), ['a', 'b', 'c', null])
  const both = "return redis.call('MGET', KEYS[1], KEYS[2])"
  assert.deepEqual(await one.redis.script(both, ['a', 'c'], []), ['a', 'c'])
  assert.ok(await one.redis.setMember('held', 'x', true))
  assert.deepEqual(await other.redis.members('held'), ['x'])
  assert.deepEqual([...one.events(), ...other.events()], [])
})

test('the node with our keys is killed: others take news, and its replica the keys', async () => {
  const owner = await ownerOfKeys()
  await owner.kill9()
  for (let time = 0; time < 20; time++) assert.ok(await one.redis.publish('catalog', 'meanwhile'))
  await eventually('another owner', async () => (await ownerOfKeys()) !== owner)
  await eventually('a value to be taken', () => one.redis.put('a', 'anew', 60_000))
  assert.deepEqual(await other.redis.values(['a']), ['anew'])
  await expectNews(one, other, look)
  await owner.restart()
  await expectNews(other, one, look)
})

/** The node that a subscriber of this installation is connected to. */
const heardBy = () =>
  eventually('a node that is listened to', async () => {
    for (const server of group.servers) {
      const connection = new Connection(server.url)
      const [, count] = (await connection
        .pubsub('NUMSUB', `{${one.namespace}}:revoked`)
        .finally(() => connection.disconnect())) as (string | number)[]
      if (count) return server
    }
    return undefined
  })

test('a node that is frozen is left by those who listen there', async () => {
  const node = await heardBy()
  node.pause()
  try {
    await expectNews(one, other, look)
    await expectNews(other, one, look)
  } finally {
    node.resume()
  }
  await expectNews(one, other, look)
})
