import { setPriority } from 'node:os'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import type { ServerBuild } from '@remix-run/node'
import { readEnv } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { followHosts } from '../db/db.server.ts'
import { speakThroughLog } from '../telemetry/last-words.ts'
import { createLog } from '../telemetry/log.ts'
import { startPages } from './start-pages.ts'

// The pages in a thread of their own: React renders a page in one piece, and calls would wait for it.
const { socketPath, sharedHost } = workerData as { socketPath: string; sharedHost?: Int32Array }
// Linux has a priority for each thread; elsewhere this would slow the calls down too.
if (process.platform === 'linux') setPriority(0, limits.pages.niceness)
const env = readEnv()
const build = (await import(pathToFileURL('build/server/index.js').href)) as ServerBuild
const log = createLog(env.LOG_LEVEL)
speakThroughLog(log)
const hosts = sharedHost && followHosts(env.DATABASE_URL, sharedHost)
const get = () => Promise.resolve(build)
const pages = await startPages(env, log, { get }, socketPath, hosts)
// This module is only ever the first one of a thread.
const parent = parentPort!
parent.once('message', () => {
  void pages
    .stop()
    .catch((error: unknown) => log.failed('pages_stop_failed', error))
    .then(() => {
      log.flush()
      process.exit(0)
    })
})
parent.postMessage('listening')
