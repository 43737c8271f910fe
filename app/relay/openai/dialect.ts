import { openaiLimitHeaders } from '../../rates/rates.server.ts'
import type { Dialect } from '../endpoint.ts'
import { foundError } from './found-error.ts'

/** Errors as OpenAI writes them: `{"error":{…}}` with all four members, in a stream as data alone. */
export const openaiDialect: Dialect = {
  errorBody: (error) => ({ error }),
  errorEvent: (error) => Buffer.from(`data: ${JSON.stringify({ error })}\n\n`),
  errorIn: foundError,
  basePath: '/v1',
  limitHeaders: openaiLimitHeaders,
}
