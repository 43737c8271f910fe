import type { Readable } from 'node:stream'
import { Pool, type Dispatcher } from 'undici'
import type { Proxies } from '../config/proxies.ts'
import { ownTurn, proxiedAgent, type AbortEmitter } from '../http/http.server.ts'
import { limits } from '../config/limits.ts'

export type UpstreamCall = {
  /** Of the endpoint, below /v1: such as chat/completions. */
  path: string
  /**
   * In pieces; where somebody waits for `onSent` they are taken out of the list one by one, and none
   * is kept once it is on the wire.
   */
  body: Buffer[]
  /** Called when all of them are. */
  onSent?: (() => void) | undefined
  streamed: boolean
  /** The client's own headers that may go along; see relay/forward.ts. */
  headers: Record<string, string>
  /** Ends it, also while its answer is being read. */
  signal: AbortEmitter
}
export type UpstreamAnswer = {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Readable
}
export type UpstreamRuntime = {
  name: string
  /** Members of a request that pass although nobody here knows what they cost. */
  allowedMembers: ReadonlySet<string>
  /** Rejects with undici's error when no answer came. Redirects are answers like any other. */
  send(call: UpstreamCall): Promise<UpstreamAnswer>
  close(): Promise<void>
}

const bytesOf = (pieces: Buffer[]) => pieces.reduce((sum, piece) => sum + piece.length, 0)

/** undici keeps what it is given until the answer has ended; this is empty by then. */
async function* handOver(pieces: Buffer[], onSent: () => void) {
  const { pieceBytes } = limits.bodies
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    for (let at = 0; at < piece.length; at += pieceBytes) {
      if (at > 0) await ownTurn()
      yield piece.subarray(at, at + pieceBytes)
    }
  }
  onSent()
}

/** One provider, known by its address and our key with it. Neither is ever chosen by a client. */
export function createUpstream(options: {
  name: string
  baseUrl: string
  /** Some upstreams on one's own machines take calls without. */
  apiKey?: string
  allowedMembers: ReadonlySet<string>
  proxies?: Proxies | undefined
}): UpstreamRuntime {
  const base = new URL(options.baseUrl)
  const basePath = base.pathname.replace(/\/+$/, '')
  const { connectMsMax, headersMsMax, idleMsMax, connectionsMax } = limits.upstream
  const connection = {
    connections: connectionsMax,
    pipelining: 1,
    connect: { timeout: connectMsMax },
    headersTimeout: headersMsMax,
    bodyTimeout: idleMsMax,
    keepAliveTimeout: 20_000,
    keepAliveTimeoutThreshold: 2_000,
  }
  const { proxies } = options
  // Without a proxy a pool of one origin, which finds its connections in less time.
  const pool = proxies ? proxiedAgent(proxies, connection) : new Pool(base.origin, connection)
  const own = {
    ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
    'content-type': 'application/json',
    // A compressed answer would have to be unpacked to be metered, and may be a bomb.
    'accept-encoding': 'identity',
  }
  return {
    name: options.name,
    allowedMembers: options.allowedMembers,
    async send({ path, body, onSent, streamed, headers, signal }) {
      const bytes = bytesOf(body)
      const accept = streamed ? 'text/event-stream' : 'application/json'
      const request: Dispatcher.RequestOptions = {
        origin: base.origin,
        // A query in the base address belongs to every call: Azure keeps its version there.
        path: `${basePath}/${path}${base.search}`,
        method: 'POST',
        headers: { accept, ...headers, ...own, 'content-length': String(bytes) },
        // undici takes whatever can be iterated; its types do not say so.
        body: onSent ? (handOver(body, onSent) as unknown as Readable) : Buffer.concat(body, bytes),
        signal,
      }
      const answer = await pool.request(request)
      return { status: answer.statusCode, headers: answer.headers, body: answer.body }
    },
    close: () => pool.destroy().then(() => undefined),
  }
}
