import type { IncomingMessage } from 'node:http'

export class BodyTooLarge extends Error {}
export class BodyTimeout extends Error {}
export class BodyCut extends Error {}

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
      resolve(all.length === 1 ? all[0]! : Buffer.concat(all))
    })
    incoming.on('close', () => fail(BodyCut))
    incoming.on('error', () => fail(BodyCut))
  })
}

type Limits = { bodyBytesMax: number; bodyMsMax: number }

/**
 * A stand-in for a Request: method, url, headers and the body's readers, over Node's own message. A
 * true Request costs as much as all the rest of the adapter (measured; docs/decisions/0003), and its
 * signal never fires.
 */
export function nodeRequest(incoming: IncomingMessage, limits: Limits): Request {
  const { headers } = incoming
  const first = (name: string) => {
    const value = headers[name.toLowerCase()]
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
  }
  const bytes = () => readBody(incoming, limits.bodyBytesMax, limits.bodyMsMax)
  const request = {
    method: incoming.method ?? 'GET',
    url: `http://relay.invalid${incoming.url ?? '/'}`,
    headers: { get: first, has: (name: string) => first(name) !== null },
    arrayBuffer: bytes,
    text: async () => (await bytes()).toString('utf8'),
    json: async () => JSON.parse((await bytes()).toString('utf8')) as unknown,
  }
  return request as unknown as Request
}
