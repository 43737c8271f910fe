/** What an API client can be told is wrong; `errors/errors.ts` has the status and words of each. */
export type ErrorCode =
  | 'bad_request'
  | 'invalid_api_key'
  | 'insufficient_balance'
  | 'key_budget_exceeded'
  | 'permission_denied'
  | 'model_not_found'
  | 'not_found'
  | 'method_not_allowed'
  | 'upgrade_required'
  | 'body_timeout'
  | 'request_too_large'
  | 'rate_limit_exceeded'
  | 'unsupported_encoding'
  | 'internal_error'
  | 'upstream_error'
  | 'upstream_unavailable'
  | 'upstream_timeout'
  | 'overloaded'
  | 'client_closed_request'

/**
 * What the row of a call can say went wrong: only calls that were let in, or refused for money,
 * have a row. `upstream_refused` stands where the client was passed the upstream's own words.
 */
export const callErrorCodes = [
  'invalid_api_key',
  'insufficient_balance',
  'key_budget_exceeded',
  'rate_limit_exceeded',
  'internal_error',
  'upstream_error',
  'upstream_unavailable',
  'upstream_timeout',
  'upstream_refused',
  'overloaded',
  'client_closed_request',
] as const satisfies readonly (ErrorCode | 'upstream_refused')[]
export type CallErrorCode = (typeof callErrorCodes)[number]
