import type { IncomingMessage } from 'node:http'
import { limits } from '../config/limits.ts'
import { BodyCut, BodyTimeout, BodyTooLarge } from './body-errors.ts'
import { ownTurn } from './own-turn.ts'
import { decodeBody, decodersOf } from './decode-body.ts'

/** Who has a say while a body comes. What they throw ends the reading. */
type BodyWatch = {
  /** Told of every piece before it is kept. */
  take(bytes: number): void
  /** Asked once, before more is read than a body may have unasked; 0 bytes where none are named. */
  mayBeLong(bytes: number): Promise<void>
}

const isNextPiece = (before: number, bytes: number) =>
  Math.floor(before / limits.bodies.pieceBytes) < Math.floor(bytes / limits.bodies.pieceBytes)

/** Reads on when it is its turn: others are kept waiting by one piece of a long body at a time. */
function rest(incoming: IncomingMessage, isOver: () => boolean) {
  incoming.pause()
  void ownTurn().then(() => isOver() || incoming.resume())
}

/**
 * Reads a body, counting what comes and not only what content-length says. Rejects with `BodyTooLarge`,
 * `BodyTimeout`, with what `watch` throws or, when the client goes away, `BodyCut`.
 */
export function readBody(
  incoming: IncomingMessage,
  bytesMax: number,
  msMax: number,
  watch?: BodyWatch,
): Promise<Buffer> {
  const declared = Number(incoming.headers['content-length'] ?? 0)
  if (declared > bytesMax) return Promise.reject(new BodyTooLarge())
  // Of a client that has gone already there will be no further event.
  if (incoming.destroyed) return Promise.reject(new BodyCut())
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let bytes = 0
    // Of a long one there is one copy, made as it comes: joined at its end it would be two, at once.
    const isLong = declared > limits.bodies.unaskedBytesMax
    let whole: Buffer | undefined
    let isOver = false
    // The listeners stay until the message is gone, and with them all that they know.
    const end = () => {
      isOver = true
      clearTimeout(timer)
      if (whole) pieces.push(whole.subarray(0, bytes))
      whole = undefined
      return pieces.splice(0)
    }
    // Every message closes in the end, and an error that nobody needs costs a look at the stack.
    const fail = (error: () => Error) => {
      if (isOver) return
      end()
      reject(error())
    }
    let isAsked = watch === undefined
    const ask = () => {
      isAsked = true
      incoming.pause()
      // Of one that is refused nothing more is read: whoever answers ends the connection.
      watch?.mayBeLong(declared).then(
        () => incoming.resume(),
        (error: unknown) => fail(() => error as Error),
      )
    }
    const timer = setTimeout(() => fail(() => new BodyTimeout()), msMax)
    if (isLong && !isAsked) ask()
    incoming.on('data', (piece: Buffer) => {
      if (isOver) return
      bytes += piece.length
      if (bytes > bytesMax) return fail(() => new BodyTooLarge())
      try {
        watch?.take(piece.length)
      } catch (error) {
        return fail(() => error as Error)
      }
      if (isLong) piece.copy((whole ??= Buffer.allocUnsafe(declared)), bytes - piece.length)
      else pieces.push(piece)
      if (bytes <= limits.bodies.unaskedBytesMax) return
      if (!isAsked) return ask()
      if (isNextPiece(bytes - piece.length, bytes)) rest(incoming, () => isOver)
    })
    incoming.on('end', () => {
      if (isOver) return
      const all = end()
      const [first] = all
      resolve(first && all.length === 1 ? first : Buffer.concat(all))
    })
    incoming.on('close', () => fail(() => new BodyCut()))
    incoming.on('error', () => fail(() => new BodyCut()))
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
  /** The names of all that came, in lower case. */
  headerNames(): string[]
  /** Reads the body, once, and undoes its encodings; see `readBody` and `decodeBody`. */
  body(bytesMax: number, msMax: number, watch?: BodyWatch): Promise<Buffer>
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
  headerNames: () => Object.keys(incoming.headers),
  async body(bytesMax, msMax, watch) {
    const undo = decodersOf(incoming.headers['content-encoding'])
    const bytes = await readBody(incoming, bytesMax, msMax, watch)
    if (undo.length === 0) return bytes
    // How long it will be, nobody knows before; the shortest ones are not worth the question.
    if (bytes.length > limits.bodies.unaskedPackedBytesMax) await watch?.mayBeLong(0)
    return decodeBody(bytes, undo, bytesMax, (more) => watch?.take(more))
  },
})
