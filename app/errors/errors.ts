import type { ErrorCode } from '../values/error-codes.ts'

/** Every error an API client can see: a closed list, translated to the wire in one place. */

type ErrorType =
  'invalid_request_error' | 'insufficient_quota' | 'requests' | 'tokens' | 'server_error'

type Entry = {
  status: number
  type: ErrorType
  code: string | null
  message: string
  /** In a stream under way, where it differs: programs tell by the words whether to try again. */
  inStream?: string
  retryAfterSeconds?: number
  /** `x-should-retry: false` for what the SDKs would else repeat, or must never. */
  noRetry?: true
}

const errors = {
  bad_request: {
    status: 400,
    type: 'invalid_request_error',
    code: null,
    message: 'The request is not valid.',
  },
  invalid_api_key: {
    status: 401,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    // An agent would ask for minutes, with a key that no longer is one.
    noRetry: true,
    message: 'Incorrect API key provided.',
  },
  insufficient_balance: {
    status: 402,
    type: 'insufficient_quota',
    code: 'insufficient_balance',
    noRetry: true,
    message: 'There is not enough credit for this call.',
  },
  key_budget_exceeded: {
    status: 402,
    type: 'insufficient_quota',
    code: 'key_budget_exceeded',
    noRetry: true,
    message: 'This call does not fit the budget of this API key.',
  },
  permission_denied: {
    status: 403,
    type: 'invalid_request_error',
    code: 'permission_denied',
    message: 'This API key may not do that.',
  },
  model_not_found: {
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
    message: 'The model does not exist or you do not have access to it.',
  },
  not_found: { status: 404, type: 'invalid_request_error', code: null, message: 'Invalid URL.' },
  method_not_allowed: {
    status: 405,
    type: 'invalid_request_error',
    code: null,
    message: 'This method is not allowed here.',
  },
  upgrade_required: {
    status: 426,
    type: 'invalid_request_error',
    code: 'upgrade_required',
    message: 'There are no WebSockets here: POST to the same path.',
  },
  body_timeout: {
    status: 408,
    type: 'invalid_request_error',
    code: 'body_timeout',
    noRetry: true,
    message: 'The request body did not arrive in time.',
  },
  request_too_large: {
    status: 413,
    type: 'invalid_request_error',
    code: 'request_too_large',
    message: 'The request body is too large.',
  },
  rate_limit_exceeded: {
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
    retryAfterSeconds: 1,
    message: 'The provider takes no more calls right now. Nothing was charged.',
  },
  unsupported_encoding: {
    status: 415,
    type: 'invalid_request_error',
    code: 'unsupported_encoding',
    message: 'This content-encoding is not decoded here.',
  },
  internal_error: {
    status: 500,
    type: 'server_error',
    code: 'internal_error',
    message: 'The relay failed. Nothing was charged.',
    inStream: 'Internal error of the relay.',
  },
  upstream_error: {
    status: 502,
    type: 'server_error',
    code: 'upstream_error',
    message: 'The provider failed. Nothing was charged.',
    inStream: 'The connection to the provider was terminated.',
  },
  upstream_unavailable: {
    status: 503,
    type: 'server_error',
    code: 'upstream_unavailable',
    retryAfterSeconds: 1,
    message: 'The provider cannot be reached or is overloaded. Nothing was charged.',
  },
  upstream_timeout: {
    status: 504,
    type: 'server_error',
    code: 'upstream_timeout',
    message: 'The provider did not answer in time. Nothing was charged.',
    inStream: 'The provider timed out.',
  },
  overloaded: {
    status: 503,
    type: 'server_error',
    code: 'overloaded',
    retryAfterSeconds: 1,
    message: 'The relay cannot take this call right now. Nothing was charged.',
    inStream: 'The relay is restarting: the connection was terminated.',
  },
  client_closed_request: {
    status: 499,
    type: 'server_error',
    code: 'client_closed_request',
    message: 'The client went away.',
  },
} satisfies Record<ErrorCode, Entry>

/** All of them as the documentation lists them, by status. */
export const errorList = Object.entries<Entry>(errors)
  .map(([name, { status, type, code, message, noRetry }]) => ({
    name: name as ErrorCode,
    status,
    type,
    code,
    message,
    /** Whether SDKs try again by themselves: those of OpenAI and of Anthropic, by these statuses. */
    isRetried: !noRetry && ([408, 409, 429].includes(status) || status >= 500),
  }))
  .sort((a, b) => a.status - b.status)

/** Within a stream something may have been delivered, and what was charged is not known yet. */
export function messageInStream(code: ErrorCode): string {
  const { message, inStream }: Entry = errors[code]
  return inStream ?? message.replace(' Nothing was charged.', '')
}

/** What an error says, in words and codes; a dialect gives it its shape. */
export type ErrorWords = {
  message: string
  type: string
  param: string | null
  code: string | null
}
export type WireError = {
  status: number
  headers: Record<string, string>
  error: ErrorWords
}

type Details = {
  message?: string
  /** In place of the code's own, where it has several. */
  type?: ErrorType
  param?: string | null
  more?: Record<string, unknown>
}

/** An error as it goes out: all four keys, and the headers that tell an SDK whether to try again. */
export function wireError(
  code: ErrorCode,
  { message, type, param = null, more }: Details = {},
): WireError {
  const entry: Entry = errors[code]
  const headers: Record<string, string> = {}
  if (entry.noRetry) headers['x-should-retry'] = 'false'
  if (entry.retryAfterSeconds) {
    headers['retry-after'] = String(entry.retryAfterSeconds)
    headers['retry-after-ms'] = String(entry.retryAfterSeconds * 1_000)
  }
  const words = {
    message: message ?? entry.message,
    type: type ?? entry.type,
    param,
    code: entry.code,
  }
  return { status: entry.status, headers, error: { ...words, ...more } }
}

/** Has the client wait for so long before it tries again. */
export function askToWait(wire: WireError, ms: number) {
  const atLeast = Math.max(ms, 1_000)
  wire.headers['retry-after'] = String(Math.ceil(atLeast / 1_000))
  wire.headers['retry-after-ms'] = String(Math.ceil(atLeast))
}

/** Whether to try again may help: nothing says that it would not. */
export const isRepeatable = ({ headers }: WireError) => headers['x-should-retry'] !== 'false'

/** Has the client's SDK not try again. */
export function neverRetry({ headers }: WireError) {
  headers['x-should-retry'] = 'false'
  delete headers['retry-after']
  delete headers['retry-after-ms']
}

/**
 * Proxies repeat a 503, because it says that nothing was done. Of a call that its upstream is at
 * work on, and may bill, that is not true; the SDKs repeat a 502 just the same.
 */
export function neverUnavailable(wire: WireError) {
  if (wire.status === 503) wire.status = 502
}

/** An upstream's refusal of the client's own request, where its words cannot be passed on. */
const refusals: Record<number, string> = {
  403: 'The provider refused this content.',
  404: 'The provider does not have what this request asks for.',
  413: 'The request is too large for the provider.',
  414: 'The query of the request is too long for the provider.',
  422: 'The provider could not process the request.',
  431: 'The headers of the request are too long for the provider.',
  451: 'The provider refused this content.',
}

export const plainRefusal = (status: number): ErrorWords => ({
  message: refusals[status] ?? 'The provider took the request for invalid.',
  type: 'invalid_request_error',
  param: null,
  code: null,
})
