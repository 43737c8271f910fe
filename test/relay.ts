import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readEnv, type Env } from '../app/config/env.ts'
import { limits } from '../app/config/limits.ts'
import { drainServer, writeAnswer } from '../app/http/http.server.ts'
import { createLog, type Log } from '../app/telemetry/log.ts'
import { answerHealth, createDoor } from '../app/api/api.server.ts'
import { loadTokenizer } from '../app/relay/relay.server.ts'
import type { Services } from '../app/services.ts'
import { apiRoutes } from '../app/start/api-routes.ts'
import { startServices } from '../app/start/start-services.ts'

export type TestRelay = {
  /** http://127.0.0.1:PORT/v1 */
  url: string
  services: Services
  env: Env
  /** Everything it has logged. */
  logged: string[]
  drain(): void
  /** Ends as server.ts does on SIGTERM: what is under way may finish. */
  end(limit?: { drainMsMax: number; cutMsMax: number }): Promise<void>
  /** Ends at once, with whatever is under way. */
  stop(): Promise<void>
}
export type TestRelayOptions = {
  databaseUrl: string
  redisUrl: string
  upstream: { url: string; apiKey: string }
  port?: number
  log?: Log
  /** How long a reservation waits for the database; the product's own limit unless given. */
  reserveWaitMsMax?: number
  env?: Record<string, string>
}

/**
 * A whole relay in this process: real database, real Redis, real sockets, the API's own route
 * modules; only the pages are left out.
 */
export async function startTestRelay(options: TestRelayOptions): Promise<TestRelay> {
  const logged: string[] = []
  const env = readEnv({
    NODE_ENV: 'test',
    RELAY_MODE: 'local',
    PORT: String(options.port ?? 0),
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl,
    OPENAI_API_KEY: options.upstream.apiKey,
    OPENAI_BASE_URL: options.upstream.url,
    SESSION_SECRET: 'a secret that is for tests alone, and long',
    LOG_LEVEL: 'debug',
    ...options.env,
  })
  loadTokenizer()
  const log = options.log ?? createLog(env.LOG_LEVEL, (line) => void logged.push(line))
  const { reserveWaitMsMax = limits.ledger.reserveWaitMsMax } = options
  const ledgerLimits = { ...limits.ledger, reserveWaitMsMax }
  const { services, drain, stop } = await startServices(env, log, ledgerLimits)
  const door = createDoor(services, apiRoutes)
  const { headersMsMax, keepAliveMs } = limits.http
  const http = { headersTimeout: headersMsMax, keepAliveTimeout: keepAliveMs, requestTimeout: 0 }
  const server = createServer(http, (req, res) => {
    void answerHealth(req.url ?? '/', services).then((health) =>
      health ? writeAnswer(req, res, health) : door(req, res),
    )
  })
  await new Promise<void>((resolve) => server.listen(env.PORT, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    services,
    env,
    logged,
    drain,
    async end(limit = limits.shutdown) {
      drain()
      await drainServer(server, services.inFlight, limit)
      await stop()
    },
    async stop() {
      drain()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await stop()
    },
  }
}
