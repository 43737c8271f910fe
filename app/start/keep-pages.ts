import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { limits } from '../config/limits.ts'
import type { Hosts } from '../db/db.server.ts'
import type { Elsewhere } from './elsewhere.ts'
import { passPages } from './pass-pages.ts'
import { makePagesFolder, sweepPagesFolders } from './pages-folder.ts'
import type { Log } from '../telemetry/log.ts'

/** Starts a server that listens on `socketPath`; `onEnd` is called if it ends by itself. */
export type StartServer = (socketPath: string, onEnd: () => void) => Promise<Stop>
/** Ends it at once; or what is under way has `leaveMs` for it, as others serve already. */
type Stop = (leaveMs?: number) => Promise<void>

/** Runs the pages' program as a process, forked by `fork`. Rejects when it ends before it listens. */
export const inProcess =
  (fork: (socketPath: string) => ChildProcess, log: Log): StartServer =>
  (socketPath, onEnd) =>
    new Promise((resolve, reject) => {
      const child = fork(socketPath)
      let state: 'starting' | 'up' | 'stopping' = 'starting'
      const ended = new Promise<void>((done) => {
        const end = (code: number | null, signal: string | null) => {
          if (state === 'starting') reject(new Error('the pages ended at their start'))
          if (state === 'up') {
            log.error('pages_ended', { code, signal })
            onEnd()
          }
          done()
        }
        child.once('exit', end)
        child.on('error', (error) => {
          log.failed('pages_failed', error)
          if (child.pid === undefined) end(null, null)
        })
      })
      child.once('message', () => {
        state = 'up'
        resolve(async (leaveMs = 0) => {
          state = 'stopping'
          child.send({ leaveMs }, () => undefined)
          // Its database may not answer any more.
          const late = setTimeout(() => child.kill('SIGKILL'), leaveMs + limits.pages.stopMsMax)
          await ended
          clearTimeout(late)
        })
      })
    })

/**
 * Runs the pages' program as a thread, which works with the database's host that this one works with.
 * Rejects when it ends before it listens.
 */
export const inThread =
  (program: URL, log: Log, hosts?: Pick<Hosts, 'shared'>): StartServer =>
  (socketPath, onEnd) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(program, { workerData: { socketPath, sharedHost: hosts?.shared } })
      let state: 'starting' | 'up' | 'stopping' | 'ended' = 'starting'
      const ended = new Promise<void>((done) => {
        worker.once('exit', (code) => {
          if (state === 'starting') reject(new Error('the pages ended at their start'))
          if (state === 'up') {
            log.error('pages_ended', { code })
            onEnd()
          }
          state = 'ended'
          done()
        })
      })
      worker.on('error', (error) => {
        log.failed('pages_failed', error)
        if (state === 'starting') reject(error as Error)
      })
      worker.once('message', () => {
        state = 'up'
        resolve(async () => {
          if (state === 'up') state = 'stopping'
          worker.postMessage('stop')
          // Its database may not answer any more.
          const late = setTimeout(() => void worker.terminate(), limits.pages.stopMsMax)
          await ended
          clearTimeout(late)
        })
      })
    })

/** Hears where the pages are, each time they are somewhere else, and when they are not. */
type PagesWhereabouts = { up(socketPath: string): void; down(): void }

/** Pages that are kept running. */
export type KeptPages = {
  /** Starts them anew, and ends the old ones once the new are there. Rejects where they do not start. */
  replace(): Promise<void>
  stop(): Promise<void>
}

/**
 * Keeps the pages' server running. Rejects when it does not start; when it ends later, such as for
 * want of memory, it is started anew, and calls go on meanwhile.
 */
export async function keepPagesServer(
  start: StartServer,
  log: Log,
  whereabouts: PagesWhereabouts,
  parent = tmpdir(),
): Promise<KeptPages> {
  const left = await sweepPagesFolders(parent)
  if (left > 0) log.info('pages_folders_swept', { count: left })
  const folder = makePagesFolder(parent)
  let starts = 0
  let serving: { stop: Stop } | undefined
  let again: NodeJS.Timeout | undefined
  let isStopping = false

  async function up() {
    // Each start has a socket of its own: an old one's file says nothing of the new.
    const socketPath = join(folder, `${++starts}`)
    const own: { stop: Stop } = { stop: () => Promise.resolve() }
    own.stop = await start(socketPath, () => onEnd(own))
    if (isStopping) return own.stop()
    const before = serving
    serving = own
    whereabouts.up(socketPath)
    void before?.stop(limits.pages.answerMsMax)
  }
  function onEnd(own: { stop: Stop }) {
    if (isStopping || own !== serving) return
    serving = undefined
    whereabouts.down()
    later()
  }
  const later = () => {
    if (isStopping) return
    again = setTimeout(() => {
      up().catch((error: unknown) => {
        log.failed('pages_failed', error)
        later()
      })
    }, limits.pages.restartAfterMs)
  }
  const clear = () => rmSync(folder, { recursive: true, force: true })
  try {
    await up()
  } catch (error) {
    clear()
    throw error
  }
  return {
    replace: up,
    async stop() {
      isStopping = true
      clearTimeout(again)
      await serving?.stop()
      clear()
    },
  }
}

/** The same, and passes requests on to it. */
export async function keepPages(
  start: StartServer,
  log: Log,
  parent = tmpdir(),
): Promise<Elsewhere> {
  const passed = passPages(log)
  const whereabouts = { up: passed.moved, down: passed.lost }
  const kept = await keepPagesServer(start, log, whereabouts, parent)
  return {
    handle: passed.handle,
    async stop() {
      await passed.stop()
      await kept.stop()
    },
  }
}
