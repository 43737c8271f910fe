import { limits } from '../config/limits.ts'
import { Answer, type ApiRequest } from '../http/http.server.ts'

const figures = ['limit', 'remaining', 'reset']

/**
 * What a program in a browser may read of an answer, besides what every one may; of limits as each
 * of the two dialects writes them.
 */
export const exposedHeaders = [
  'x-request-id',
  'request-id',
  'x-relay-cost-usd',
  'x-relay-max-tokens',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'openai-processing-ms',
  ...figures.flatMap((what) => [`x-ratelimit-${what}-requests`, `x-ratelimit-${what}-tokens`]),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((of) =>
    figures.map((what) => `anthropic-ratelimit-${of}-${what}`),
  ),
]
const exposed = exposedHeaders.join(', ')

const isBelowV1 = (path: string) => path.startsWith('/v1/') || path === '/v1'

/**
 * Gives an answer the headers that all have: no cache keeps it (a stream has a word of its own for
 * that), no browser guesses what it is, and below /v1 pages of any site may read it. A key is sent on
 * purpose and never by a browser on its own, so that other sites win nothing by it.
 */
export function addHeaders(answer: Answer, path: string, requestId: string, idHeader?: string) {
  const { headers } = answer
  headers.push('x-request-id', requestId, 'x-content-type-options', 'nosniff')
  if (idHeader !== undefined) headers.push(idHeader, requestId)
  if (!answer.has('cache-control')) headers.push('cache-control', 'no-store')
  if (!isBelowV1(path)) return
  headers.push('access-control-allow-origin', '*', 'access-control-expose-headers', exposed)
}

const nameList = /^[\w!#$%&'*+.^`|~, -]{1,1000}$/

/**
 * The answer to a browser that asks whether a page may call the API (the CORS protocol of the Fetch
 * standard), or undefined for what asks nothing of the kind. It says yes to any path below /v1: what
 * is wrong with one, the call's own answer says, which a page can read.
 */
export function answerOptions({ method, path, header }: ApiRequest): Answer | undefined {
  if (method !== 'OPTIONS' || !isBelowV1(path)) return undefined
  const asked = header('access-control-request-headers') ?? ''
  return new Answer('', {
    status: 204,
    headers: {
      allow: 'GET, HEAD, POST, DELETE, OPTIONS',
      'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
      // A star would not stand for `authorization`; SDKs send a dozen names of their own.
      'access-control-allow-headers': nameList.test(asked) ? asked : 'authorization, content-type',
      'access-control-max-age': String(limits.http.preflightSecondsMax),
      vary: 'access-control-request-headers',
    },
  })
}
