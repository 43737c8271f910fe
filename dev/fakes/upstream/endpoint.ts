import type { Dialect } from './dialects/dialect.ts'
import type { ErrorAnswer } from './errors.ts'
import type { Script } from './script.ts'
import type { Send } from './steps.ts'
import type { Counts } from './usage.ts'

/** A request that was understood. */
type Reading = {
  model: string
  stream: boolean
  /** What its user says last: sentinels are looked for there and nowhere else. */
  say: string
  /** Its answer goes by what was stored before, so that another time it may be another one. */
  isOfState?: boolean
  answer(script: Script, headers: Record<string, unknown>): Answered
}

/** All that is answered to a request. The same request always gets the same answer. */
type Answered = {
  counts: Counts
  /** The output's tokens that no client gets to see. */
  unseen: number
  /** The answer as a stream; whoever has none answers undefined. */
  events?(): Send[]
  body(): Send
  /** Called for each time that it is played, with what makes its ids differ. */
  keep?(tag: string): void
}

/** One path of the demo upstream. */
export type Endpoint = {
  /** Its path below /v1. */
  name: string
  dialect: Dialect
  /** Reads a request as strictly as the provider does where a relay could get it wrong. */
  read(text: string, headers: Record<string, unknown>): Reading | ErrorAnswer
  /** What an answer's objects begin with, where that is new for every request. */
  head?(tag: string, created: number, streamed: boolean): string
  /** The event that says mid-stream that it broke; `at` is how many came before. */
  errorEvent(error: ErrorAnswer, at: number): Send
  /** The beginning of an event. */
  half: string
  /** What it sends to keep a connection. */
  ping: Send
}
