import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { limits } from '../config/limits.ts'

/** The client of a page, as far as whoever sends it much needs to know it. */
type Reader = {
  /** Resolves with true once it has taken most of what it was sent, with false when it has left. */
  ready(): Promise<boolean>
}

/**
 * Remix writes a page without ever waiting for its reader; a long answer waits here instead. A
 * reader that takes nothing for `stalledMsMax` is disconnected.
 */
export function watchReader(
  res: ServerResponse,
  stalledMsMax: number = limits.stream.stalledReaderMsMax,
): Reader {
  const left = new AbortController()
  res.on('close', () => left.abort())
  return {
    async ready() {
      if (res.destroyed) return false
      // Node takes this back when the answer is out.
      res.socket?.setTimeout(stalledMsMax)
      // The socket may have room where the encoder before it has none yet.
      while (res.writableNeedDrain && !left.signal.aborted)
        // It ends early only because the reader has left, which is what is answered.
        await once(res, 'drain', { signal: left.signal }).catch(() => undefined)
      return !res.destroyed
    },
  }
}
