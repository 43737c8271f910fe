import { limits } from '../../config/limits.ts'
import type { Env } from '../../config/env.ts'
import type { Log } from '../../telemetry/log.ts'
import { HandOver } from './hand-over.ts'
import type { Signals } from '../hear-signals.ts'
import { keepPagesServer, type KeptPages, type StartServer } from '../keep-pages.ts'
import { tryToOpen } from '../open-files.ts'
import { RelayProcesses } from './relay-processes.ts'
import { repeatAll } from '../repeat.ts'
import { prepareDatabase } from '../start-services.ts'

type Programs = {
  startPages: StartServer
  forkRelay: ConstructorParameters<typeof RelayProcesses>[1]
  settingsNow(): SettingsNow
}

/** The settings as they stand now: what is wrong with them, and which of them only a start heeds. */
type SettingsNow = { faults: string[]; kept: string[] }

/** Replaces all processes, one after the other; asked again meanwhile, once more. */
function replacing(
  relays: RelayProcesses,
  pages: KeptPages,
  settingsNow: Programs['settingsNow'],
  log: Log,
) {
  let isAsked = false
  let isBusy = false
  async function replaceAll() {
    const { faults, kept } = settingsNow()
    if (faults.length > 0) return log.error('reload_refused', { faults: faults.join('; ') })
    if (kept.length > 0) log.warn('reload_keeps', { settings: kept.join() })
    log.info('reloading')
    await pages.replace()
    await relays.replace()
    log.info('reloaded')
  }
  async function work() {
    while (isAsked) {
      isAsked = false
      await replaceAll().catch((error: unknown) => log.failed('reload_failed', error))
    }
    isBusy = false
  }
  return () => {
    isAsked = true
    if (isBusy) return
    isBusy = true
    void work()
  }
}

/**
 * The parent of several relay processes behind one port: it brings the database up to date, keeps
 * the relays and the pages running, and hands them the connections. It makes no call and moves no
 * money. Rejects when one of them does not start.
 */
export async function serveSeveral(
  env: Env,
  log: Log,
  signals: Signals,
  { startPages, forkRelay, settingsNow }: Programs,
): Promise<void> {
  // All of it is new by then.
  signals.hangUp = () => undefined
  await (await prepareDatabase(env, log)).close()
  const handOver = new HandOver(log)
  const relays = new RelayProcesses(env.RELAY_PROCESSES, forkRelay, handOver, log)
  let pages: KeptPages | undefined
  let ending: Promise<number> | undefined
  const endAll = async () => {
    const code = await relays.end()
    await handOver.close()
    await pages?.stop()
    return code
  }
  const end = () => (ending ??= endAll())
  signals.end = (signal) => {
    log.info('draining', { signal })
    void end().then((code) => {
      log.info('stopped')
      log.flush()
      process.exit(code)
    })
  }
  signals.haste.addEventListener('abort', () => relays.hasten())
  const whereabouts = { up: (path: string) => relays.tellPages(path), down: () => undefined }
  const startPagesServer = async () => (pages = await keepPagesServer(startPages, log, whereabouts))
  try {
    const [kept] = await Promise.all([startPagesServer(), relays.start()])
    const port = await handOver.listen(env.PORT, env.HOST)
    const { pid } = process
    log.info('listening', { host: env.HOST, port, pid, processes: env.RELAY_PROCESSES })
    signals.hangUp = replacing(relays, kept, settingsNow, log)
  } catch (error) {
    // Whoever told them to end is not told that they did.
    if (ending) return
    await end()
    throw error
  }
  const everyMs = limits.watch.openFilesEveryMs
  repeatAll(log, [{ name: 'open_files', event: 'open_files_used_up', everyMs, work: tryToOpen }])
}
