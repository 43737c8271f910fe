import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { testRedisUrl } from '../../test/database.ts'
import { createRedis, keyspace, type RedisClient } from '../redis/redis.server.ts'
import { createLog } from '../telemetry/log.ts'
import { holdUpstream, readHolds } from './holds.ts'
import { readStates, tellStates } from './states.ts'

const log = createLog('silent')
let redis: RedisClient
before(() => (redis = createRedis(testRedisUrl(), randomBytes(8).toString('hex'), log)))
after(() => redis.close())

const all = { upstream: 'a', key: null, model: null }

test('what is opened by hand is told and stays so until it is closed, with all within it', async () => {
  const heard: unknown[] = []
  redis.subscribe(keyspace.upstreamsChannel, (message) => heard.push(JSON.parse(message)))
  await eventually('to hear', () => redis.hears())
  const model = { ...all, model: 'm' }
  const other = { ...all, upstream: 'b', key: 'k' }
  for (const it of [all, model, other, model])
    assert.equal(await holdUpstream(redis, it, 'open'), true)
  assert.equal((await readHolds(redis))?.length, 3)
  await holdUpstream(redis, { ...all, key: 'k' }, 'close')
  assert.equal((await readHolds(redis))?.length, 3)
  await holdUpstream(redis, all, 'close')
  assert.deepEqual(await readHolds(redis), [other])
  await eventually('all of it', () => heard.length === 6)
  assert.deepEqual(heard.at(-1), { what: 'close', ...all })
})

test('what a relay tells of its breakers is read back, and of one that says nothing nothing', async () => {
  const states = [{ ...all, state: 'open' as const, forMs: 30_000 }]
  assert.equal(await tellStates(redis, 'r1', states), true)
  assert.deepEqual(await readStates(redis, ['r1', 'r2']), [
    { relay: 'r1', states },
    { relay: 'r2', states: undefined },
  ])
  assert.deepEqual(await readStates(redis, []), [])
})

test('where Redis is away nothing is opened, and nobody is told otherwise', async () => {
  const away = createRedis('redis://127.0.0.1:1', 'away', log)
  assert.equal(await holdUpstream(away, all, 'open'), false)
  assert.equal(await holdUpstream(away, all, 'close'), false)
  assert.equal(await readHolds(away), undefined)
  away.close()
})
