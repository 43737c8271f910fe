import { faultOf } from '../db/db.server.ts'
import { BodyCut, BodyTimeout, BodyTooLarge, jsonAnswer, type Answer } from '../http/http.server.ts'
import { failureFields } from '../telemetry/log.ts'
import type { Exchange } from '../http/http.server.ts'
import type { Services } from '../services.ts'
import { PassedOn, Refused } from '../errors/refusal.ts'

function refusedFor(error: unknown, exchange: Exchange, { log }: Services): Refused {
  if (error instanceof Refused) return error
  if (error instanceof BodyTooLarge) return new Refused('request_too_large')
  if (error instanceof BodyTimeout) return new Refused('body_timeout')
  if (error instanceof BodyCut) return new Refused('client_closed_request')
  // A database that is away is an outage and no bug; nothing was held, nothing is charged.
  if (faultOf(error) === 'lost') return new Refused('overloaded')
  log.error('request_failed', { request: exchange.requestId, ...failureFields(error) })
  return new Refused('internal_error')
}

/** Everything a client of /v1 sees that is not an answer, in the one documented shape. */
export function answerError(error: unknown, exchange: Exchange, services: Services): Answer {
  if (error instanceof PassedOn) return jsonAnswer(error.status, error.body)
  const { wire } = refusedFor(error, exchange, services)
  return jsonAnswer(wire.status, wire.body, wire.headers)
}
