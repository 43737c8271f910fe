import type { Env } from '../../config/env.ts'
import { limits } from '../../config/limits.ts'
import type { Log } from '../../telemetry/log.ts'
import { handedConnections } from './handed-connections.ts'
import type { Signals } from '../hear-signals.ts'
import { hearParent } from './parent.ts'
import { passPages } from '../pass-pages.ts'
import { serveApi, type EndLimits, type ServedApi } from '../serve-api.ts'
import type { ServicesOptions } from '../start-services.ts'

/**
 * One of several relays of a parent process, which has the port, the pages, and the say in who does
 * what only one has to do. It ends by a signal as any other, when another has replaced it, with its
 * last call, and when the parent is gone.
 */
export async function serveHanded(
  env: Env,
  log: Log,
  signals: Signals,
  options: ServicesOptions = {},
): Promise<void> {
  // A terminal tells the parent too, which has another in this one's place before it ends.
  signals.hangUp = () => undefined
  const passed = passPages(log)
  const hurry = new AbortController()
  const served: { relay?: ServedApi } = {}
  let isEnding = false
  async function end(why: string, limit: EndLimits = {}, isReplaced = false) {
    const { relay } = served
    if (!relay) return process.exit(0)
    // It was to end with its last call, however long that takes: not any more.
    if (isEnding) return hurry.abort()
    isEnding = true
    log.info('draining', { why })
    const how = { haste: signals.haste, hurry: hurry.signal, isReplaced }
    const { billsLost } = await relay.end(limit, how)
    log.info('stopped')
    process.exit(billsLost ? 1 : 0)
  }
  const sweep = async (relayId: string) => {
    await served.relay?.sweepDead(Buffer.from(relayId, 'hex'))
    parent.say({ say: 'swept', relayId })
  }
  const parent = hearParent({
    pages: passed.moved,
    lead: (isIt) => served.relay?.lead(isIt),
    sweep: (relayId) => void sweep(relayId),
    replaced: () => void end('replaced', { drainMsMax: limits.processes.replacedMsMax }, true),
    // Nobody sends it anything any more.
    gone: () => void end('parent gone', { delayMs: 0 }),
  })
  const relay = await serveApi(env, log, {
    isPrepared: true,
    leads: false,
    intake: handedConnections(parent, env.PORT),
    startElsewhere: () => Promise.resolve(passed),
    ...options,
  })
  served.relay = relay
  signals.end = (signal) => void end(signal)
  const relayId = relay.services.ledger.relayId.toString('hex')
  log.info('relay_ready', { relay: relayId, pid: process.pid })
  parent.say({ say: 'ready', relayId })
}
