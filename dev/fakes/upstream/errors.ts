/** An error body as OpenAI writes it: always these four keys. */
type ErrorBody = {
  error: { message: string; type: string; param: string | null; code: string | null }
}

/** A request that is answered with an error, and what the answer says. */
export class ErrorAnswer {
  readonly status: number
  readonly body: ErrorBody

  constructor(status: number, message: string, code: string | null = null, param?: string) {
    this.status = status
    const type = errorType(status, code)
    this.body = { error: { message, type, param: param ?? null, code } }
  }
}

/** What only the operator may read. Tests look for this string in everything a client receives. */
export const operatorSecret = 'org-demo-secret'

function errorType(status: number, code: string | null): string {
  if (code === 'insufficient_quota') return code
  if (status === 429) return 'requests'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}
