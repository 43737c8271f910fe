import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { limits } from '../config/limits.ts'
import type { Hosts } from '../db/db.server.ts'
import { createPassOn, type PassOn } from './pass-on.ts'
import type { Elsewhere } from './elsewhere.ts'
import { makePagesFolder, sweepPagesFolders } from './pages-folder.ts'
import type { Log } from '../telemetry/log.ts'

/** Starts a server that listens on `socketPath`; `onEnd` is called if it ends by itself. */
export type StartServer = (socketPath: string, onEnd: () => void) => Promise<Stop>
type Stop = () => Promise<void>

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

/**
 * Keeps the pages' server running and passes requests on to it. Rejects when it does not start;
 * when it ends later, such as for want of memory, it is started anew, and calls go on meanwhile.
 */
export async function keepPages(
  start: StartServer,
  log: Log,
  parent = tmpdir(),
): Promise<Elsewhere> {
  const left = await sweepPagesFolders(parent)
  if (left > 0) log.info('pages_folders_swept', { count: left })
  const folder = makePagesFolder(parent)
  let starts = 0
  let passOn: PassOn
  let stopServer: Stop = () => Promise.resolve()
  let again: NodeJS.Timeout | undefined
  let isStopping = false

  async function up() {
    // Each start has a socket of its own: an old one's file says nothing of the new.
    const socketPath = join(folder, `${++starts}`)
    passOn = createPassOn(socketPath, log)
    stopServer = await start(socketPath, onEnd)
    if (isStopping) await stopServer()
  }
  function onEnd() {
    if (isStopping) return
    void passOn.close()
    again = setTimeout(() => {
      up().catch((error: unknown) => {
        log.failed('pages_failed', error)
        onEnd()
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
    handle: (incoming, res) => passOn.handle(incoming, res),
    async stop() {
      isStopping = true
      clearTimeout(again)
      await passOn.close()
      await stopServer()
      clear()
    },
  }
}
