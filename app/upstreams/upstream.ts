import type { Readable } from 'node:stream'
import { Pool, type Dispatcher } from 'undici'
import type { Proxies } from '../config/proxies.ts'
import { proxiedAgent, type AbortEmitter } from '../http/http.server.ts'
import { limits } from '../config/limits.ts'
import { checkedLookup } from './addresses.ts'
import { ask, type UpstreamAnswer } from './ask.ts'
import type { Definition } from './definition.ts'

export type UpstreamCall = {
  /** Of the endpoint, below /v1: such as chat/completions. */
  path: string
  /** What lies there is asked for, or taken away, without a body; POST where it is absent. */
  method?: 'GET' | 'DELETE'
  /** Of what lies there, behind the path of the endpoint. */
  below?: string
  /**
   * In pieces; where somebody waits for `onSent` they are taken out of the list one by one, and none
   * is kept once it is on the wire.
   */
  body: Buffer[]
  /** Called when all of them are. */
  onSent?: (() => void) | undefined
  streamed: boolean
  /** The client's own headers that may go along; see relay/attempts/client-headers.ts. */
  headers: Record<string, string>
  /** Of those, what the client's word counts in, whatever the definition says. */
  verbatim?: Record<string, string> | undefined
  /** Goes behind the path, with what the definition says there. */
  query?: string | undefined
  /** Ends it, also while its answer is being read. */
  signal: AbortEmitter
}
/** What is sent beside every call with one key. */
export type OwnHeaders = Readonly<Record<string, string>>

/** One upstream as it was last defined: its connections, and how its calls are addressed. */
export type UpstreamRuntime = {
  readonly name: string
  readonly definition: Definition
  headersWith(secret: string | undefined): OwnHeaders
  /** Rejects with undici's error when no answer came. Redirects are answers like any other. */
  send(call: UpstreamCall, own: OwnHeaders, theirName: string): Promise<UpstreamAnswer>
  /** Closes once the calls that may still be sent have been, and the last of them has ended. */
  retire(onClosed: () => void): void
  /** It takes nothing more. */
  readonly isClosed: boolean
  /** Closes at once, and ends what is under way. */
  close(): Promise<void>
}

const bytesOf = (pieces: Buffer[]) => pieces.reduce((sum, piece) => sum + piece.length, 0)

const joined = (pieces: Buffer[], bytes: number) => {
  const [only] = pieces
  return only && pieces.length === 1 ? only : Buffer.concat(pieces, bytes)
}

/** undici keeps what it is given until the answer has ended; this is empty by then. */
function* handOver(pieces: Buffer[], onSent: () => void) {
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) yield piece
  onSent()
}

type Options = {
  name: string
  definition: Definition
  proxies?: Proxies | undefined
  /** Names are looked up as the machine does it: the operator's own word. */
  isTrusted?: boolean
  retireMs?: number
}

/** Where calls go for each endpoint, as far as that is the same for all of them. */
function addressesOf(definition: Definition, base: URL) {
  const basePath = base.pathname.replace(/\/+$/, '')
  const query = new URLSearchParams(definition.query).toString()
  const end = query && `?${query}`
  return new Map(
    Object.entries(definition.paths).map(([path, below]) => [path, `${basePath}${below}${end}`]),
  )
}

const model = '{model}'

/** Goes behind the path, and before what the definition says there. */
const withBelow = (path: string, below: string) => path.replace(/(?=\?|$)/, () => below)

const withQuery = (path: string, query: string | undefined) =>
  query === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`

/** Where a call goes, below the address of its endpoint. */
function pathFor(address: string, { below, query }: UpstreamCall, theirName: string): string {
  const path = address.includes(model)
    ? address.replaceAll(model, () => encodeURIComponent(theirName))
    : address
  return withQuery(below === undefined ? path : withBelow(path, below), query)
}

const lengthOf = ({ method, body }: UpstreamCall) =>
  method ? undefined : { 'content-length': String(bytesOf(body)) }

/** undici takes whatever can be iterated; its types do not say so. */
function bodyOf({ method, body, onSent }: UpstreamCall) {
  if (method) return null
  return onSent ? (handOver(body, onSent) as unknown as Readable) : joined(body, bytesOf(body))
}

const connectionTo = ({ timeouts, private: isOwn }: Definition, isTrusted: boolean) => ({
  connections: limits.upstream.connectionsMax,
  pipelining: 1,
  connect: {
    timeout: timeouts.connectMs,
    ...(!isTrusted && { lookup: checkedLookup(isOwn) }),
  },
  // Whoever waits for an answer knows for how long; this is for whatever they forget.
  headersTimeout: timeouts.totalMs,
  bodyTimeout: timeouts.totalMs,
  keepAliveTimeout: 20_000,
  keepAliveTimeoutThreshold: 2_000,
})

/** Connects to one upstream. Neither its address nor its key is ever chosen by a client. */
export function openUpstream(options: Options): UpstreamRuntime {
  const { name, definition, proxies, isTrusted = false } = options
  const { retireMs = limits.choice.retireMs } = options
  const base = new URL(definition.baseUrl)
  const addresses = addressesOf(definition, base)
  const connection = connectionTo(definition, isTrusted)
  // Without a proxy a pool of one origin, which finds its connections in less time.
  const pool = proxies ? proxiedAgent(proxies, connection) : new Pool(base.origin, connection)
  let retiring: NodeJS.Timeout | undefined
  let isClosed = false
  const { credential } = definition
  return {
    name,
    definition,
    headersWith: (secret) => ({
      ...definition.headers,
      ...(credential &&
        secret !== undefined && { [credential.header]: `${credential.prefix}${secret}` }),
      'content-type': 'application/json',
      // A compressed answer would have to be unpacked to be metered, and may be a bomb.
      'accept-encoding': 'identity',
    }),
    send(call, own, theirName) {
      const { path, method, streamed, headers, verbatim, signal } = call
      const accept = streamed ? 'text/event-stream' : 'application/json'
      const address = addresses.get(path)
      if (address === undefined)
        return Promise.reject(new Error(`the upstream ${name} serves no ${path}`))
      const request: Dispatcher.DispatchOptions = {
        origin: base.origin,
        path: pathFor(address, call, theirName),
        method: method ?? 'POST',
        headers: { accept, ...headers, ...own, ...verbatim, ...lengthOf(call) },
        body: bodyOf(call),
        // No connection has more than one under way: none has to wait for the head of another's answer.
        blocking: false,
      }
      return ask(pool, request, signal)
    },
    retire(onClosed) {
      // It waits for what is under way, and takes nothing more.
      const end = () => {
        isClosed = true
        pool.close().then(onClosed, onClosed)
      }
      retiring ??= setTimeout(end, retireMs).unref()
    },
    get isClosed() {
      return isClosed
    },
    async close() {
      isClosed = true
      clearTimeout(retiring)
      await pool.destroy()
    },
  }
}
