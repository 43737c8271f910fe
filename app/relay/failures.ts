import { messageInStream, neverUnavailable, type ErrorWords } from '../errors/errors.ts'
import { isCallFailure, PassedOn, Refused, type CallFailure } from '../errors/refusal.ts'
import type { Payer } from './dues.ts'
import type { Cut } from './early-end.ts'
import type { End, Run } from './run.ts'
import type { Try } from './attempts/try.ts'

/** Every way in which a call can fail, what its client is told of it, and what the books say. */

const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
const unreachable = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
/** A route that is lost says the same of a connection that the call went out on. */
const onConnection = new Set(['read', 'write'])
// What undici and Node's sockets throw carries a code; what has none is a mistake of our own.
const isTransport = (error: { code?: unknown; name?: string } | null) =>
  typeof error?.code === 'string' || error?.name === 'AbortError'

/** Why a call was ended before its upstream had ended it. */
export function refusedByCut(by: Cut): CallFailure {
  switch (by) {
    case 'client':
    case 'stalled':
      return new Refused('client_closed_request')
    case 'revoked':
      return new Refused('invalid_api_key')
    case 'timeout':
      return new Refused('upstream_timeout')
    case 'shutdown':
      return new Refused('overloaded')
  }
}

/**
 * What a call that failed is answered with: the upstream's words where they are about the client's
 * own request, else by whoever ended the call, else by what went wrong. What went wrong on the way
 * is noted in the log; without an error the upstream has ended its answer too soon.
 */
export function failureOf(
  run: Run,
  tried: Try | undefined,
  error?: unknown,
): CallFailure | PassedOn {
  if (error instanceof PassedOn) return error
  const { by } = run.earlyEnd
  if (by !== undefined) return refusedByCut(by)
  if (isCallFailure(error)) return error
  const ended = error === undefined ? new EndedEarly() : error
  if (ended instanceof Refused || !isTransport(ended as { code?: unknown } | null)) {
    run.services.log.failed('call_failed', ended, { call: run.exchange.requestId })
    return new Refused('internal_error')
  }
  return failureOnTheWay(run, tried, ended)
}

/** What became of the connection to the upstream, or that it came to nothing in time. */
function failureOnTheWay(run: Run, tried: Try | undefined, error: unknown): CallFailure {
  const call = run.exchange.requestId
  const isLate = tried?.isLate === true
  const noted = isLate ? new NothingInTime() : error
  run.services.log.failed('upstream_failed', noted, { call, ...tried?.names })
  const { code = '', syscall = '' } = noted as { code?: string; syscall?: string }
  if (error instanceof Error && !(error instanceof EndedEarly)) tried?.noteCode(code)
  if (isLate || timeouts.has(code)) return new Refused('upstream_timeout')
  const wasNeverSent = unreachable.has(code) && !onConnection.has(syscall)
  if (wasNeverSent) tried?.noteUnreachable()
  return new Refused(wasNeverSent ? 'upstream_unavailable' : 'upstream_error')
}

/** It ended its answer too soon, and well. */
export class EndedEarly extends Error {
  readonly code = 'ENDED_EARLY'
}

/** Nothing came by the time when something should have. */
class NothingInTime extends Error {
  readonly code = 'FIRST_EVENT_TIMEOUT'
}

/**
 * How the books have a call that failed. `isCommitted`: its status line has gone out as a 200;
 * before that the answer is an error, and costs nothing. Where there may be a bill of the upstream,
 * whoever pays it, that error is no 503; one that was never asked, or has refused, bills nothing.
 */
export function endOf(
  run: Run,
  failure: CallFailure | PassedOn,
  { isCommitted, payer }: { isCommitted: boolean; payer: Payer },
): End {
  if (failure instanceof PassedOn) {
    const statusCode = isCommitted ? 200 : failure.status
    return { outcome: 'failed', statusCode, errorCode: 'upstream_refused' }
  }
  const { code: errorCode, wire } = failure
  if (payer !== 'nobody') neverUnavailable(wire)
  const { by } = run.earlyEnd
  if (by === 'client' || by === 'stalled') {
    return { outcome: 'disconnected', statusCode: 499, errorCode }
  }
  const outcome = by === 'revoked' ? 'revoked' : 'failed'
  return { outcome, statusCode: isCommitted ? 200 : wire.status, errorCode }
}

/** What a client reads of a failure within a stream: in the words that agents go by. */
export function wordsInStream(failure: CallFailure | PassedOn): ErrorWords {
  if (failure instanceof PassedOn) return failure.error
  return { ...failure.wire.error, message: messageInStream(failure.code) }
}

/** The status that a failure has, or would have had before its answer began. */
export const statusOf = (failure: CallFailure | PassedOn): number =>
  failure instanceof PassedOn ? failure.status : failure.wire.status
