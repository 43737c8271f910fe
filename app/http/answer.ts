import type { Readable } from 'node:stream'

/** Headers as Node writes them: name, value, name, value. */
export type HeaderList = string[]

/**
 * What the API answers with: a Node stream or bytes, which the adapter writes to the socket itself,
 * without a web Response and its streams in between. Names of headers are in lower case.
 */
export class Answer {
  readonly status: number
  /** A list: an object gets each of so many names slowly, and once more for each answer (measured). */
  readonly headers: HeaderList

  constructor(
    readonly source: string | Uint8Array | Readable,
    { status, headers }: { status: number; headers: HeaderList | Readonly<Record<string, string>> },
  ) {
    this.status = status
    this.headers = Array.isArray(headers) ? headers : Object.entries(headers).flat()
  }

  has(name: string): boolean {
    return this.placeOf(name) >= 0
  }

  set(name: string, value: string) {
    const at = this.placeOf(name)
    if (at < 0) this.headers.push(name, value)
    else this.headers[at + 1] = value
  }

  private placeOf(name: string): number {
    const { headers } = this
    for (let at = 0; at < headers.length; at += 2) if (headers[at] === name) return at
    return -1
  }
}

export const jsonType = 'application/json; charset=utf-8'

export const jsonAnswer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Answer(JSON.stringify(body), {
    status,
    headers: { 'content-type': jsonType, ...headers },
  })
