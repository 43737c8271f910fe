import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import type { ServerBuild } from '@remix-run/node'
import {
  BadEnvironment,
  environmentWarnings,
  loadEnvFile,
  ownEnvironment,
  readEnv,
  type Env,
} from './app/config/env.ts'
import { databaseTrouble, NoHost, UnfitDatabase, type Hosts } from './app/db/db.server.ts'
import { hearSignals, type Signals } from './app/start/hear-signals.ts'
import { keepInspectorShut } from './app/start/inspector.ts'
import { inProcess, inThread, keepPages, type StartServer } from './app/start/keep-pages.ts'
import { openFilesWarning } from './app/start/open-files.ts'
import {
  forkPagesOf,
  forkRelayOf,
  relayNumber,
  settingsNow,
  speakerOf,
} from './app/start/several/roles.ts'
import { serveApi } from './app/start/serve-api.ts'
import { serveHanded } from './app/start/several/serve-handed.ts'
import { serveSeveral } from './app/start/several/serve-several.ts'
import { listenTrouble, startFaults } from './app/start/start-faults.ts'
import { endInOneLine, speakThroughLog } from './app/telemetry/last-words.ts'
import { createLog, type Log } from './app/telemetry/log.ts'

type PagesProgram = { start(hosts: Hosts): StartServer; close(): Promise<void> }

/**
 * How the pages are served: from the build, in a thread; in development from Vite, which loads them
 * as they change, in this one.
 */
async function pagesProgram(env: Env, log: Log): Promise<PagesProgram> {
  if (!env.RELAY_DEV) {
    const program = pathToFileURL('build/pages-thread.mjs')
    const start = (hosts: Hosts) => inThread(program, log, hosts)
    return { start, close: () => Promise.resolve() }
  }
  const { createServer: createVite } = await import('vite')
  // Vite's own would listen on every address, and all relays of this machine on the same port.
  const socket = createServer()
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve))
  const { address: host, port: clientPort } = socket.address() as AddressInfo
  const hmr = { server: socket, host, clientPort }
  const vite = await createVite({ server: { middlewareMode: true, hmr }, appType: 'custom' })
  const get = () =>
    vite.ssrLoadModule('virtual:remix/server-build') as Promise<unknown> as Promise<ServerBuild>
  const { startPages } = await import('./app/start/start-pages.ts')
  return {
    start: (hosts) => async (address) => {
      const vites = { get, middleware: vite.middlewares }
      const { stop } = await startPages(env, log, vites, address, hosts)
      return stop
    },
    async close() {
      await vite.close()
      socket.closeAllConnections()
      socket.close()
    },
  }
}

/** One process that does it all. */
async function serveAlone(env: Env, log: Log, signals: Signals) {
  const program = await pagesProgram(env, log)
  const relay = await serveApi(env, log, {
    startElsewhere: (hosts) => keepPages(program.start(hosts), log),
  })

  const end = async (signal: string) => {
    log.info('draining', { signal })
    const { billsLost } = await relay.end({}, { haste: signals.haste })
    await program.close()
    log.info('stopped')
    // Whoever started it is to look at what the log says.
    process.exit(billsLost ? 1 : 0)
  }
  signals.end = (signal) => void end(signal)
}

/** What else a start finds, for whoever looks into the log. */
function warn(env: Env, log: Log) {
  const few = env.RELAY_MODE === 'server' ? openFilesWarning() : undefined
  for (const why of [...environmentWarnings(env), ...(few ? [few] : [])]) {
    log.warn('environment', { why })
  }
}

async function main() {
  const number = relayNumber()
  const signals = hearSignals()
  keepInspectorShut()
  const environment = ownEnvironment()
  loadEnvFile()
  // One of several has a parent that has looked.
  const faults = number === undefined ? await startFaults() : []
  if (faults.length) throw new BadEnvironment(faults)
  const env = readEnv()
  const log = createLog(env.LOG_LEVEL, undefined, undefined, speakerOf(number))
  // Whoever changes the code right now wants to see stacks.
  if (!env.RELAY_DEV) {
    speakThroughLog(log)
    endInOneLine(log)
  }
  if (number !== undefined) return serveHanded(env, log, signals)
  warn(env, log)
  if (env.RELAY_PROCESSES === 1) return serveAlone(env, log, signals)
  return serveSeveral(env, log, signals, {
    startPages: inProcess(forkPagesOf(environment, 'build/pages-process.mjs'), log),
    forkRelay: forkRelayOf(environment),
    settingsNow: () => settingsNow(env, environment),
  })
}

/** A sentence for what whoever starts it can set right; anything else is a mistake of ours. */
function wordsFor(error: unknown): string | undefined {
  if (error instanceof BadEnvironment || error instanceof UnfitDatabase) return error.message
  const { errno = 0 } = error as NodeJS.ErrnoException
  // The server's own errors have numbers from 1 on, those of the system below.
  const isDatabase = errno > 0 || error instanceof NoHost
  return isDatabase ? databaseTrouble(error) : listenTrouble(error)
}

main().catch((error: unknown) => {
  const words = wordsFor(error)
  if (words === undefined) createLog('info').failed('start_failed', error)
  else process.stderr.write(`${words}\n`)
  process.exit(1)
})
