import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDoor, createHealth, isApiPath, isStray } from '../api/api.server.ts'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import type { Hosts } from '../db/db.server.ts'
import {
  closeOwnPort,
  createProxyDoubts,
  drainServer,
  pathOf,
  readTarget,
  tellClientAddress,
  writeAnswer,
  type DrainLimits,
  type Intake,
} from '../http/http.server.ts'
import { prepareCounting } from '../relay/relay.server.ts'
import type { Services } from '../services.ts'
import type { Log } from '../telemetry/log.ts'
import { apiRoutes } from './api-routes.ts'
import { createBoundServer } from './bound-server.ts'
import type { Elsewhere } from './elsewhere.ts'
import { startServices, type ServicesOptions } from './start-services.ts'

type ServeOptions = ServicesOptions & {
  /** Starts what else is served, when the database is ready for it. */
  startElsewhere?: (hosts: Hosts) => Promise<Elsewhere>
  /** How connections come; on a port of its own unless given. */
  intake?: Intake
}

/** How long a drain may take, and then what is yet to be booked. */
export type EndLimits = Partial<DrainLimits & { settleMsMax: number }>

/** Why it may be shorter than that, and who serves on behind the same port. */
type EndHow = { haste?: AbortSignal; hurry?: AbortSignal; isReplaced?: boolean }

/** How many bills could not be booked by the end; the log names them. */
type Ended = { billsLost: number }

/** A relay that serves: what it runs on, and its ends. */
export type ServedApi = {
  services: Services
  port: number
  /** Whether it does what only one of several relays has to do. */
  lead(isIt: boolean): void
  /** Releases the holds of a relay whose process has ended. */
  sweepDead(relayId: Buffer): Promise<void>
  /** From here on no call begins: the process is about to end. */
  refuse(): void
  /**
   * Drains: serves for the delay while `/readyz` says 503 and answers close their connections, then
   * lets what is under way finish within the limit, and closes everything. `haste` ends the delay,
   * and `hurry` a limit that is longer than usual. Where another has replaced it, its port is ready.
   */
  end(limit?: EndLimits, how?: EndHow): Promise<Ended>
  /** Closes everything at once, with whatever is under way. */
  stop(): Promise<Ended>
}

/** A port of its own. Rejects where it cannot; what goes wrong with connections later is noted. */
const ownPort = ({ PORT, HOST }: Env, log: Log): Intake => ({
  open: (server: Server) =>
    new Promise((resolve, reject) => {
      server.once('error', reject).listen(PORT, HOST, () => {
        server.off('error', reject).on('error', (error) => log.failed('accept_failed', error))
        const { port } = server.address() as AddressInfo
        log.info('listening', { host: HOST, port, pid: process.pid })
        resolve(port)
      })
    }),
  close: closeOwnPort,
})

/** Whether it says that it has a key; a proxy's own password is none. */
const bringsKey = ({ headers }: IncomingMessage) =>
  headers['x-api-key'] !== undefined || /^bearer /i.test(headers.authorization ?? '')

/** Reads of a request's head whose host is meant, and what proxies say. Answers its target. */
function createHearing(env: Env, log: Log) {
  // A proxy may name whatever it likes; people reach this server at one address.
  const ownHost = env.RELAY_MODE === 'server' ? new URL(env.APP_URL).host : undefined
  const doubt = createProxyDoubts(env.TRUSTED_PROXIES, (address) =>
    log.warn('proxy_not_trusted', { address, see: 'TRUSTED_PROXIES' }),
  )
  return (incoming: IncomingMessage): string => {
    doubt(incoming)
    const { url, host } = readTarget(incoming.url ?? '/')
    incoming.url = url
    const meant = ownHost ?? host
    if (meant !== undefined) incoming.headers.host = meant
    return url
  }
}

/**
 * The one composition of a relay: its services, the door of the API, health, and behind them
 * whatever else is served. Without anything else, every other address is the API's 404. Rejects
 * when one of them does not start, having closed the others.
 */
export async function serveApi(
  env: Env,
  log: Log,
  { startElsewhere, intake = ownPort(env, log), ...options }: ServeOptions = {},
): Promise<ServedApi> {
  prepareCounting((error) => log.failed('counting_failed', error))
  const { stop: stopServices, drain, ...started } = await startServices(env, log, options)
  const { services, refuse } = started
  const door = createDoor(services, apiRoutes)
  const answerHealth = createHealth(services)
  const elsewhere = await startElsewhere?.(services.hosts).catch(async (error: unknown) => {
    await stopServices()
    throw error
  })
  const hear = createHearing(env, log)
  const handle = async (incoming: IncomingMessage, res: ServerResponse) => {
    const url = hear(incoming)
    if (isApiPath(url) || isStray(pathOf(url), bringsKey(incoming))) return door(incoming, res)
    const health = await answerHealth(url)
    if (health) return writeAnswer(incoming, res, health)
    if (!elsewhere) return door(incoming, res)
    tellClientAddress(incoming, env.TRUSTED_PROXIES)
    return elsewhere.handle(incoming, res)
  }
  const { server, connections } = createBoundServer(env, (incoming, res) => {
    handle(incoming, res).catch((error: unknown) => {
      log.failed('answer_failed', error)
      res.destroy()
    })
  })
  const close = async (settleMsMax: number = limits.shutdown.settleMsMax) => {
    await elsewhere?.stop()
    const ended = await stopServices(settleMsMax)
    log.flush()
    return ended
  }
  const port = await intake.open(server).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    ...started,
    port,
    async end(limit = {}, { isReplaced = false, ...how } = {}) {
      if (!isReplaced) drain()
      const underWay = {
        cutAll() {
          refuse()
          services.inFlight.cutAll()
        },
        ended: () => services.inFlight.ended(),
      }
      const delayMs = env.DRAIN_SECONDS * 1_000
      const most = { ...limits.shutdown, delayMs, ...limit, ...how }
      await drainServer(server, connections, underWay, most, intake.close)
      return close(most.settleMsMax)
    },
    async stop() {
      drain()
      refuse()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      return close()
    },
  }
}
