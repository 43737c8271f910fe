import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs'

import { CannotContinue } from '../command/announce.ts'
import {
  freePort,
  spawnOwned,
  stopStranger,
  untilItAnswers,
  type Exit,
  type OwnedProcess,
} from './processes.ts'
import { findProcessesIn } from './procfs.ts'

const startMsMax = 120_000
const stopMsMax = 20_000
const portAttemptsMax = 5

export type PrivateServer = {
  readonly port: number
  readonly pid: number
  /** Settles when the server ends although none of the functions below asked it to. */
  readonly died: Promise<Exit>
  /** SIGTERM, and SIGKILL after 20 s. Harmless when repeated. */
  stop(): Promise<void>
  kill9(): Promise<void>
  pause(): void
  resume(): void
  /** Stops it if it runs and starts it again on the same port. */
  restart(): Promise<void>
}

type ServerDescription = {
  name: string
  program: string
  /** The folder the server makes its working folder, by which we know it again. */
  folder: string
  logFile: string
  /** Given where others have to know it before the server starts; else any free one. */
  port?: number
  command(port: number): { file: string; args: string[]; env?: NodeJS.ProcessEnv }
  /** True once it has answered in its own protocol with our password. */
  answers(port: number): Promise<boolean>
}

/** Starts a server on a free loopback port, after ending one that a killed parent left behind. */
export async function startPrivateServer(server: ServerDescription): Promise<PrivateServer> {
  await stopLeftovers(server.folder, server.program)
  if (existsSync(server.logFile)) renameSync(server.logFile, `${server.logFile}.old`)
  let { port, child } = await launchOnFreePort(server)
  let isWanted = true
  let reportDeath: (exit: Exit) => void
  const died = new Promise<Exit>((resolve) => (reportDeath = resolve))
  const watch = (watched: OwnedProcess) =>
    void watched.exited.then((exit) => {
      if (isWanted && watched === child) reportDeath(exit)
    })
  watch(child)

  const end = async (how: () => Promise<unknown>) => {
    isWanted = false
    await how()
  }
  const stop = () => end(() => child.stop(stopMsMax))
  return {
    get port() {
      return port
    },
    get pid() {
      return child.pid
    },
    died,
    stop,
    kill9: () => end(() => kill9(child)),
    pause: () => child.signal('SIGSTOP'),
    resume: () => child.signal('SIGCONT'),
    async restart() {
      await stop()
      child = await launch(server, port)
      isWanted = true
      watch(child)
    },
  }
}

/** Ends servers that still run in `folder` although whoever started them is gone. */
export async function stopLeftovers(folder: string, program: string): Promise<void> {
  await Promise.all(findProcessesIn(folder, program).map((found) => stopStranger(found, stopMsMax)))
}

async function launchOnFreePort(server: ServerDescription) {
  for (let attempt = 1; ; attempt++) {
    const port = server.port ?? (await freePort())
    try {
      return { port, child: await launch(server, port) }
    } catch (error) {
      // Someone else may take the port between our look and the server's bind.
      const wasTaken = /address already in use/i.test((error as Error).message)
      if (!wasTaken || server.port !== undefined || attempt === portAttemptsMax) throw error
    }
  }
}

async function launch(server: ServerDescription, port: number): Promise<OwnedProcess> {
  const log = openSync(server.logFile, 'a', 0o600)
  const { file, args, env } = server.command(port)
  const child = spawnOwned(file, args, { cwd: server.folder, env, stdio: ['ignore', log, log] })
  closeSync(log)
  try {
    await untilItAnswers(server.name, startMsMax, () => server.answers(port), child)
    return child
  } catch (error) {
    await kill9(child).catch(() => undefined)
    const tail = readTail(server.logFile)
    throw new CannotContinue(`${(error as Error).message}. The end of ${server.logFile}:\n${tail}`)
  }
}

function kill9(child: OwnedProcess): Promise<Exit> {
  child.signal('SIGKILL')
  return child.exited
}

function readTail(file: string): string {
  if (!existsSync(file)) return '  (empty)'
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines
    .slice(-20)
    .map((line) => `  ${line}`)
    .join('\n')
}
