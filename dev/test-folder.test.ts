import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { identify, isAlive } from './servers/procfs.ts'
import { startRedis } from './servers/redis.ts'
import { makeTestFolder } from './test-folder.ts'

const parent = mkdtempSync(join(tmpdir(), 'test-folder-'))
after(() => rmSync(parent, { recursive: true }))

test('what a crashed run left is cleared away with its servers, a running one is not', async () => {
  const crashed = join(parent, 'ai-api-relay-test-crashed')
  mkdirSync(crashed)
  writeFileSync(join(crashed, 'lock'), '')
  const redis = await startRedis({ dir: join(crashed, 'redis') })
  const identity = identify(redis.pid)
  const first = await makeTestFolder(parent)
  assert.equal(existsSync(crashed), false)
  assert.equal(identity && isAlive(identity), false)
  const second = await makeTestFolder(parent)
  assert.equal(existsSync(first.path), true)
  first.remove()
  second.remove()
  assert.equal(existsSync(first.path) || existsSync(second.path), false)
})
