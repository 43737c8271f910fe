import { wireError } from '../errors/errors.ts'
import type { CallErrorCode, ErrorCode } from '../values/error-codes.ts'
import type { Outcome } from '../values/outcomes.ts'
import type { UsageSource } from '../values/usage-sources.ts'

/** How a call ends: what the relay writes together, and what of the call is known then. */
export type Ending = {
  /** How many of a thousand calls end so, about. */
  share: number
  outcome: Outcome
  errorCode: CallErrorCode | null
  statusCode: number
  source: UsageSource
  /** Only a stream can end so: its status had gone out before. */
  isStream?: true
  /** What the upstream answered, where it did. */
  upstreamStatus: number | null
  /** How far it came: `held` has a hold and no more, `answered` a bad answer of the upstream. */
  reached: 'refused' | 'held' | 'answered' | 'first byte'
}

/** Refused before anything was sent: no upstream, no hold. */
const refused = (share: number, errorCode: CallErrorCode & ErrorCode): Ending => ({
  share,
  outcome: 'refused',
  errorCode,
  statusCode: wireError(errorCode).status,
  source: 'none',
  upstreamStatus: null,
  reached: 'refused',
})
/** Failed before the first byte of an answer: the client gets an error status, and pays nothing. */
const failed = (
  share: number,
  errorCode: CallErrorCode & ErrorCode,
  upstreamStatus: number,
): Ending => ({
  share,
  outcome: 'failed',
  errorCode,
  statusCode: wireError(errorCode).status,
  source: 'none',
  upstreamStatus,
  reached: 'answered',
})
/** Ended within a stream by its client or its key: what was delivered is counted and charged. */
const cut = (
  share: number,
  outcome: Outcome,
  errorCode: CallErrorCode & ErrorCode,
  statusCode = 200,
): Ending => ({
  share,
  outcome,
  errorCode,
  statusCode,
  source: 'counted',
  isStream: true,
  upstreamStatus: 200,
  reached: 'first byte',
})
const good = (share: number, outcome: Outcome, source: UsageSource): Ending => ({
  share,
  outcome,
  errorCode: null,
  statusCode: 200,
  source,
  upstreamStatus: 200,
  reached: 'first byte',
})

export const endings: readonly Ending[] = [
  good(930, 'completed', 'upstream'),
  good(4, 'completed', 'counted'),
  failed(16, 'rate_limit_exceeded', 429),
  failed(4, 'upstream_unavailable', 503),
  cut(15, 'disconnected', 'client_closed_request', wireError('client_closed_request').status),
  refused(9, 'insufficient_balance'),
  // The upstream's own answer to what was wrong with the request, passed on.
  { ...failed(10, 'upstream_error', 400), errorCode: 'upstream_refused', statusCode: 400 },
  failed(6, 'upstream_error', 500),
  failed(2, 'upstream_timeout', 504),
  // Its upstream broke, which is free.
  { ...cut(1.5, 'failed', 'upstream_error'), source: 'none' },
  cut(0.5, 'revoked', 'invalid_api_key'),
  // Its relay died, and a sweep gave it up.
  {
    share: 0.8,
    outcome: 'lost',
    errorCode: null,
    statusCode: wireError('internal_error').status,
    source: 'none',
    upstreamStatus: null,
    reached: 'held',
  },
  // The same, but its relay came back with the bill.
  good(0.2, 'late', 'upstream'),
]
