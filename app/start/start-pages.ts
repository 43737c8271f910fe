import { createServer, type Server } from 'node:http'
import { createRequestHandler } from '@remix-run/express'
import type { ServerBuild } from '@remix-run/node'
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { setTimeout as sleep } from 'node:timers/promises'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { createCatalog, hearCatalog, sayUnread } from '../catalog/catalog.server.ts'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { createPool, installationName, readClock, type Hosts } from '../db/db.server.ts'
import { createGuesses } from '../guesses/guesses.server.ts'
import {
  Pace,
  Places,
  proxiedAgent,
  readTarget,
  Remembered,
  Shares,
  toldClientAddress,
} from '../http/http.server.ts'
import {
  answerSiteFiles,
  compressAnswer,
  guardPage,
  isForwarded,
  ownDoor,
  watchReader,
} from '../pages/pages.server.ts'
import { createProviders } from '../payments/payments.server.ts'
import type { Log } from '../telemetry/log.ts'
import { createRedis } from '../redis/redis.server.ts'
import type { PageServices } from '../services.ts'
import { environmentUpstreams } from '../upstreams/upstreams.server.ts'
import { Downloads } from '../usage/usage.server.ts'
import { formatCallId, newCallId } from '../values/call-id.ts'
import { clockMs } from '../values/clock.ts'
import { processHosts } from './database-hosts.ts'
import { answerPayments, paymentWork } from './payment-events.ts'
import { repeatAll } from './repeat.ts'

/** Where the pages come from: the build, or in development Vite, which loads them as they change. */
export type PagesBuild = {
  get(): Promise<ServerBuild>
  /** What Vite serves beside the pages. */
  middleware?: RequestHandler
}

/**
 * Sign-in asks its providers with `fetch`, some of it in packages, and `fetch` knows one dispatcher a
 * thread. Answers how to end that.
 */
function useProxies({ proxies }: Env): () => Promise<void> {
  if (!proxies) return () => Promise.resolve()
  const before = getGlobalDispatcher()
  const agent = proxiedAgent(proxies)
  setGlobalDispatcher(agent)
  return async () => {
    setGlobalDispatcher(before)
    await agent.destroy()
  }
}

/** Makes all state of the pages. The database is migrated already, and its catalogue seeded. */
async function startPageServices(env: Env, log: Log, hosts: Hosts) {
  const db = createPool(hosts, {
    onError: (error) => log.failed('pool_connection_failed', error),
  })
  await readClock(db)
  const installation = await installationName(db)
  const redis = createRedis(env.REDIS_URL, installation, log)
  const catalog = await createCatalog(db, environmentUpstreams(env), sayUnread(log))
  hearCatalog(redis, catalog, log)
  const payments = {
    db,
    providers: await createProviders(env),
    amounts: env.payments.amounts,
  }
  const stopWork = repeatAll(log, [
    ...paymentWork({ payments, redis, log }),
    {
      name: 'catalogue',
      event: 'catalog_refresh_failed',
      everyMs: limits.watch.catalogEveryMs,
      work: () => catalog.refresh(),
    },
    // The relay's own thread judges what it says; here pages and forms are dated by it.
    { name: 'clock', everyMs: limits.watch.heartbeatEveryMs, work: () => readClock(db) },
  ])
  const stopWatch = hosts.watch()
  const stopProxies = useProxies(env)
  const { anAccountMax: eachMax, aProcessMax: allMax } = limits.playground
  const playground = { door: ownDoor(env), places: new Places({ allMax, eachMax }) }
  const services: PageServices = {
    env,
    log,
    db,
    redis,
    installation,
    guesses: createGuesses(redis),
    catalog,
    oidcFacts: new Remembered(limits.auth.oidcFacts),
    downloads: new Downloads(limits.downloads),
    payments,
    playground,
    shares: new Shares(limits.pages.share),
    refusals: new Pace(limits.pages.refusals),
  }
  return {
    services,
    async stop() {
      stopWork()
      stopWatch()
      await stopProxies()
      await playground.door.destroy()
      await db.close()
      redis.close()
    },
  }
}

