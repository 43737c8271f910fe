import type { HeaderList } from '../http/http.server.ts'
import { clockMs } from '../values/clock.ts'
import type { Passing } from './endpoint.ts'
import type { Attempted, Run } from './run.ts'

/**
 * Of the upstream's headers, only how long it took goes back, and what its dialect has an open list
 * for; nothing of who we are to it. Where we have set a limit on the output that the client did
 * not, it is told, and what is left of the limits on its calls.
 */
export function answerHeaders(
  {
    endpoint,
    call,
    grant,
    tries,
    pass,
  }: Pick<Run, 'endpoint' | 'call' | 'grant' | 'tries' | 'pass'>,
  contentType: string,
): HeaderList {
  const headers = ['content-type', contentType]
  const took = tries.at(-1)?.answer?.header('openai-processing-ms')
  if (took !== undefined && /^\d{1,10}$/.test(took)) headers.push('openai-processing-ms', took)
  const limit = endpoint.limitFor(call, grant.outputTokensMax)
  if (limit !== null) headers.push('x-relay-max-tokens', String(limit))
  if (pass) headers.push(...endpoint.dialect.limitHeaders(pass.figures, clockMs()))
  const { passing } = endpoint.dialect
  if (passing) headers.push(...returnedBy(tries.at(-1), passing))
  return headers
}

/** What passes of an answer's headers: none that tells the operator's key, and each once. */
function returnedBy(tried: Attempted | undefined, { isReturned }: Passing): HeaderList {
  const returned: HeaderList = []
  for (const name of tried?.answer?.names ?? []) {
    if (!isReturned(name)) continue
    const said = tried?.answer?.header(name)
    if (said !== undefined && tried?.tells(said) === false) returned.push(name, said)
  }
  return returned
}
