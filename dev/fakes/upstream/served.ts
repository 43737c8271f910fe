import type { Outcome } from './steps.ts'
import type { UsageObject } from './usage.ts'

/** What the upstream knows about one request it served: the truth a relay is judged by. */
export type Served = {
  /** The x-request-id it was answered with. */
  id: string
  /** When it came, in milliseconds since the epoch. */
  at: number
  model: string
  stream: boolean
  promptTokens: number
  /** Tokens generated up to the end or the cut, reasoning included. */
  completionTokens: number
  cachedTokens: number
  cacheWriteTokens: number
  reasoningTokens: number
  /** `data:` lines' worth of events written to the socket; 1 for a plain body. */
  deliveredEvents: number
  /** Content tokens written to the socket, reasoning not included. */
  deliveredTokens: number
  /** `open` until it is known how the answer ended. */
  outcome: Outcome | 'open'
  /** The last usage object written, absurd or not. */
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

  open(id: string, headers: string[]): Served {
    const served: Served = {
      id,
      at: Date.now(),
      model: '',
      stream: false,
      promptTokens: 0,
      completionTokens: 0,
      cachedTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      deliveredEvents: 0,
      deliveredTokens: 0,
      outcome: 'open',
      reportedUsage: null,
      status: 0,
      headers,
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
