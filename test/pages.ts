import type { ServerBuild } from '@remix-run/node'
import { Outlet } from '@remix-run/react'
import { readEnv } from '../app/config/env.ts'
import type { PageServices, Services } from '../app/services.ts'
import { keepPages } from '../app/start/keep-pages.ts'
import { serveApi } from '../app/start/serve-api.ts'
import { startPages } from '../app/start/start-pages.ts'
import { startServices } from '../app/start/start-services.ts'
import { createLog } from '../app/telemetry/log.ts'
import { freePort } from '../dev/servers/processes.ts'

export type TestPages = {
  /** http://localhost:PORT, which is also its APP_URL. */
  url: string
  services: PageServices & Services
  logged: string[]
  stop(): Promise<void>
}
type TestPagesOptions = {
  databaseUrl: string
  redisUrl: string
  env?: Record<string, string>
  /** Route modules by the path they answer: `{ logout: () => import('../routes/logout.tsx') }`. */
  routes: Record<string, () => Promise<unknown>>
}

type Route = ServerBuild['routes'][string]

const rootModule = { default: Outlet, ErrorBoundary: () => null } as Route['module']

/** What `remix vite:build` would make of these routes, below a root that has only an outlet. */
async function buildOf(routes: TestPagesOptions['routes']): Promise<ServerBuild> {
  const root: Route = { id: 'root', path: '', module: rootModule }
  const load = async ([path, read]: [string, () => Promise<unknown>]): Promise<Route> => ({
    id: path,
    parentId: 'root',
    path,
    module: (await read()) as Route['module'],
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
 * A relay with some of its pages behind it, as server.ts composes it, all in this process.
 */
export async function startTestSite({ env: given, routes, ...stores }: TestPagesOptions) {
  const build = await buildOf(routes)
  const logged: string[] = []
  const env = readEnv({ ...environmentOf(stores), PORT: '0', ...given })
  const log = createLog('info', (line) => void logged.push(line))
  const startElsewhere = () =>
    keepPages(async (socketPath) => {
      const pages = await startPages(env, log, { get: () => Promise.resolve(build) }, socketPath)
      return pages.stop
    }, log)
  const served = await serveApi(env, log, { startElsewhere })
  return { ...served, env, logged }
}

const environmentOf = ({ databaseUrl, redisUrl }: { databaseUrl: string; redisUrl: string }) => ({
  NODE_ENV: 'test',
  RELAY_MODE: 'server',
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  OPENAI_API_KEY: 'unused',
  SESSION_SECRET: 'a secret that is for tests alone, and long',
})

/**
 * Some of the real pages in this process, composed as the pages' thread does it, without a build; only
 * the frame around the pages is left out.
 */
export async function startTestPages(options: TestPagesOptions): Promise<TestPages> {
  const build = await buildOf(options.routes)
  const port = await freePort()
  const url = `http://localhost:${port}`
  const logged: string[] = []
  const env = readEnv({
    ...environmentOf(options),
    PORT: String(port),
    APP_URL: url,
    ...options.env,
  })
  const log = createLog('info', (line) => void logged.push(line))
  const api = await startServices(env, log)
  const get = () => Promise.resolve(build)
  const pages = await startPages(env, log, { get }, { port, host: '127.0.0.1' })
  return {
    url,
    services: { ...api.services, ...pages.services },
    logged,
    async stop() {
      await pages.stop()
      await api.stop()
    },
  }
}