/**
 * What fails before Remix, or around it, is one line of the log and a line of text with an id:
 * Express' own answer, and what it writes to the console, would be stacks with the paths of files.
 */
const answerFailure =
  (log: Log): ErrorRequestHandler =>
  // Express knows a handler of errors by its four parameters.
  (error: unknown, _req, res, _next) => {
    const { status } = (error ?? {}) as { status?: unknown }
    const isTheirs = typeof status === 'number' && status >= 400 && status < 500
    const request = formatCallId(newCallId(clockMs()))
    if (!isTheirs) log.failed('page_not_served', error, { request })
    if (res.headersSent) return void res.destroy()
    const words = isTheirs
      ? 'This is not a request for a page.'
      : `This page is not available right now. Quote this id: ${request}`
    res.writeHead(isTheirs ? status : 500, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': request,
    })
    res.end(`${words}\n`)
  }

/** What the guard leaves for the pages. */
type Guarded = { cspNonce: string; isForwarded: boolean; clientAddress: string }

function serve(services: PageServices, build: PagesBuild): Server {
  const pages = express().disable('x-powered-by').set('query parser', 'simple')
  // Before the guard, which is for browsers: what vouches for these is their signature.
  pages.use(answerPayments(services))
  pages.use((req, res, next) => {
    res.locals.isForwarded = isForwarded(req)
    res.locals.clientAddress = toldClientAddress(req, services.env.TRUSTED_PROXIES)
    compressAnswer(req, res)
    const nonce = guardPage(req, res, services.env)
    if (nonce === undefined) return
    res.locals.cspNonce = nonce
    next()
  })
  pages.use(answerSiteFiles(services.env))
  if (build.middleware) pages.use(build.middleware)
  pages.use('/assets', express.static('build/client/assets', { immutable: true, maxAge: '1y' }))
  pages.use(express.static('build/client', { maxAge: '1h' }))
  pages.all('*', (req, res, next) => {
    const guarded = res.locals as Guarded
    const reader = watchReader(res)
    // All of it is written then, whether or not anybody is there to read it.
    let isMade: () => void = () => undefined
    const made = new Promise<void>((resolve) => (isMade = resolve))
    const getLoadContext = () => ({ services, ...guarded, reader, made })
    void createRequestHandler({ build: build.get, getLoadContext })(req, res, next).finally(isMade)
  })
  pages.use(answerFailure(services.log))
  return createServer(
    { requestTimeout: 0, keepAliveTimeout: limits.pages.keepAliveMs },
    (incoming, res) => {
      // Whoever passed it on has read it already; a test comes by itself.
      incoming.url = readTarget(incoming.url ?? '/').url
      pages(incoming, res)
    },
  )
}

/**
 * Serves the pages, and everything else that is not the API, on a socket of the file system: only
 * the thread of the API (pass-on.ts) is to reach it. Tests take a port instead.
 */
export async function startPages(
  env: Env,
  log: Log,
  build: PagesBuild,
  address: string | { port: number; host: string },
  hosts = processHosts(env, log),
) {
  const { services, stop } = await startPageServices(env, log, hosts)
  const server = serve(services, build)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (typeof address === 'string')
      server.listen({ path: address, backlog: limits.pages.connectionsMax }, resolve)
    else server.listen(address.port, address.host, resolve)
  })
  return {
    services,
    /**
     * Whoever passes requests on has ended before, and what is open then has nobody left to read
     * it; or they ask others by now, and what is under way has `leaveMs` to end by itself.
     */
    async stop(leaveMs = 0) {
      const closed = new Promise((resolve) => server.close(resolve))
      if (leaveMs > 0) await Promise.race([closed, sleep(leaveMs, undefined, { ref: false })])
      server.closeAllConnections()
      await closed
      await stop()
    },
  }
}
