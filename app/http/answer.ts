import type { Readable } from 'node:stream'

/**
 * What the API answers with: a Node stream or bytes, which the adapter writes to the socket itself,
 * without a web Response and its streams in between. Names of headers are in lower case.
 */
export class Answer {
  readonly status: number
  readonly headers: Record<string, string>

  constructor(
    readonly source: string | Uint8Array | Readable,
    { status, headers }: { status: number; headers: Record<string, string> },
  ) {
    this.status = status
    this.headers = headers
  }
}

export const jsonAnswer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Answer(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })
