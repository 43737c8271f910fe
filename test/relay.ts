import { readEnv, type Env } from '../app/config/env.ts'
import { limits } from '../app/config/limits.ts'
import { pulseLimits, type PulseLimits } from '../app/start/pulse.ts'
import { serveApi, type ServedApi } from '../app/start/serve-api.ts'
import { createLog, type Log } from '../app/telemetry/log.ts'

export type TestRelay = Omit<ServedApi, 'port'> & {
  /** http://127.0.0.1:PORT/v1 */
  url: string
  env: Env
  /** Everything it has logged. */
  logged: string[]
}
export type TestRelayOptions = {
  databaseUrl: string
  redisUrl: string
  upstream: { url: string; apiKey: string }
  port?: number
  log?: Log
  /** How long a reservation waits for the database; the product's own limit unless given. */
  reserveWaitMsMax?: number
  /** After which silence a stream is pinged; the product's own limit unless given. */
  pingEveryMs?: number | undefined
  env?: Record<string, string>
  /** How it beats and sweeps; as the product does unless given. */
  pulse?: Partial<PulseLimits>
}

/**
 * A whole relay in this process, as server.ts composes it: real database, real Redis, real sockets;
 * only the pages are left out.
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
    ANTHROPIC_API_KEY: options.upstream.apiKey,
    ANTHROPIC_BASE_URL: options.upstream.url,
    SESSION_SECRET: 'a secret that is for tests alone, and long',
    LOG_LEVEL: 'debug',
    ...options.env,
  })
  const log = options.log ?? createLog(env.LOG_LEVEL, (line) => void logged.push(line))
  const { reserveWaitMsMax = limits.ledger.reserveWaitMsMax } = options
  const pulse = { ...pulseLimits, ...options.pulse }
  const { breakSeconds } = pulse
  const ledgerLimits = { ...limits.ledger, reserveWaitMsMax, breakSeconds }
  const { port, ...served } = await serveApi(env, log, {
    ledgerLimits,
    pulse,
    ...(options.pingEveryMs !== undefined && { pingEveryMs: options.pingEveryMs }),
  })
  return { url: `http://127.0.0.1:${port}/v1`, env, logged, ...served }
}
