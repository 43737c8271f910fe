import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDoor, createHealth, isApiPath, isStray } from '../api/api.server.ts'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import {
  drainServer,
  pathOf,
  placeOf,
  Places,
  readTarget,
  writeAnswer,
} from '../http/http.server.ts'
import { prepareCounting } from '../relay/relay.server.ts'
import type { Services } from '../services.ts'
import type { Log } from '../telemetry/log.ts'
import { apiRoutes } from './api-routes.ts'
import type { Elsewhere } from './elsewhere.ts'
import { startServices, type ServicesOptions } from './start-services.ts'

type ServeOptions = ServicesOptions & {
  /** Starts what else is served, when the database is ready for it. */
  startElsewhere?: () => Promise<Elsewhere>
}

/** A relay that serves: what it runs on, and its ends. */
export type ServedApi = {
  services: Services
  port: number
  /** From here on calls under way end, and new ones are sent elsewhere. */
  drain(): void
  /** Drains, lets what is under way finish within the limit, and closes everything. */
  end(limit?: { drainMsMax: number; cutMsMax: number }): Promise<void>
  /** Closes everything at once, with whatever is under way. */
  stop(): Promise<void>
}

const { headersMsMax, bodyMsMax, keepAliveMs, lateEveryMs } = limits.http
/** Whoever reads a body limits its time; the server's own limit is for those that nobody reads. */
const timeLimits = {
  headersTimeout: headersMsMax,
  requestTimeout: headersMsMax + bodyMsMax,
  keepAliveTimeout: keepAliveMs,
  connectionsCheckingInterval: lateEveryMs,
}

/** No client holds more connections than its part, and all of them together no more than there are. */
function boundConnections(server: Server) {
  const { connectionsMax, connectionsAnAddressMax } = limits.http
  const places = new Places({ allMax: connectionsMax, eachMax: connectionsAnAddressMax })
  server.on('connection', (socket) => {
    const leave = places.take(placeOf(socket.remoteAddress))
    if (leave) socket.once('close', leave)
    else socket.destroy()
  })
}

/**
 * The one composition of a relay: its services, the door of the API, health, and behind them
 * whatever else is served. Without anything else, every other address is the API's 404. Rejects
 * when one of them does not start, having closed the others.
 */
export async function serveApi(
  env: Env,
  log: Log,
  { startElsewhere, ...options }: ServeOptions = {},
): Promise<ServedApi> {
  prepareCounting((error) => log.failed('counting_failed', error))
  const { services, drain, stop: stopServices } = await startServices(env, log, options)
  const door = createDoor(services, apiRoutes)
  const answerHealth = createHealth(services)
  const elsewhere = await startElsewhere?.().catch(async (error: unknown) => {
    await stopServices()
    throw error
  })
  const handle = async (incoming: IncomingMessage, res: ServerResponse) => {
    const { url, host } = readTarget(incoming.url ?? '/')
    incoming.url = url
    if (host !== undefined) incoming.headers.host = host
    if (isApiPath(url) || isStray(pathOf(url))) return door(incoming, res)
    const health = await answerHealth(url)
    if (health) return writeAnswer(incoming, res, health)
    return elsewhere ? elsewhere.handle(incoming, res) : door(incoming, res)
  }
  const server = createServer(timeLimits, (incoming, res) => {
    handle(incoming, res).catch((error: unknown) => {
      log.failed('answer_failed', error)
      res.destroy()
    })
  })
  boundConnections(server)
  const close = async () => {
    await elsewhere?.stop()
    await stopServices()
    log.flush()
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(env.PORT, env.HOST, resolve)
  }).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const { port } = server.address() as AddressInfo
  log.info('listening', { host: env.HOST, port, pid: process.pid })
  return {
    services,
    port,
    drain,
    async end(limit = limits.shutdown) {
      drain()
      await drainServer(server, services.inFlight, limit)
      await close()
    },
    async stop() {
      drain()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await close()
    },
  }
}
