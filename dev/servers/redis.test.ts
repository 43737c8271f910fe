import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'

import { Redis as Client } from 'ioredis'

import { identify, isAlive } from './procfs.ts'
import { startRedis, type Redis } from './redis.ts'

const root = mkdtempSync(join(tmpdir(), 'private redis '))
const running: Redis[] = []
after(async () => {
  await Promise.all(running.map((redis) => redis.stop()))
  rmSync(root, { recursive: true })
})

async function start(name: string): Promise<Redis> {
  const redis = await startRedis({ dir: join(root, name) })
  running.push(redis)
  return redis
}

async function ask<Answer>(url: string, work: (client: Client) => Promise<Answer>) {
  const client = new Client(url, { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    client.disconnect()
  }
}

describe('a private Redis', () => {
  test('starts again after kill -9 on the same port, empty', async () => {
    const redis = await start('crash')
    await ask(redis.url, (client) => client.set('key', 'value'))
    await redis.kill9()
    await assert.rejects(ask(redis.url, (client) => client.ping()))
    await redis.restart()
    assert.equal(await ask(redis.url, (client) => client.get('key')), null)
  })

  test('answers nothing while paused and everything after', async () => {
    const redis = await start('pause')
    await ask(redis.url, async (client) => {
      redis.pause()
      const reply = client.ping()
      redis.resume()
      assert.equal(await reply, 'PONG')
    })
  })

  test('refuses writes rather than evict, and lets nobody in without its password', async () => {
    const redis = await start('settings')
    const policy = await ask(redis.url, (client) => client.config('GET', 'maxmemory-policy'))
    assert.deepEqual(policy, ['maxmemory-policy', 'noeviction'])
    const withoutPassword = redis.url.replace(/:[^:@]+@/, '')
    await assert.rejects(ask(withoutPassword, (client) => client.get('key')))
    assert.equal(statSync(join(root, 'settings', 'redis.conf')).mode & 0o777, 0o600)
  })

  test('two run side by side, and a second start in one folder replaces the first', async () => {
    const [one, two] = await Promise.all([start('one'), start('two')])
    assert.notEqual(one.pid, two.pid)
    const [first, other] = [identify(one.pid), identify(two.pid)]
    await start('one')
    assert.equal(first && isAlive(first), false)
    assert.equal(other && isAlive(other), true)
  })
})
