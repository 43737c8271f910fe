import { operatorSecret, ErrorAnswer } from './errors.ts'
import { numberOf, type Script } from './script.ts'
import { endedInError, raw, type Step } from './steps.ts'

/** The steps that answer with an error body. */
export function refuse({ status, body }: ErrorAnswer): Step[] {
  const retry: Record<string, string> = status === 429 ? { 'retry-after': '7' } : {}
  return whole(status, 'application/json', JSON.stringify(body), retry)
}

/** The steps of a script that asks for something else than an answer, if this one does. */
export function refusalIn(script: Script): Step[] | undefined {
  if (script.has('status')) return refuse(refusalWith(numberOf(script, 'status', 500)))
  if (script.has('quota')) {
    const words = `You exceeded your current quota. Balance of ${operatorSecret}: $0.00.`
    return refuse(new ErrorAnswer(429, words, 'insufficient_quota'))
  }
  if (script.has('html')) return whole(200, 'text/html', page)
  if (script.has('html-500')) return whole(500, 'text/html', page)
  if (script.has('redirect')) return whole(302, 'text/plain', '', { location: '/v1/models' })
  if (script.has('json-error')) {
    return whole(200, 'application/json', JSON.stringify(refusalWith(500).body))
  }
  return undefined
}

/** What an upstream says in the middle of a stream when it breaks. */
export function brokenStream(): string {
  return JSON.stringify(refusalWith(500).body)
}

const page = `<!doctype html><title>Sign in</title><p>${operatorSecret} has to sign in.</p>`

// These concern the client's own request, so a relay may pass them on; they name no operator.
const clientsFault: Record<number, [words: string, code: string | null, param?: string]> = {
  400: ["This model's maximum context length is exceeded.", 'context_length_exceeded', 'messages'],
  404: ['The model does not exist or you do not have access to it.', 'model_not_found'],
  413: ['The request is too large.', 'request_too_large'],
  422: ['The request could not be processed.', null],
}

function refusalWith(given: number): ErrorAnswer {
  // Node refuses to write other statuses, and 1xx are no answers.
  const status = given >= 200 && given <= 599 ? given : 500
  const [words, code, param] = clientsFault[status] ?? [
    `Something is wrong with ${operatorSecret}, whose balance is $12.34.`,
    status === 429 ? 'rate_limit_exceeded' : null,
  ]
  return new ErrorAnswer(status, words, code, param)
}

function whole(
  status: number,
  type: string,
  text: string,
  headers: Record<string, string> = {},
): Step[] {
  const first: Step = { do: 'headers', status, headers: { 'content-type': type, ...headers } }
  return [first, raw(text), endedInError]
}
