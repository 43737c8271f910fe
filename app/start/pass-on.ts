import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { errors, Pool } from 'undici'
import { limits } from '../config/limits.ts'
import { isPipelined } from '../http/http.server.ts'
import type { Log } from '../telemetry/log.ts'

/** Of one connection only (RFC 9110, 7.6.1), and `expect`, which Node has answered already. */
const ofConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

type HeaderFields = Record<string, string | string[] | undefined>

const withoutThoseOfConnection = (headers: IncomingHttpHeaders | HeaderFields) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.has(name)))

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

function say(res: ServerResponse, status: number, text: string) {
  if (res.headersSent) return res.destroy()
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '1',
    // Its body may be on the way still.
    connection: 'close',
  })
  res.end(`${text}\n`)
}

export type PassOn = {
  handle(incoming: IncomingMessage, res: ServerResponse): Promise<void>
  close(): Promise<void>
}

/**
 * Passes requests as they are to a server of this process behind a socket of the file system, and
 * its answers back. A reader that is slow slows the server down; one that leaves ends its request
 * there.
 */
export function createPassOn(socketPath: string, log: Pick<Log, 'failed'>): PassOn {
  const { connectionsMax: connections, answerMsMax, underWayMax } = limits.pages
  const pool = new Pool('http://pages', {
    socketPath,
    connections,
    headersTimeout: answerMsMax,
    // The server has a limit of its own for a reader that stalls.
    bodyTimeout: 0,
    // Shorter than the server's, so that none is used just when it closes.
    keepAliveTimeout: limits.pages.keepAliveMs / 2,
  })
  let underWay = 0

  async function pass(incoming: IncomingMessage, res: ServerResponse) {
    const left = new AbortController()
    res.on('close', () => left.abort())
    const answer = await pool.request({
      method: incoming.method as 'GET',
      path: incoming.url ?? '/',
      headers: withoutThoseOfConnection(incoming.headers),
      // A stream of its own, because undici destroys one of which not all was wanted.
      body: hasBody(incoming) ? incoming.pipe(new PassThrough()) : null,
      signal: left.signal,
    })
    const headers = withoutThoseOfConnection(answer.headers)
    if (answer.headers.connection === 'close') headers.connection = 'close'
    res.writeHead(answer.statusCode, headers)
    await pipeline(answer.body, res)
  }

  return {
    async handle(incoming, res) {
      if (isPipelined(res))
        return void say(
          res,
          400,
          'A request on a connection must wait for the answer to the one before it.',
        )
      if (underWay >= underWayMax)
        return void say(res, 503, 'Too many pages are being requested. Try again in a moment.')
      underWay++
      try {
        await pass(incoming, res)
      } catch (error) {
        if (error instanceof errors.InvalidArgumentError)
          return void say(res, 400, 'This is not the address of a page.')
        // The server logs its own failures; what fails here is the way there, or the reader has left.
        if (!res.destroyed) log.failed('pages_not_reached', error)
        say(res, 503, 'This page is not available right now. Try again in a moment.')
      } finally {
        underWay--
        // What the server did not want of a body is let go, or its sender would never be heard again.
        if (!incoming.complete) incoming.resume()
      }
    },
    close: () => pool.destroy(),
  }
}
