import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, test } from 'node:test'

import { readSettings } from '../command/environment.ts'
import { freePort } from '../servers/processes.ts'
import { checkStart } from './session-faults.ts'

const taken = createServer()
after(() => taken.close())

test('a server’s port is asked of the address it listens on, and of no other', async () => {
  const port = await freePort()
  taken.listen(port, '127.0.0.1')
  await once(taken, 'listening')
  const startOn = (HOST: string) =>
    checkStart({
      settings: { ...readSettings(), port, isProduction: true, databaseUrl: undefined },
      relayEnvironment: ({ databaseUrl, redisUrl }) => ({
        NODE_ENV: 'production',
        RELAY_MODE: 'server',
        PORT: String(port),
        HOST,
        APP_URL: 'https://relay.example',
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        OPENAI_API_KEY: 'sk-upstream',
        SESSION_SECRET: 'f3a9c1d24b7e4f0e8a6d5c3b2a190817',
      }),
    })
  assert.equal(await startOn('127.0.0.2'), port)
  await assert.rejects(startOn('127.0.0.1'), {
    message: `Cannot start:\n  - PORT: ${port} is in use; stop what listens there, or set another.`,
  })
})
