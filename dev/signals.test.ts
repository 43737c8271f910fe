import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { makeClone } from '../test/clone.ts'
import { present } from '../test/present.ts'
import { tryLock } from './servers/folder-lock.ts'
import { freePort } from './servers/processes.ts'

const clone = makeClone()
after(() => clone.remove())

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const) {
  test(`${signal} to npm alone ends everything and frees the data folder`, async () => {
    const start = clone.npm(['start'], { PORT: String(await freePort()) })
    await start.says('curl -N')
    process.kill(present(start.child.pid), signal)
    await start.exitCode
    assert.equal(clone.serversLeft(), 0)
    assert.match(start.output(), /drained/)
    const lock = tryLock(join(clone.path, '.data/lock'), 'a test')
    assert.ok(lock, 'the data folder is free')
    lock.release()
  })
}

for (const NODE_ENV of [undefined, 'production']) {
  test(`the end of the launcher, kill -9 and all, ends what it launched: ${NODE_ENV}`, async () => {
    const start = clone.command(['start'], { PORT: String(await freePort()), NODE_ENV })
    await start.says(NODE_ENV === undefined ? 'curl -N' : 'listening')
    start.child.kill('SIGKILL')
    await start.exitCode
    assert.equal(clone.serversLeft(), 0)
    assert.match(start.output(), /drained/)
  })
}
