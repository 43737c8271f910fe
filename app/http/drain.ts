import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../config/limits.ts'
import type { Connections } from './connections.ts'

const { quietTurnsLeast, quietTurnsMax, idleLookEveryMs } = limits.shutdown

/** What still goes on behind the connections. */
type UnderWay = { cutAll(): void; ended(): Promise<void> }

export type DrainLimits = {
  /** How long calls are still taken in, so that whoever sends them finds out. */
  delayMs: number
  /** From then on what is under way has so long; then it is told to end. */
  drainMsMax: number
  /** And so much later whoever does not read is cut off. */
  cutMsMax: number
}

/**
 * Waits for a lull, some turns in a row in which nobody connected: who has connected and is not
 * accepted when the port closes is cut off by the kernel, with the call that they may have sent.
 */
async function lull(server: Server) {
  let quiet = 0
  const note = () => (quiet = -1)
  server.on('connection', note)
  for (let turn = 0; quiet < quietTurnsLeast && turn < quietTurnsMax; turn++) {
    await nextTurn()
    quiet++
  }
  server.off('connection', note)
}

/**
 * Ends a server in good order. For `delayMs`, or until there is haste, it serves as before, but that
 * each answer closes its connection. Then the port closes; what is under way ends by itself, and a
 * call that still comes on a connection that was kept is answered. A connection goes that has been
 * idle for as long as the delay.
 */
export async function drainServer(
  server: Server,
  connections: Connections,
  underWay: UnderWay,
  { delayMs, drainMsMax, cutMsMax, haste }: DrainLimits & { haste?: AbortSignal },
): Promise<void> {
  connections.drain()
  if (delayMs > 0) {
    // It rejects where there is haste, which is not a failure.
    await sleep(delayMs, undefined, haste && { signal: haste }).catch(() => undefined)
  }
  await lull(server)
  // The HTTP server's own would also end connections that have just answered, and the next call with them.
  const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve))
  const idleMsLeast = Math.max(haste?.aborted ? 0 : delayMs, idleLookEveryMs)
  // What has come by now is read before a look, and one that has something on its way is left.
  const look = setInterval(
    () => setImmediate(() => connections.closeIdle(idleMsLeast)),
    idleLookEveryMs,
  )
  const late = setTimeout(() => underWay.cutAll(), drainMsMax)
  let end: NodeJS.Timeout | undefined
  const tooLate = new Promise<void>((resolve) => {
    end = setTimeout(() => {
      server.closeAllConnections()
      resolve()
    }, drainMsMax + cutMsMax)
  })
  // Also calls whose client has gone: they are counted and charged before the ledger closes.
  await Promise.race([closed.then(() => underWay.ended()), tooLate])
  clearInterval(look)
  clearTimeout(late)
  clearTimeout(end)
  // It is closed already; what the HTTP server repeats ends with this.
  server.close()
}
