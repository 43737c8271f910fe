import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pathToFileURL } from 'node:url'
import type { ServerBuild } from '@remix-run/node'
import { BadEnvironment, readEnv, type Env } from './app/config/env.ts'
import { limits } from './app/config/limits.ts'
import { drainServer, writeAnswer } from './app/http/http.server.ts'
import { createLog, type Log } from './app/telemetry/log.ts'
import { answerHealth, createDoor, isApiPath } from './app/api/api.server.ts'
import { loadTokenizer } from './app/relay/relay.server.ts'
import { inThread, runPages, type StartServer } from './app/start/keep-pages.ts'
import { apiRoutes } from './app/start/api-routes.ts'
import { startServices } from './app/start/start-services.ts'

type Loaded = {
  startPages: StartServer
  close(): Promise<void>
}

/**
 * The routes, and how their pages are served: from the build, in a thread; in development from
 * Vite, which loads them as they change, in this one.
 */
async function loadBuild(env: Env, log: Log): Promise<Loaded> {
  if (!env.RELAY_DEV) {
    return {
      startPages: inThread(pathToFileURL('build/pages-thread.mjs'), log),
      close: () => Promise.resolve(),
    }
  }
  const { createServer: createVite } = await import('vite')
  const vite = await createVite({ server: { middlewareMode: true }, appType: 'custom' })
  const get = () =>
    vite.ssrLoadModule('virtual:remix/server-build') as Promise<unknown> as Promise<ServerBuild>
  const { startPages } = await import('./app/start/start-pages.ts')
  return {
    async startPages(socketPath) {
      const { stop } = await startPages(env, log, { get, middleware: vite.middlewares }, socketPath)
      return stop
    },
    close: () => vite.close(),
  }
}

async function main() {
  const env = readEnv()
  const log = createLog(env.LOG_LEVEL)
  loadTokenizer()
  const { services, drain, stop } = await startServices(env, log)
  const build = await loadBuild(env, log)
  const pages = await runPages(build.startPages, log)

  const door = createDoor(services, apiRoutes)
  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    const url = req.url ?? '/'
    if (isApiPath(url)) return door(req, res)
    const health = await answerHealth(url, services)
    if (health) return writeAnswer(req, res, health)
    await pages.handle(req, res)
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
    await pages.stop()
    await stop()
    await build.close()
    log.flush()
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
