import { createServer, type RequestListener } from 'node:http'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { Connections } from '../http/http.server.ts'

type ServerBounds = Record<
  'connectionsMax' | 'connectionsAnAddressMax' | 'headersMsMax' | 'bodyMsMax' | 'lateEveryMs',
  number
>

/**
 * A server that keeps connections for as long as it is told to, and no more of them than there may
 * be. Whoever reads a body limits its time; the server's own limit is for those that nobody reads. A
 * head has its time from its first byte, so that it may be shorter than a connection is kept.
 */
export function createBoundServer(
  env: Pick<Env, 'KEEP_ALIVE_SECONDS' | 'RELAY_MODE'>,
  listener: RequestListener,
  bounds: ServerBounds = limits.http,
) {
  const { connectionsMax, connectionsAnAddressMax, headersMsMax, bodyMsMax, lateEveryMs } = bounds
  const options = {
    headersTimeout: headersMsMax,
    requestTimeout: headersMsMax + bodyMsMax,
    connectionsCheckingInterval: lateEveryMs,
    keepAliveTimeout: env.KEEP_ALIVE_SECONDS * 1_000,
    // Whoever forwards without a name is answered as well: a server knows its own.
    requireHostHeader: env.RELAY_MODE === 'local',
  }
  const server = createServer(options, listener)
  const most = { allMax: connectionsMax, eachMax: connectionsAnAddressMax }
  return { server, connections: new Connections(server, most) }
}
