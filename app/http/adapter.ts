import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { AbortEmitter } from './abort-emitter.ts'
import { formatCallId, newCallId } from '../values/call-id.ts'
import { limits } from '../config/limits.ts'
import type { Exchange } from './exchange.ts'
import type { Answer } from './answer.ts'
import { ChunkWriter } from './chunks.ts'
import { clockNow } from '../values/clock.ts'

/** Starts the account of one request; `gone` aborts when the client leaves before the end. */
export function beginExchange(res: ServerResponse, clientAddress: string): Exchange {
  const gone = new AbortEmitter()
  res.on('close', () => {
    if (!res.writableFinished) gone.abort()
  })
  const startedAt = clockNow()
  const callId = newCallId(startedAt.getTime())
  return {
    callId,
    requestId: formatCallId(callId),
    startedAt,
    clientAddress,
    startedMs: performance.now(),
    gone,
  }
}

/**
 * What `stream.pipeline` does here, without the abort signal, the watchers and the error that it makes
 * for every stream: whichever end goes first takes the other with it.
 */
function pour(source: Readable & { lastPiece?: Buffer | undefined }, res: ServerResponse) {
  // Of one that has ended already there will be no further event.
  if (source.destroyed) return void res.destroy()
  const body = new ChunkWriter(res)
  source.on('data', (piece: Buffer) => {
    if (piece === source.lastPiece) body.end(piece)
    else if (!body.write(piece)) source.pause()
  })
  res.on('drain', () => source.resume())
  source.on('end', () => body.end())
  source.on('error', () => res.destroy())
  source.on('close', () => {
    if (!source.readableEnded) res.destroy()
  })
  res.on('error', () => source.destroy())
  res.on('close', () => source.destroy())
}

/**
 * True for a request that came before the answer to the last one on its connection was out. Node
 * tells nobody when such a connection ends, so what the request has begun would never end.
 */
export const isPipelined = (res: ServerResponse) => res.socket === null

const latin1Of = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('latin1')

/**
 * Writes an answer to the socket: pushes back on its source when the client reads slowly, and
 * destroys the source when the client leaves or has taken nothing for `stalledMsMax`. (Remix's own
 * writer does none of it.)
 */
export function writeAnswer(
  incoming: IncomingMessage,
  res: ServerResponse,
  answer: Answer,
  stalledMsMax: number = limits.stream.stalledReaderMsMax,
) {
  const { status, headers, source } = answer
  if (res.destroyed) {
    if (source instanceof Readable) source.destroy()
    return
  }
  // Node takes this back when the answer is out and the connection waits for the next request.
  incoming.socket.setTimeout(stalledMsMax)
  // A body that was not read to its end would be taken for the next request.
  if (!incoming.complete) answer.set('connection', 'close')
  // Neither has a body, and a 204 not even a length (RFC 9110, section 8.6).
  if (incoming.method === 'HEAD' || status === 204) {
    res.writeHead(status, headers)
    res.end()
    if (source instanceof Readable) source.destroy()
    return
  }
  if (source instanceof Readable) {
    res.writeHead(status, headers)
    pour(source, res)
    return
  }
  const bytes = typeof source === 'string' ? Buffer.from(source) : source
  answer.set('content-length', String(bytes.byteLength))
  res.writeHead(status, headers)
  // A connection whose answer has ended counts as idle, and a drain closes it: it ends when it is out.
  // And Node would add an empty write to one that ends with its bytes.
  const end = () => void res.end()
  // Node joins a head and a body of text into one write; bytes it would gather from two places.
  if (bytes.byteLength > limits.http.textBytesMax) res.write(bytes, end)
  else res.write(latin1Of(bytes), 'latin1', end)
}
