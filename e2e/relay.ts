import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newSignInToken } from '../app/auth/auth.server.ts'
import { readCliEnv } from '../app/config/env.ts'
import { tokenSignInPath } from '../app/paths.ts'
import { childEnvironment } from '../dev/command/environment.ts'
import { startDemoUpstream } from '../dev/fakes/upstream/demo-upstream.server.ts'
import { freePort, spawnOwned, untilItAnswers } from '../dev/servers/processes.ts'
import { makeLocalDeveloper } from '../dev/session/make-local-developer.ts'
import { migratedDatabase, testRedisUrl } from '../test/database.ts'

export type Relay = {
  /** http://localhost:PORT */
  url: string
  databaseUrl: string
  /** All that the server has logged so far. */
  logged(): string
  stop(): Promise<void>
}

const sessionSecret = 'a secret that is for browser tests alone'
/** A relay is started with nobody but the local developer. */
const localDeveloperId = 1

/** Where the local developer, or somebody else, signs in, once, at any relay of these tests. */
export const newSignInPath = (userId = localDeveloperId) =>
  tokenSignInPath(newSignInToken({ SESSION_SECRET: sessionSecret }, userId))

const startMsMax = 60_000
const drainMsMax = 35_000

async function isReady(url: string) {
  try {
    return (await fetch(`${url}/readyz`)).status === 200
  } catch {
    return false
  }
}

/** The built server as its own process, with a database and an upstream of its own. */
export async function startRelay(
  environment: (given: { url: string; databaseUrl: string }) => Record<string, string> = () => ({}),
): Promise<Relay> {
  const database = await migratedDatabase()
  const upstream = await startDemoUpstream({ pace: { firstByteMs: 0, eventMs: 1 } })
  const port = await freePort()
  const url = `http://localhost:${port}`
  mkdirSync('test-results', { recursive: true })
  const logFile = join('test-results', `relay-${port}.log`)
  const log = openSync(logFile, 'w')
  const stores = { DATABASE_URL: database.url, REDIS_URL: testRedisUrl() }
  const server = spawnOwned(process.execPath, ['--enable-source-maps', 'build/server.mjs'], {
    env: childEnvironment({
      ...stores,
      NODE_ENV: 'test',
      RELAY_MODE: 'local',
      PORT: String(port),
      APP_URL: url,
      OPENAI_API_KEY: upstream.apiKey,
      OPENAI_BASE_URL: upstream.url,
      ANTHROPIC_API_KEY: upstream.apiKey,
      ANTHROPIC_BASE_URL: upstream.url,
      UPSTREAM_IS_DEMO: '1',
      SESSION_SECRET: sessionSecret,
      LOG_LEVEL: 'debug',
      // Nobody listens there: pages have their forms for mails, and none is taken.
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'relay@example.com',
      ...environment({ url, databaseUrl: database.url }),
    }),
    stdio: ['ignore', 'ignore', log],
  })
  closeSync(log)
  await untilItAnswers('The relay', startMsMax, () => isReady(`http://127.0.0.1:${port}`), server)
  await makeLocalDeveloper(readCliEnv(stores), [])
  return {
    url,
    databaseUrl: database.url,
    logged: () => readFileSync(logFile, 'utf8'),
    async stop() {
      await server.stop(drainMsMax)
      await upstream.close()
      await database.drop()
    },
  }
}
