import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { formatCallId, newCallId } from '../call-id.ts'
import { limits } from '../config/limits.ts'
import type { Exchange } from '../services.ts'
import { Answer } from './answer.ts'

/** Starts the account of one request; its signal fires when the client leaves before the end. */
export function beginExchange(res: ServerResponse): Exchange {
  const gone = new AbortController()
  res.on('close', () => {
    if (!res.writableFinished) gone.abort()
  })
  const startedAt = new Date()
  const callId = newCallId(startedAt.getTime())
  return {
    callId,
    requestId: formatCallId(callId),
    startedAt,
    startedMs: performance.now(),
    gone: gone.signal,
  }
}

function sourceOf(response: Response) {
  if (response instanceof Answer) return response.source
  return response.body
    ? Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
    : null
}

/**
 * Writes a Response to the socket: pushes back on its source when the client reads slowly, and
 * destroys the source when the client leaves or has taken nothing for `stalledMsMax`. (Remix's own
 * writer does none of it.)
 */
export function writeResponse(
  incoming: IncomingMessage,
  res: ServerResponse,
  response: Response,
  stalledMsMax: number = limits.stream.stalledReaderMsMax,
) {
  // Node takes this back when the answer is out and the connection waits for the next request.
  incoming.socket.setTimeout(stalledMsMax)
  const source = sourceOf(response)
  const headers: Record<string, string> = {}
  response.headers.forEach((value, name) => (headers[name] = value))
  // A body that was not read to its end would be taken for the next request.
  if (!incoming.complete) headers.connection = 'close'
  if (source === null || incoming.method === 'HEAD') {
    res.writeHead(response.status, headers)
    res.end()
    if (source instanceof Readable) source.destroy()
    return
  }
  if (source instanceof Readable) {
    res.writeHead(response.status, headers)
    pipeline(source, res, () => undefined)
    return
  }
  const bytes = typeof source === 'string' ? Buffer.from(source) : source
  headers['content-length'] = String(bytes.byteLength)
  res.writeHead(response.status, headers)
  res.end(bytes)
}
