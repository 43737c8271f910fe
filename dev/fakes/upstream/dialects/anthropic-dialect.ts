import type { Dialect } from './dialect.ts'
import { ErrorAnswer, operatorSecret } from '../errors.ts'
import { tagMark } from '../frames.ts'

// Anthropic's own words: agents go by them, so a relay has to pass on what concerns the request.
const clientsFault: Record<number, string> = {
  400: 'prompt is too long: 210000 tokens > 200000 maximum',
  404: 'model: claude-demo-unknown',
  413: 'Request exceeds the maximum size',
  422: 'messages.0.content: the content could not be processed',
}

const types: Record<number, string> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** The name that Anthropic has for an error of this status. */
const anthropicType = (status: number): string =>
  types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')

/** Anthropic's dialect: a key in either of two headers, and errors in an envelope of their own. */
export const anthropicDialect: Dialect = {
  isAllowed: (headers, apiKey) =>
    headers['x-api-key'] === apiKey || headers.authorization === `Bearer ${apiKey}`,
  headersOf: ({ id }) => ({
    'request-id': id,
    'anthropic-organization-id': operatorSecret,
    'anthropic-ratelimit-requests-limit': '4000',
    'anthropic-demo-said': 'hello',
    'set-cookie': '__cf_bm=demo; path=/; HttpOnly',
    via: '1.1 demo',
  }),
  badKey: new ErrorAnswer(401, 'invalid x-api-key'),
  tooLarge: new ErrorAnswer(413, 'Request exceeds the maximum size'),
  // It is the operator's balance that is meant, though the status blames the request.
  quota: new ErrorAnswer(
    400,
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to ' +
      'upgrade or purchase credits.',
  ),
  refusalWith(status) {
    const about = `This request would exceed what ${operatorSecret} has: its balance is $12.34.`
    const words = status === 529 ? 'Overloaded' : (clientsFault[status] ?? about)
    return new ErrorAnswer(status, words)
  },
  errorBody: ({ status, message }) => ({
    type: 'error',
    error: { type: anthropicType(status), message },
    request_id: `req_demo_${tagMark}`,
  }),
}
