/** A request that is answered with an error; each dialect has its own words around it. */
export class ErrorAnswer {
  readonly status: number
  readonly message: string
  readonly code: string | null
  readonly param: string | null

  constructor(status: number, message: string, code: string | null = null, param?: string) {
    this.status = status
    this.message = message
    this.code = code
    this.param = param ?? null
  }
}

/** What only the operator may read. Tests look for this string in everything a client receives. */
export const operatorSecret = 'org-demo-secret'
