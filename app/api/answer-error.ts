import { faultOf } from '../db/db.server.ts'
import { badRequest, PassedOn, Refused } from '../errors/refusal.ts'
import {
  BodyBroken,
  BodyCut,
  BodyTimeout,
  BodyTooLarge,
  EncodingUnknown,
  Answer,
  jsonAnswer,
  jsonType,
  type ApiRequest,
  type Exchange,
} from '../http/http.server.ts'
import type { Dialect } from '../relay/relay.server.ts'
import { shownEnds } from '../keys/keys.server.ts'
import type { Services } from '../services.ts'

function unknownEncoding({ accepted }: EncodingUnknown): Refused {
  const message = `This content-encoding is not decoded here; ${accepted} are.`
  const refused = new Refused('unsupported_encoding', { message })
  refused.wire.headers['accept-encoding'] = accepted
  return refused
}

function refusedFor(error: unknown, exchange: Exchange, { log }: Services): Refused {
  if (error instanceof Refused) return error
  if (error instanceof BodyTooLarge) return new Refused('request_too_large')
  if (error instanceof BodyBroken)
    return badRequest('The request body is not what its content-encoding says.')
  if (error instanceof EncodingUnknown) return unknownEncoding(error)
  if (error instanceof BodyTimeout) return new Refused('body_timeout')
  if (error instanceof BodyCut) return new Refused('client_closed_request')
  log.failed('request_failed', error, { request: exchange.requestId })
  // Its upstream may have been asked: it must not look like one that a proxy can make again.
  if (exchange.wasLetIn) return new Refused('internal_error')
  // A database that is away, or full, is an outage and no bug; nothing was held, nothing is charged.
  return new Refused(faultOf(error) === 'refused' ? 'internal_error' : 'overloaded')
}

/**
 * What was refused before it became a call has no row, and whoever asks why finds it here: each at
 * `debug`, and how many there were at `info`. Of a key no more than its page shows.
 */
function noteRefusal(
  { code, wire }: Refused,
  { request, exchange, services }: Pick<Failed, 'request' | 'exchange' | 'services'>,
) {
  const { log } = services
  log.counted('refusals', code)
  log.debug('refused', {
    request: exchange.requestId,
    code,
    status: wire.status,
    key: shownEnds(request),
  })
}

type Failed = { request: ApiRequest; exchange: Exchange; services: Services; dialect: Dialect }

/** Everything a client of the API sees that is not an answer, in its endpoint's documented shape. */
export function answerError(error: unknown, failed: Failed): Answer {
  const { exchange, services, dialect } = failed
  const { requestId } = exchange
  if (error instanceof PassedOn) {
    const { status, body = JSON.stringify(dialect.errorBody(error.error, { status, requestId })) } =
      error
    return new Answer(body, { status, headers: { 'content-type': jsonType } })
  }
  const refused = refusedFor(error, exchange, services)
  const { wire } = refused
  if (!exchange.wasLetIn) noteRefusal(refused, failed)
  const body = dialect.errorBody(wire.error, { status: wire.status, requestId })
  return jsonAnswer(wire.status, body, wire.headers)
}
