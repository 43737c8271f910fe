import type { IncomingMessage } from 'node:http'
import type { Outcome } from './steps.ts'
import type { UsageObject } from './usage.ts'

/** What the upstream knows about one request it served: the truth a relay is judged by. */
export type Served = {
  /** The x-request-id it was answered with. */
  id: string
  /** When it came, in milliseconds since the epoch. */
  at: number
  /** The path below /v1 that it came to. */
  endpoint: string
  /** The path and query as they were asked for. */
  url: string
  /** The SHA-256 of the body that came, in hex; empty where none was read. */
  bodySha256: string
  model: string
  stream: boolean
  /** All input, cached and written included, in every dialect. */
  promptTokens: number
  /** Tokens generated up to the end or the cut, reasoning included. */
  completionTokens: number
  cachedTokens: number
  cacheWriteTokens: number
  /** Of those, what was written to stay for an hour. */
  cacheWrite1hTokens: number
  reasoningTokens: number
  searches: number
  /** `data:` lines' worth of events written to the socket; 1 for a plain body. */
  deliveredEvents: number
  /** Content tokens written to the socket, reasoning not included. */
  deliveredTokens: number
  /** `open` until it is known how the answer ended. */
  outcome: Outcome | 'open'
  /** The last usage object written, absurd or not; of messages, all that was written, merged. */
  reportedUsage: UsageObject | null
  /** The HTTP status written, or 0 when there was none. */
  status: number
  /** The names of the request's headers. */
  headers: string[]
  /** How long after the request the client left before the end, or null. */
  clientGoneAfterMs: number | null
}

const servedMax = 100_000

/** The last 100,000 requests, by id. */
export class ServedLog {
  readonly #served = new Map<string, Served>()

  open({ id, endpoint, req }: { id: string; endpoint: string; req: IncomingMessage }): Served {
    const served: Served = {
      id,
      at: Date.now(),
      endpoint,
      url: req.url ?? '',
      bodySha256: '',
      model: '',
      stream: false,
      promptTokens: 0,
      completionTokens: 0,
      cachedTokens: 0,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
      reasoningTokens: 0,
      searches: 0,
      deliveredEvents: 0,
      deliveredTokens: 0,
      outcome: 'open',
      reportedUsage: null,
      status: 0,
      headers: Object.keys(req.headers),
      clientGoneAfterMs: null,
    }
    this.#served.set(id, served)
    if (this.#served.size > servedMax) this.#forgetOldest()
    return served
  }

  find(id: string): Served | undefined {
    return this.#served.get(id)
  }

  list(): Served[] {
    return [...this.#served.values()]
  }

  reset() {
    this.#served.clear()
  }

  #forgetOldest() {
    for (const id of this.#served.keys()) {
      this.#served.delete(id)
      return
    }
  }
}
