import type { IncomingMessage } from 'node:http'
import { BodyCut, BodyTimeout, BodyTooLarge } from './body-errors.ts'
import { decodeBody, decodersOf } from './decode-body.ts'

/**
 * Reads a body, counting what comes and not only what content-length says. Rejects with `BodyTooLarge`,
 * `BodyTimeout` or, when the client goes away, `BodyCut`.
 */
function readBody(incoming: IncomingMessage, bytesMax: number, msMax: number): Promise<Buffer> {
  if (Number(incoming.headers['content-length'] ?? 0) > bytesMax) {
    return Promise.reject(new BodyTooLarge())
  }
  // Of a client that has gone already there will be no further event.
  if (incoming.destroyed) return Promise.reject(new BodyCut())
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let bytes = 0
    let isOver = false
    // The listeners stay until the message is gone, and with them all that they know.
    const end = () => {
      isOver = true
      clearTimeout(timer)
      return pieces.splice(0)
    }
    // Every message closes in the end, and an error that nobody needs costs a look at the stack.
    const fail = (error: new () => Error) => {
      if (isOver) return
      end()
      reject(new error())
    }
    const timer = setTimeout(() => fail(BodyTimeout), msMax)
    incoming.on('data', (piece: Buffer) => {
      if (isOver) return
      pieces.push(piece)
      bytes += piece.length
      if (bytes > bytesMax) fail(BodyTooLarge)
    })
    incoming.on('end', () => {
      if (isOver) return
      const all = end()
      const [first] = all
      resolve(first && all.length === 1 ? first : Buffer.concat(all))
    })
    incoming.on('close', () => fail(BodyCut))
    incoming.on('error', () => fail(BodyCut))
  })
}

/** The path of an address, as it was written. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}

/** A request of the API, over Node's own message. */
export type ApiRequest = {
  method: string
  /** As it was written, without its query. */
  path: string
  /** With the path and query that came, below an origin that means nothing. */
  url: string
  header(name: string): string | null
  /** Reads the body, once, and undoes its encodings; see `readBody` and `decodeBody`. */
  body(bytesMax: number, msMax: number): Promise<Buffer>
}

/**
 * A true Request costs as much as all the rest of the adapter (measured; docs/decisions/0003), and
 * its signal never fires.
 */
export const apiRequest = (incoming: IncomingMessage): ApiRequest => ({
  method: incoming.method ?? 'GET',
  path: pathOf(incoming.url ?? '/'),
  url: `http://relay.invalid${incoming.url ?? '/'}`,
  header(name) {
    const value = incoming.headers[name]
    if (value === undefined) return null
    return Array.isArray(value) ? value.join(', ') : value
  },
  async body(bytesMax, msMax) {
    const undo = decodersOf(incoming.headers['content-encoding'])
    const bytes = await readBody(incoming, bytesMax, msMax)
    return undo.length === 0 ? bytes : decodeBody(bytes, undo, bytesMax)
  },
})
