import type { Server } from 'node:http'

/** What still goes on behind the connections. */
type UnderWay = { cutAll(): void; ended(): Promise<void> }

/**
 * Ends a server in good order: no new connection, calls under way end by themselves; after
 * `drainMsMax` what is left is told to end, and `cutMsMax` later whoever does not read is cut off.
 */
export async function drainServer(
  server: Server,
  underWay: UnderWay,
  { drainMsMax, cutMsMax }: { drainMsMax: number; cutMsMax: number },
): Promise<void> {
  // A connection falls idle when its last answer is out; only we close it then.
  const idle = setInterval(() => server.closeIdleConnections(), 100)
  const late = setTimeout(() => underWay.cutAll(), drainMsMax)
  let end: NodeJS.Timeout | undefined
  const tooLate = new Promise<void>((resolve) => {
    end = setTimeout(() => {
      server.closeAllConnections()
      resolve()
    }, drainMsMax + cutMsMax)
  })
  const closed = new Promise((resolve) => server.close(resolve))
  // Also calls whose client has gone: they are counted and charged before the ledger closes.
  await Promise.race([closed.then(() => underWay.ended()), tooLate])
  clearInterval(idle)
  clearTimeout(late)
  clearTimeout(end)
}
