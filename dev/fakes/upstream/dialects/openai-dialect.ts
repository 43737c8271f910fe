import type { Dialect } from './dialect.ts'
import { ErrorAnswer, operatorSecret } from '../errors.ts'

// These concern the client's own request, so a relay may pass them on; they name no operator.
const clientsFault: Record<number, [words: string, code: string | null, param?: string]> = {
  400: ["This model's maximum context length is exceeded.", 'context_length_exceeded', 'messages'],
  404: ['The model does not exist or you do not have access to it.', 'model_not_found'],
  413: ['The request is too large.', 'request_too_large'],
  422: ['The request could not be processed.', null],
}

/** OpenAI's dialect: a bearer's key, and errors of always these four keys. */
export const openaiDialect: Dialect = {
  isAllowed: ({ authorization }, apiKey) => authorization === `Bearer ${apiKey}`,
  headersOf: ({ id, at }) => ({
    'x-request-id': id,
    'openai-processing-ms': String(Date.now() - at),
    'openai-version': '2020-10-01',
    'openai-organization': operatorSecret,
    'set-cookie': '__cf_bm=demo; path=/; HttpOnly',
    'x-ratelimit-limit-requests': '10000',
  }),
  badKey: new ErrorAnswer(401, 'Incorrect API key provided.', 'invalid_api_key'),
  tooLarge: new ErrorAnswer(413, 'The request is larger than 32 MiB.', 'request_too_large'),
  quota: new ErrorAnswer(
    429,
    `You exceeded your current quota. Balance of ${operatorSecret}: $0.00.`,
    'insufficient_quota',
  ),
  refusalWith(status) {
    const [words, code, param] = clientsFault[status] ?? [
      `Something is wrong with ${operatorSecret}, whose balance is $12.34.`,
      status === 429 ? 'rate_limit_exceeded' : null,
    ]
    return new ErrorAnswer(status, words, code, param)
  },
  errorBody: ({ status, message, code, param }) => ({
    error: { message, type: errorType(status, code), param, code },
  }),
}

function errorType(status: number, code: string | null): string {
  if (code === 'insufficient_quota') return code
  if (status === 429) return 'requests'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}
