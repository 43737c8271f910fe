import type { ErrorWords } from '../../errors/errors.ts'
import { anthropicLimitHeaders } from '../../rates/rates.server.ts'
import type { Dialect, ErrorPlace, Passing } from '../endpoint.ts'
import { foundError } from '../openai/found-error.ts'

/** What Anthropic calls an error of each status (types of its package for Node, 1.14). */
const types: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  408: 'timeout_error',
  413: 'request_too_large',
  414: 'request_too_large',
  415: 'invalid_request_error',
  422: 'invalid_request_error',
  429: 'rate_limit_error',
  431: 'request_too_large',
  451: 'invalid_request_error',
  503: 'overloaded_error',
  504: 'timeout_error',
}

/** Ours beside the words: what a call would need, and what there is. The rest its clients do not know. */
function shaped({ message, type: _, param: __, code: ___, ...more }: ErrorWords, at: ErrorPlace) {
  const type = types[at.status] ?? 'api_error'
  return { type: 'error', error: { type, message, ...more }, request_id: at.requestId }
}

/** Which of the operator's workspaces pays, and for whose customer: theirs to say, not a client's. */
const operators = /organi[sz]ation|workspace|project|account|profile|admin|api-?key|auth/
/** What an upstream says of the operator: their limits, who they are, and how it calls the request. */
const ofOperator = /ratelimit|rate-limit|organi[sz]ation|workspace|project|account|(?:^|-)id$/

const isAnthropics = (name: string) => name.startsWith('anthropic-')

/** Its protocol for gateways asks for an open list both ways (docs/decisions/0036). */
const passing: Passing = {
  isSent: (name) => isAnthropics(name) && !operators.test(name),
  isReturned: (name) => isAnthropics(name) && !ofOperator.test(name),
}

/** Errors as Anthropic writes them; in a stream an event of that name, which its SDKs raise. */
export const messagesDialect: Dialect = {
  errorBody: shaped,
  errorEvent: (error, at) =>
    Buffer.from(`event: error\ndata: ${JSON.stringify(shaped(error, at))}\n\n`),
  errorIn: foundError,
  basePath: '',
  limitHeaders: anthropicLimitHeaders,
  idHeader: 'request-id',
  passing,
}
