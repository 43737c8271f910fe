import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readEnv } from '../config/env.ts'
import { createLog } from '../telemetry/log.ts'
import { migratedDatabase, testRedisUrl } from '../../test/database.ts'
import { freePort } from '../../dev/servers/processes.ts'
import { startPages } from './start-pages.ts'

let database: Awaited<ReturnType<typeof migratedDatabase>>
before(async () => (database = await migratedDatabase()))
after(() => database.drop())

test('what fails around the pages is a line of text and a line of the log, without a stack', async (t) => {
  const port = await freePort()
  const logged: string[] = []
  const env = readEnv({
    NODE_ENV: 'test',
    PORT: String(port),
    APP_URL: `http://localhost:${port}`,
    DATABASE_URL: database.url,
    REDIS_URL: testRedisUrl(),
    OPENAI_API_KEY: 'unused',
    SESSION_SECRET: 'a secret that is for tests alone, and long',
  })
  const written = t.mock.method(console, 'error', () => undefined)
  const get = () => Promise.reject(new Error('the words of a secret'))
  const log = createLog('info', (line) => void logged.push(line))
  const pages = await startPages(env, log, { get }, { port, host: '127.0.0.1' })
  const answer = await fetch(`http://localhost:${port}/%`)
  const said = await answer.text()
  assert.equal(answer.status, 500)
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/)
  const id = answer.headers.get('x-request-id') ?? ''
  assert.ok(said.includes(id) && id.length === 36, said)
  assert.doesNotMatch(said, /secret|\.ts|node_modules| at /)
  const lines = logged.filter((line) => line.includes('page_not_served'))
  assert.equal(lines.length, 1)
  assert.ok(lines[0]?.includes(id))
  assert.doesNotMatch(lines.join(), /secret/)
  assert.equal(written.mock.callCount(), 0)
  await pages.stop()
})
