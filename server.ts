import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pathToFileURL } from 'node:url'
import { createRequestHandler } from '@remix-run/express'
import type { ServerBuild } from '@remix-run/node'
import express from 'express'
import { BadEnvironment, readEnv, type Env } from './app/config/env.ts'
import { limits } from './app/config/limits.ts'
import { drainServer, guardPage, watchReader, writeAnswer } from './app/http/http.server.ts'
import { createLog } from './app/log.ts'
import {
  answerHealth,
  createDoor,
  isApiPath,
  loadTokenizer,
  type RouteModule,
} from './app/relay/relay.server.ts'
import { startServices } from './app/start-services.ts'

type Nonced = IncomingMessage & { cspNonce?: string }

/** Where the pages come from: the build, or in development Vite, which loads them as they change. */
async function loadBuild(env: Env) {
  if (!env.RELAY_DEV) {
    const build = (await import(pathToFileURL('build/server/index.js').href)) as ServerBuild
    return {
      get: () => Promise.resolve(build),
      middleware: undefined,
      close: () => Promise.resolve(),
    }
  }
  const { createServer: createVite } = await import('vite')
  const vite = await createVite({ server: { middlewareMode: true }, appType: 'custom' })
  const get = () =>
    vite.ssrLoadModule('virtual:remix/server-build') as Promise<unknown> as Promise<ServerBuild>
  return { get, middleware: vite.middlewares, close: () => vite.close() }
}

async function main() {
  const env = readEnv()
  const log = createLog(env.LOG_LEVEL)
  loadTokenizer()
  const { services, drain, stop } = await startServices(env, log)
  const build = await loadBuild(env)

  const pages = express().disable('x-powered-by').set('query parser', 'simple')
  if (build.middleware) pages.use(build.middleware)
  pages.use('/assets', express.static('build/client/assets', { immutable: true, maxAge: '1y' }))
  pages.use(express.static('build/client', { maxAge: '1h' }))
  pages.all('*', (req, res, next) => {
    void createRequestHandler({
      build: build.get,
      getLoadContext: () => ({
        services,
        cspNonce: (req as Nonced).cspNonce ?? '',
        reader: watchReader(res),
      }),
    })(req, res, next)
  })

  const load = async (route: string) =>
    (await build.get()).routes[route]!.module as unknown as RouteModule
  const door = createDoor(services, load)
  const handle = async (req: Nonced, res: ServerResponse) => {
    const url = req.url ?? '/'
    if (isApiPath(url)) return door(req, res)
    const health = await answerHealth(url, services)
    if (health) return writeAnswer(req, res, health)
    req.cspNonce = guardPage(req, res, env)
    if (req.cspNonce !== undefined) pages(req as express.Request, res as express.Response)
  }
  const { headersMsMax, keepAliveMs } = limits.http
  const server = createServer(
    { headersTimeout: headersMsMax, keepAliveTimeout: keepAliveMs, requestTimeout: 0 },
    (req, res) => void handle(req, res),
  )
  server.listen(env.PORT, env.HOST, () => {
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : env.PORT
    log.info('listening', { host: env.HOST, port: port ?? null, pid: process.pid })
  })

  let ending = false
  const end = async (signal: string) => {
    if (ending) return
    ending = true
    log.info('draining', { signal })
    drain()
    await drainServer(server, services.inFlight, limits.shutdown)
    await stop()
    await build.close()
    log.info('stopped')
    process.exit(0)
  }
  process.on('SIGTERM', () => void end('SIGTERM'))
  process.on('SIGINT', () => void end('SIGINT'))
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof BadEnvironment ? error.message : String((error as Error).stack)}\n`,
  )
  process.exit(1)
})
