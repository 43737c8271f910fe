import { pathToFileURL } from 'node:url'
import type { ServerBuild } from '@remix-run/node'
import { readEnv } from '../config/env.ts'
import { followHosts } from '../db/db.server.ts'
import { speakThroughLog } from '../telemetry/last-words.ts'
import { createLog } from '../telemetry/log.ts'
import { startPages } from './start-pages.ts'

/** Serves the pages of the build behind a socket of the file system. Answers how to end that. */
export async function servePages(socketPath: string, sharedHost?: Int32Array) {
  const env = readEnv()
  const build = (await import(pathToFileURL('build/server/index.js').href)) as ServerBuild
  const log = createLog(env.LOG_LEVEL)
  speakThroughLog(log)
  // In a thread they go where the one that started it goes.
  const hosts = sharedHost && followHosts(env.DATABASE_URL, sharedHost)
  const get = () => Promise.resolve(build)
  const pages = await startPages(env, log, { get }, socketPath, hosts)
  return {
    log,
    async end(leaveMs?: number) {
      await pages
        .stop(leaveMs)
        .catch((error: unknown) => log.failed('pages_stop_failed', error))
        .then(() => log.flush())
      process.exit(0)
    },
  }
}
