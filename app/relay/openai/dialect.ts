import type { ErrorWords } from '../../errors/errors.ts'
import type { Dialect } from '../endpoint.ts'

type ErrorObject = Record<'message' | 'type' | 'param' | 'code', unknown>

/** Errors as OpenAI writes them: `{"error":{…}}` with all four members, in a stream as data alone. */
export const openaiDialect: Dialect = {
  errorBody: (error) => ({ error }),
  errorEvent: (error) => Buffer.from(`data: ${JSON.stringify({ error })}\n\n`),
  errorIn(body): ErrorWords | undefined {
    const { error } = (body ?? {}) as { error?: ErrorObject | null }
    if (typeof error?.message !== 'string') return undefined
    const { message, type, param, code } = error
    return {
      message,
      type: typeof type === 'string' ? type : 'invalid_request_error',
      param: typeof param === 'string' ? param : null,
      code: typeof code === 'string' ? code : null,
    }
  },
}
