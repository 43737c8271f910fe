import { limits } from '../config/limits.ts'
import type { ErrorWords } from '../errors/errors.ts'
import { isCallFailure, PassedOn, Refused, type CallFailure } from '../errors/refusal.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import type { Cut } from './early-end.ts'
import type { Dialect } from './endpoint.ts'
import { readAll } from './read-all.ts'
import type { End, Run } from './run.ts'

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
// What undici and Node's sockets throw carries a code; what has none is a mistake of our own.
const isTransport = (error: { code?: unknown; name?: string } | null) =>
  typeof error?.code === 'string' || error?.name === 'AbortError'

/** Why a call was ended before its upstream had ended it. */
function refusedByCut(by: Cut): CallFailure {
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
export function failureOf(run: Run, error?: unknown): CallFailure | PassedOn {
  if (error instanceof PassedOn) return error
  const { by } = run.earlyEnd
  if (by !== undefined) return refusedByCut(by)
  if (isCallFailure(error)) return error
  const call = run.exchange.requestId
  if (error === undefined) return new Refused('upstream_error')
  if (error instanceof Refused || !isTransport(error as { code?: unknown } | null)) {
    run.services.log.failed('call_failed', error, { call })
    return new Refused('internal_error')
  }
  run.services.log.failed('upstream_failed', error, { call, upstream: run.services.upstream.name })
  const { code = '' } = error as { code?: string }
  if (timeouts.has(code)) return new Refused('upstream_timeout')
  return new Refused(unreachable.has(code) ? 'upstream_unavailable' : 'upstream_error')
}

/**
 * How the books have a call that failed. `isCommitted`: its status line has gone out as a 200; before
 * that the answer is an error, and costs nothing.
 */
export function endOf(run: Run, failure: CallFailure | PassedOn, isCommitted: boolean): End {
  if (failure instanceof PassedOn) {
    const statusCode = isCommitted ? 200 : failure.status
    return { outcome: 'failed', statusCode, errorCode: 'upstream_refused' }
  }
  const { code: errorCode, wire } = failure
  const { by } = run.earlyEnd
  if (by === 'client' || by === 'stalled') {
    return { outcome: 'disconnected', statusCode: 499, errorCode }
  }
  const outcome = by === 'revoked' ? 'revoked' : 'failed'
  return { outcome, statusCode: isCommitted ? 200 : wire.status, errorCode }
}

/** What a client reads of a failure; within a stream something was delivered, and charged. */
export function wordsOf(failure: CallFailure | PassedOn, where: 'stream' | 'answer'): ErrorWords {
  if (failure instanceof PassedOn) return failure.error
  const { error } = failure.wire
  if (where === 'answer') return error
  return { ...error, message: error.message.replace(' Nothing was charged.', '') }
}

/** These are about the client's own request, so the client must read them. */
const clientsOwn = new Set([400, 404, 413, 422])

/** An upstream that answered with anything but a 200. */
class UpstreamStatus extends Error {
  readonly code: string
  constructor(status: number) {
    super()
    this.code = `HTTP_${status}`
  }
}

/**
 * Why an upstream's answer is none that can be passed on, or undefined for a good one, whose body is
 * then unread. A 200 of another type is the upstream's failure, whatever it says.
 */
export async function failureOfAnswer(
  run: Run,
  answer: UpstreamAnswer,
): Promise<CallFailure | PassedOn | undefined> {
  const { status, headers, body } = answer
  if (status !== 200) return failureOfStatus(run, answer)
  const type = String(headers['content-type'] ?? '').toLowerCase()
  const encoding = headers['content-encoding'] ?? 'identity'
  const expected = run.call.streamed ? 'text/event-stream' : 'application/json'
  if (type.startsWith(expected) && encoding === 'identity') return undefined
  body.on('error', () => undefined).destroy()
  return noteFailure(run, status, new Refused('upstream_error'))
}

async function failureOfStatus(run: Run, answer: UpstreamAnswer): Promise<CallFailure | PassedOn> {
  const { status, headers, body } = answer
  // A body that breaks off says nothing that could be passed on.
  const bytes = await readAll(body, limits.upstream.errorBytesMax).catch(() => undefined)
  if (clientsOwn.has(status)) {
    const error = errorIn(bytes, run.endpoint.dialect)
    if (error) return new PassedOn(status, error)
  }
  if (status === 504) return noteFailure(run, status, new Refused('upstream_timeout'))
  if (status !== 429 && status !== 503 && status !== 529) {
    return noteFailure(run, status, new Refused('upstream_error'))
  }
  const refused = new Refused('upstream_unavailable')
  const seconds = Number(headers['retry-after'])
  if (seconds > 1 && seconds <= limits.upstream.retryAfterSecondsMax) {
    refused.wire.headers['retry-after'] = String(Math.ceil(seconds))
    refused.wire.headers['retry-after-ms'] = String(Math.ceil(seconds) * 1_000)
  }
  return noteFailure(run, status, refused)
}

/** An upstream's 401 is a key that has expired, and its 500 an outage: the client sees neither. */
function noteFailure(
  { services, exchange }: Run,
  status: number,
  refused: CallFailure,
): CallFailure {
  const upstream = services.upstream.name
  const more = { call: exchange.requestId, upstream, status }
  services.log.failed('upstream_failed', new UpstreamStatus(status), more)
  return refused
}

function errorIn(bytes: Buffer | undefined, dialect: Dialect): ErrorWords | undefined {
  try {
    return dialect.errorIn(JSON.parse(bytes?.toString('utf8') ?? ''))
  } catch {
    // What cannot be read has nothing that could be passed on.
    return undefined
  }
}
