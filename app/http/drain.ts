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

/** How connections come to a server. */
export type Intake = {
  /** From here on they come. Answers at which port. */
  open(server: Server): Promise<number>
  /** None comes any more. `ended` resolves when those that came have closed. */
  close(server: Server): Promise<{ ended: Promise<unknown> }>
}

/** What makes a drain shorter than it was to be. */
type Hurry = {
  /** Ends the delay. */
  haste?: AbortSignal
  /** From then on what is under way has no more than the usual time. */
  hurry?: AbortSignal
}

/**
 * Waits for a lull, some turns in a row in which nobody connected: who has connected and is not
 * accepted when the port closes is cut off by the kernel, with the call that they may have sent.
 */
export async function lull(server: NetServer) {
  let quiet = 0
  const note = () => (quiet = -1)
  server.on('connection', note)
  for (let turn = 0; quiet < quietTurnsLeast && turn < quietTurnsMax; turn++) {
    await nextTurn()
    quiet++
  }
  server.off('connection', note)
}

/** A port of the server's own closes in a lull; connections that are kept may go on. */
export async function closeOwnPort(server: Server) {
  await lull(server)
  // The HTTP server's own would also end connections that have just answered, and the next call with them.
  return { ended: new Promise((resolve) => NetServer.prototype.close.call(server, resolve)) }
}

/** Tells what is under way to end when its time is over, and resolves when nobody waits any more. */
function timesUp(
  server: Server,
  underWay: UnderWay,
  { drainMsMax, cutMsMax, hurry }: DrainLimits & Hurry,
) {
  let late: NodeJS.Timeout | undefined
  let end: NodeJS.Timeout | undefined
  let giveUp: () => void
  const tooLate = new Promise<void>((resolve) => (giveUp = resolve))
  const set = (drainMs: number) => {
    clearTimeout(late)
    clearTimeout(end)
    late = setTimeout(() => underWay.cutAll(), drainMs)
    end = setTimeout(() => {
      server.closeAllConnections()
      giveUp()
    }, drainMs + cutMsMax)
  }
  const shorten = () => set(Math.min(drainMsMax, limits.shutdown.drainMsMax))
  set(drainMsMax)
  hurry?.addEventListener('abort', shorten)
  if (hurry?.aborted) shorten()
  return {
    tooLate,
    clear() {
      hurry?.removeEventListener('abort', shorten)
      clearTimeout(late)
      clearTimeout(end)
    },
  }
}

/**
 * Ends a server in good order. For `delayMs`, or until there is haste, it serves as before, but that
 * each answer closes its connection. Then no more connections are taken in; what is under way ends
 * by itself, and a call that still comes on a connection that was kept is answered. A connection
 * goes that has been idle for as long as the delay.
 */
export async function drainServer(
  server: Server,
  connections: Connections,
  underWay: UnderWay,
  most: DrainLimits & Hurry,
  close: Intake['close'] = closeOwnPort,
): Promise<void> {
  const { delayMs, haste } = most
  connections.drain()
  if (delayMs > 0) {
    // It rejects where there is haste, which is not a failure.
    await sleep(delayMs, undefined, haste && { signal: haste }).catch(() => undefined)
  }
  const { ended } = await close(server)
  const idleMsLeast = Math.max(haste?.aborted ? 0 : delayMs, idleLookEveryMs)
  // What has come by now is read before a look, and one that has something on its way is left.
  const look = setInterval(
    () => setImmediate(() => connections.closeIdle(idleMsLeast)),
    idleLookEveryMs,
  )
  const { tooLate, clear } = timesUp(server, underWay, most)
  // Also calls whose client has gone: they are counted and charged before the ledger closes.
  await Promise.race([ended.then(() => underWay.ended()), tooLate])
  clearInterval(look)
  clear()
  // It is closed already; what the HTTP server repeats ends with this.
  server.close()
}
