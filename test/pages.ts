import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequestHandler } from '@remix-run/express'
import type { ServerBuild } from '@remix-run/node'
import { Outlet } from '@remix-run/react'
import express from 'express'
import { readEnv } from '../app/config/env.ts'
import { limits } from '../app/config/limits.ts'
import { guardPage } from '../app/pages/pages.server.ts'
import { watchReader } from '../app/pages/pages.server.ts'
import { createLog } from '../app/telemetry/log.ts'
import type { PageServices, Services } from '../app/services.ts'
import { startServices } from '../app/start/start-services.ts'
import { Downloads } from '../app/usage/usage.server.ts'

export type TestPages = {
  /** http://localhost:PORT, which is also its APP_URL. */
  url: string
  services: PageServices & Services
  logged: string[]
  stop(): Promise<void>
}
export type TestPagesOptions = {
  databaseUrl: string
  redisUrl: string
  env?: Record<string, string>
  /** Route modules by the path they answer: `{ 'auth/:provider': '../app/routes/auth.$provider.ts' }`. */
  routes: Record<string, string>
}

type Route = ServerBuild['routes'][string]

const rootModule = { default: Outlet, ErrorBoundary: () => null } as Route['module']

/** What `remix vite:build` would make of these routes, below a root that has only an outlet. */
async function buildOf(routes: Record<string, string>): Promise<ServerBuild> {
  const root: Route = { id: 'root', path: '', module: rootModule }
  const load = async ([path, file]: [string, string]): Promise<Route> => ({
    id: file,
    parentId: 'root',
    path,
    module: (await import(file)) as Route['module'],
  })
  const all = [root, ...(await Promise.all(Object.entries(routes).map(load)))]
  const shown = (route: Route) => ({ ...route, module: '', hasErrorBoundary: false })
  const flags = { hasAction: true, hasLoader: true, hasClientAction: false, hasClientLoader: false }
  return {
    entry: { module: (await import('../app/entry.server.tsx')) as ServerBuild['entry']['module'] },
    routes: Object.fromEntries(all.map((route) => [route.id, route])),
    assets: {
      entry: { imports: [], module: '' },
      routes: Object.fromEntries(all.map((route) => [route.id, { ...shown(route), ...flags }])),
      url: '',
      version: 'test',
    },
    publicPath: '/',
    assetsBuildDirectory: '',
    future: {
      v3_fetcherPersist: true,
      v3_lazyRouteDiscovery: false,
      v3_relativeSplatPath: true,
      v3_singleFetch: true,
      v3_throwAbortReason: true,
    },
    isSpaMode: false,
    mode: 'test',
  }
}

/**
 * Some of the real pages in this process, without a build: the guard before them, Remix's own request
 * handler, real database and sockets; only the frame around the pages is left out.
 */
export async function startTestPages(options: TestPagesOptions): Promise<TestPages> {
  const build = await buildOf(options.routes)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://localhost:${port}`
  const logged: string[] = []
  const env = readEnv({
    NODE_ENV: 'test',
    RELAY_MODE: 'server',
    PORT: String(port),
    APP_URL: url,
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl,
    OPENAI_API_KEY: 'unused',
    SESSION_SECRET: 'a secret that is for tests alone, and long',
    ...options.env,
  })
  const log = createLog('info', (line) => void logged.push(line))
  const { services: own, stop } = await startServices(env, log)
  const services = { ...own, downloads: new Downloads(limits.downloads) }
  const pages = express().all('*', (req, res, next) => {
    const cspNonce = guardPage(req, res, env)
    if (cspNonce === undefined) return
    const getLoadContext = () => ({ services, cspNonce, reader: watchReader(res) })
    void createRequestHandler({ build, getLoadContext })(req, res, next)
  })
  server.on('request', pages)
  return {
    url,
    services,
    logged,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await stop()
    },
  }
}
