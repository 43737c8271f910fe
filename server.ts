import { pathToFileURL } from 'node:url'
import type { ServerBuild } from '@remix-run/node'
import { BadEnvironment, readEnv, type Env } from './app/config/env.ts'
import { keepPages, inThread, type StartServer } from './app/start/keep-pages.ts'
import { serveApi } from './app/start/serve-api.ts'
import { endInOneLine, speakThroughLog } from './app/telemetry/last-words.ts'
import { createLog, type Log } from './app/telemetry/log.ts'

type PagesProgram = { start: StartServer; close(): Promise<void> }

/**
 * How the pages are served: from the build, in a thread; in development from Vite, which loads them
 * as they change, in this one.
 */
async function pagesProgram(env: Env, log: Log): Promise<PagesProgram> {
  if (!env.RELAY_DEV) {
    const start = inThread(pathToFileURL('build/pages-thread.mjs'), log)
    return { start, close: () => Promise.resolve() }
  }
  const { createServer: createVite } = await import('vite')
  const vite = await createVite({ server: { middlewareMode: true }, appType: 'custom' })
  const get = () =>
    vite.ssrLoadModule('virtual:remix/server-build') as Promise<unknown> as Promise<ServerBuild>
  const { startPages } = await import('./app/start/start-pages.ts')
  return {
    async start(address) {
      const { stop } = await startPages(env, log, { get, middleware: vite.middlewares }, address)
      return stop
    },
    close: () => vite.close(),
  }
}

async function main() {
  const env = readEnv()
  const log = createLog(env.LOG_LEVEL)
  // Whoever changes the code right now wants to see stacks.
  if (!env.RELAY_DEV) {
    speakThroughLog(log)
    endInOneLine(log)
  }
  const program = await pagesProgram(env, log)
  const relay = await serveApi(env, log, { startElsewhere: () => keepPages(program.start, log) })

  let isEnding = false
  const end = async (signal: string) => {
    if (isEnding) return
    isEnding = true
    log.info('draining', { signal })
    await relay.end()
    await program.close()
    log.info('stopped')
    process.exit(0)
  }
  process.on('SIGTERM', () => void end('SIGTERM'))
  process.on('SIGINT', () => void end('SIGINT'))
}

main().catch((error: unknown) => {
  if (error instanceof BadEnvironment) process.stderr.write(`${error.message}\n`)
  else createLog('info').failed('start_failed', error)
  process.exit(1)
})
