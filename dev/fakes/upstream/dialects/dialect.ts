import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorAnswer } from '../errors.ts'
import type { Served } from '../served.ts'

/** How a provider knows its callers, and how it says what went wrong. */
export type Dialect = {
  isAllowed(headers: IncomingHttpHeaders, apiKey: string): boolean
  /** Of every answer: the id, and what is the operator's own, which no relay may pass on. */
  headersOf(served: Served): Record<string, string>
  badKey: ErrorAnswer
  tooLarge: ErrorAnswer
  /** What it says when the operator has no money left. */
  quota: ErrorAnswer
  /** What it says with a status: about the client's request, or about the operator. */
  refusalWith(status: number): ErrorAnswer
  errorBody(error: ErrorAnswer): unknown
}
