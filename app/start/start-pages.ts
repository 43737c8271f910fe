import { createServer, type Server } from 'node:http'
import { createRequestHandler } from '@remix-run/express'
import type { ServerBuild } from '@remix-run/node'
import express, { type RequestHandler } from 'express'
import { createCatalog, hearCatalog } from '../catalog/catalog.server.ts'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { createPool, installationName } from '../db/db.server.ts'
import { guardPage, watchReader } from '../pages/pages.server.ts'
import type { Log } from '../telemetry/log.ts'
import { createRedis } from '../redis/redis.server.ts'
import type { PageServices } from '../services.ts'
import { Downloads } from '../usage/usage.server.ts'
import { repeat } from './repeat.ts'

/** Where the pages come from: the build, or in development Vite, which loads them as they change. */
export type PagesBuild = {
  get(): Promise<ServerBuild>
  /** What Vite serves beside the pages. */
  middleware?: RequestHandler
}

/** Makes all state of the pages. The database is migrated already, and its catalogue seeded. */
async function startPageServices(env: Env, log: Log) {
  const db = createPool(env.DATABASE_URL, {
    onError: (error) => log.failed('pool_connection_failed', error),
  })
  const redis = createRedis(env.REDIS_URL, await installationName(db), log)
  const catalog = await createCatalog(db)
  hearCatalog(redis, catalog, log)
  const stopWork = repeat(log, {
    name: 'catalogue',
    event: 'catalog_refresh_failed',
    everyMs: limits.watch.catalogEveryMs,
    work: () => catalog.refresh(),
  })
  const downloads = new Downloads(limits.downloads)
  const services: PageServices = { env, log, db, redis, catalog, downloads }
  return {
    services,
    async stop() {
      stopWork()
      await db.close()
      redis.close()
    },
  }
}

function serve(services: PageServices, build: PagesBuild): Server {
  const pages = express().disable('x-powered-by').set('query parser', 'simple')
  pages.use((req, res, next) => {
    const nonce = guardPage(req, res, services.env)
    if (nonce === undefined) return
    res.locals.cspNonce = nonce
    next()
  })
  if (build.middleware) pages.use(build.middleware)
  pages.use('/assets', express.static('build/client/assets', { immutable: true, maxAge: '1y' }))
  pages.use(express.static('build/client', { maxAge: '1h' }))
  pages.all('*', (req, res, next) => {
    const cspNonce = res.locals.cspNonce as string
    const getLoadContext = () => ({ services, cspNonce, reader: watchReader(res) })
    void createRequestHandler({ build: build.get, getLoadContext })(req, res, next)
  })
  return createServer({ requestTimeout: 0, keepAliveTimeout: limits.pages.keepAliveMs }, pages)
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
) {
  const { services, stop } = await startPageServices(env, log)
  const server = serve(services, build)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (typeof address === 'string') server.listen(address, resolve)
    else server.listen(address.port, address.host, resolve)
  })
  return {
    services,
    /** Whoever passes requests on has ended before: what is open now has nobody left to read it. */
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await stop()
    },
  }
}
