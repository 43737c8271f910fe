import type { ErrorWords } from '../../errors/errors.ts'
import type { Dialect, ErrorPlace, SaidBefore } from '../endpoint.ts'
import { openaiDialect } from '../openai/dialect.ts'
import { foundError } from '../openai/found-error.ts'
import { isObject } from '../openai/json-request.ts'
import { clockMs } from '../../values/clock.ts'

const named = (name: string, data: object) =>
  Buffer.from(`event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`)

/** What ends a stream for good: to ask again would be refused. */
const final: ReadonlySet<string | null> = new Set([
  'invalid_api_key',
  'insufficient_balance',
  'key_budget_exceeded',
])

/**
 * An error as the last event of a stream. Agents ask again after one; what must not be asked again
 * ends the answer as one that has failed, with its code.
 */
function errorEvent(
  { message, code, param }: ErrorWords,
  { requestId }: ErrorPlace,
  { id, number, model }: SaidBefore,
): Buffer {
  const sequence_number = number === null ? 0 : number + 1
  if (!final.has(code)) return named('error', { code, message, param, sequence_number })
  const response = {
    id: id ?? `resp_${requestId.replaceAll('-', '')}`,
    object: 'response',
    created_at: Math.floor(clockMs() / 1_000),
    status: 'failed',
    error: { code, message },
    incomplete_details: null,
    model: model ?? '',
    output: [],
    usage: null,
  }
  return named('response.failed', { sequence_number, response })
}

/** Errors as OpenAI writes them, but within a stream, where each event has a name of its own. */
export const responsesDialect: Dialect = {
  ...openaiDialect,
  errorEvent,
  /** In the last event of an answer that has failed, or the event of an error itself. */
  errorIn(body) {
    if (!isObject(body)) return foundError(body)
    const { type, response, ...rest } = body
    if (type === 'response.failed' && isObject(response))
      return foundError({ error: response.error })
    // Its type says that it is an error, and not which one.
    if (type === 'error') return foundError(rest)
    return foundError(body.error ? { error: body.error } : body)
  },
}
