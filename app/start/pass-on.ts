import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { errors, Pool, type Dispatcher } from 'undici'
import { limits } from '../config/limits.ts'
import { isPipelined, Pace, passedAddress, placeOf, Places } from '../http/http.server.ts'
import type { Log } from '../telemetry/log.ts'
import { LeftBehind, type LeftBounds } from './left-behind.ts'
import { createFormReader, tooMany, type FormBounds } from './read-form.ts'

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

function say(res: ServerResponse, status: number, text: string) {
  if (res.headersSent) return res.destroy()
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    ...(status === 503 && { 'retry-after': '1' }),
    // Its body may be on the way still.
    connection: 'close',
  })
  res.end(`${text}\n`)
}

/** How many may be served, and how long they may take to say what they want. */
export type PassOnBounds = FormBounds &
  LeftBounds & { underWayMax: number; underWayAnAddressMax: number }

export type PassOn = {
  handle(incoming: IncomingMessage, res: ServerResponse): Promise<void>
  /** Resolves when what is under way has ended by itself; nothing more may be passed on. */
  leave(): Promise<void>
  close(): Promise<void>
}

/**
 * Gives an answer to its reader. What one that left has not read is thrown away, up to a bound: to
 * end its connection instead costs both threads a new one, however little was still to come.
 */
async function give(body: Dispatcher.ResponseData['body'], res: ServerResponse) {
  if (!res.destroyed) {
    const over = once(res, 'close')
    body.once('error', () => void res.destroy())
    body.pipe(res)
    await over
  }
  if (body.readableEnded) return
  body.unpipe(res)
  const { leftBytesMax: limit, leftMsMax } = limits.pages
  await body.dump({ limit, signal: AbortSignal.timeout(leftMsMax) })
}

/** Who asks, as far as can be told here: behind a proxy all have one address. */
const nameOf = (who: string, { headers }: IncomingMessage) => `${who} ${headers.cookie ?? ''}`

async function pass(
  pool: Pool,
  incoming: IncomingMessage,
  res: ServerResponse,
  body: Buffer | null,
) {
  const answer = await pool.request({
    method: incoming.method as 'GET',
    path: incoming.url ?? '/',
    headers: withoutThoseOfConnection(incoming.headers),
    body,
  })
  if (res.destroyed) return give(answer.body, res)
  const headers = withoutThoseOfConnection(answer.headers)
  if (answer.headers.connection === 'close') headers.connection = 'close'
  // Node takes this back when the answer is out.
  incoming.socket.setTimeout(limits.stream.stalledReaderMsMax)
  res.writeHead(answer.statusCode, headers)
  await give(answer.body, res)
}

/** Waits for room first, and counts a request that is left until it is over. */
const passInTurn =
  (pool: Pool, leftBehind: LeftBehind) =>
  async (name: string, incoming: IncomingMessage, res: ServerResponse, body: Buffer | null) => {
    const left = new AbortController()
    const leave = () => left.abort()
    res.once('close', leave)
    if (res.destroyed) leave()
    if (!(await leftBehind.room(name, left.signal))) return
    let end = () => {}
    const note = () => void (end = leftBehind.add(name))
    res.off('close', leave).once('close', note)
    try {
      await pass(pool, incoming, res, body)
    } finally {
      res.off('close', note)
      end()
    }
  }

/**
 * Passes requests as they are to a server of this process behind a socket of the file system, and
 * its answers back. A form is read whole before it takes a place there, in its own time. A reader
 * that is slow slows the server down. One that leaves keeps its place until its answer is made.
 */
export function createPassOn(
  socketPath: string,
  log: Pick<Log, 'failed'>,
  most: PassOnBounds = limits.pages,
): PassOn {
  const { connectionsMax: connections, answerMsMax } = limits.pages
  const pool = new Pool('http://pages', {
    socketPath,
    connections,
    headersTimeout: answerMsMax,
    // The server has a limit of its own for a reader that stalls.
    bodyTimeout: 0,
    // Shorter than the server's, so that none is used just when it closes.
    keepAliveTimeout: limits.pages.keepAliveMs / 2,
  })
  const refusals = new Pace(limits.refusals)
  const readForm = createFormReader(most, refusals)
  const places = new Places({ allMax: most.underWayMax, eachMax: most.underWayAnAddressMax })

  const pass = passInTurn(pool, new LeftBehind(most))

  return {
    async handle(incoming, res) {
      if (isPipelined(res))
        return void say(
          res,
          400,
          'A request on a connection must wait for the answer to the one before it.',
        )
      const who = placeOf(passedAddress(incoming))
      const form = await readForm(incoming, who)
      if (form === 'gone') return
      if ('refused' in form) return void say(res, form.refused, form.text)
      const leave = places.take(who)
      if (!leave) {
        await refusals.wait(who)
        return void say(res, 503, tooMany)
      }
      try {
        await pass(nameOf(who, incoming), incoming, res, form.body)
      } catch (error) {
        if (error instanceof errors.InvalidArgumentError)
          return void say(res, 400, 'This is not the address of a page.')
        // The server logs its own failures; what fails here is the way there, or the reader has left.
        if (!res.destroyed) log.failed('pages_not_reached', error)
        say(res, 503, 'This page is not available right now. Try again in a moment.')
      } finally {
        leave()
      }
    },
    leave: async () => {
      if (!pool.destroyed) await pool.close()
    },
    close: () => pool.destroy(),
  }
}
