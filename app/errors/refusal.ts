import type { CallErrorCode, ErrorCode } from '../values/error-codes.ts'
import { wireError, type WireError } from './errors.ts'

/** A call that is answered with an error. Thrown by a room, translated at the door. */
export class Refused<Code extends ErrorCode = ErrorCode> extends Error {
  readonly wire: WireError
  constructor(
    readonly code: Code,
    details?: Parameters<typeof wireError>[1],
  ) {
    super(code)
    this.wire = wireError(code, details)
  }
}

/** One that the row of a call can say. */
export type CallFailure = Refused<Extract<ErrorCode, CallErrorCode>>

/** The upstream's own answer to what was wrong with the client's request, passed on. */
export class PassedOn extends Error {
  constructor(
    readonly status: number,
    readonly body: { error: Record<string, unknown> },
  ) {
    super(`upstream ${status}`)
  }
}

export const badRequest = (message: string, param: string | null = null) =>
  new Refused('bad_request', { message, param })
