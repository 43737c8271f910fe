import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { childEnvironment } from '../../dev/command/environment.ts'
import { listen } from '../../dev/command/listen.ts'
import { spawnOwned } from '../../dev/servers/processes.ts'

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  // By default it would end as well, but not as process 1 of a container.
  test(`${signal} ends a relay that has not started yet, by its own hand`, async (t) => {
    const silent = createServer()
    t.after(() => silent.close())
    const port = await listen(silent)
    const asked = once(silent, 'connection')
    const relay = spawnOwned(process.execPath, ['--import', 'tsx', 'server.ts'], {
      env: childEnvironment({
        NODE_ENV: 'production',
        RELAY_MODE: 'server',
        APP_URL: 'https://relay.example',
        DATABASE_URL: `mysql://relay:x@127.0.0.1:${port}/relay`,
        REDIS_URL: 'redis://127.0.0.1:1',
        OPENAI_API_KEY: 'sk-upstream',
        SESSION_SECRET: 'f3a9c1d24b7e4f0e8a6d5c3b2a190817',
      }),
      stdio: 'ignore',
    })
    t.after(() => relay.stop(1_000))
    await asked
    relay.signal(signal)
    assert.deepEqual(await relay.exited, { code: 0, signal: null })
  })
}
