import type { Dialect } from './dialects/dialect.ts'
import { operatorSecret, type ErrorAnswer } from './errors.ts'
import { numberOf, type Script } from './script.ts'
import { endedInError, raw, type Step } from './steps.ts'

/** The steps that answer with an error body. */
export function refuse(error: ErrorAnswer, { errorBody }: Dialect): Step[] {
  const { status } = error
  const retry: Record<string, string> = status === 429 ? { 'retry-after': '7' } : {}
  return whole(status, 'application/json', JSON.stringify(errorBody(error)), retry)
}

/** The steps of a script that asks for something else than an answer, if this one does. */
export function refusalIn(script: Script, dialect: Dialect): Step[] | undefined {
  if (script.has('status')) {
    const given = numberOf(script, 'status', 500)
    // Node refuses to write other statuses, and 1xx are no answers.
    const status = given >= 200 && given <= 599 ? given : 500
    return refuse(dialect.refusalWith(status), dialect)
  }
  if (script.has('quota')) return refuse(dialect.quota, dialect)
  if (script.has('html')) return whole(200, 'text/html', page)
  if (script.has('html-500')) return whole(500, 'text/html', page)
  if (script.has('redirect')) return whole(302, 'text/plain', '', { location: '/v1/models' })
  if (script.has('json-error')) {
    const body = dialect.errorBody(dialect.refusalWith(500))
    return whole(200, 'application/json', JSON.stringify(body))
  }
  return undefined
}

const page = `<!doctype html><title>Sign in</title><p>${operatorSecret} has to sign in.</p>`

function whole(
  status: number,
  type: string,
  text: string,
  headers: Record<string, string> = {},
): Step[] {
  const first: Step = { do: 'headers', status, headers: { 'content-type': type, ...headers } }
  return [first, raw(text), endedInError]
}
