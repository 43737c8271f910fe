import { Readable } from 'node:stream'
import { hasBrand } from '../brand.ts'

export type Body = string | Uint8Array | Readable | null

/**
 * A Response whose body is a Node stream or bytes. The adapter writes that body directly, without a
 * web stream in between; to everybody else it is a Response like any other.
 */
export class Answer extends Response {
  static override [Symbol.hasInstance] = hasBrand('Answer')
  readonly brand = 'Answer'
  constructor(
    readonly source: Body,
    init: { status: number; headers: Record<string, string> },
  ) {
    super(null, init)
  }

  override get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    if (this.source === null) return null
    const readable = this.source instanceof Readable ? this.source : Readable.from([this.source])
    return Readable.toWeb(readable) as ReadableStream<Uint8Array<ArrayBuffer>>
  }

  override text(): Promise<string> {
    return new Response(this.body).text()
  }
  override async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown
  }
  override arrayBuffer(): Promise<ArrayBuffer> {
    return new Response(this.body).arrayBuffer()
  }
}

export const jsonAnswer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Answer(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })
