import { request, type IncomingHttpHeaders } from 'node:http'
import { eventually } from '../dev/command/eventually.ts'
import type { DemoUpstream, Served } from '../dev/fakes/upstream/demo-upstream.server.ts'

/** What came back for one request, byte for byte. */
export type RawAnswer = {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  text: string
  /** The pieces as the socket gave them out. */
  pieces: Buffer[]
  /** How it went wrong on the way: the connection's error code. */
  broken: string | undefined
}

export type Ask = {
  /** What the user says; sentinels go here. */
  say?: string
  /** Where below /v1, instead of chat completions; its body is `body` alone. */
  path?: string
  body?: Record<string, unknown>
  rawBody?: string | Buffer
  apiKey?: string
  headers?: Record<string, string>
  /** Called for each piece; answering 'leave' destroys the connection. */
  onPiece?: (all: Buffer) => 'leave' | undefined
}

/** Asks for a chat completion without any client library between the test and the bytes. */
export function ask(upstream: DemoUpstream, given: Ask): Promise<RawAnswer> {
  const { path = 'chat/completions' } = given
  const messages = [{ role: 'user', content: given.say ?? 'hello' }]
  const usual = given.path === undefined ? { model: 'gpt-4o', messages } : {}
  const body = given.rawBody ?? JSON.stringify({ ...usual, ...given.body })
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${given.apiKey ?? upstream.apiKey}`,
    ...given.headers,
  }
  const url = `${upstream.url}/${path}`
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    const answer = (status: number, got: IncomingHttpHeaders, broken?: string) => {
      const bytes = Buffer.concat(pieces)
      resolve({ status, headers: got, bytes, text: bytes.toString(), pieces, broken })
    }
    const req = request(url, { method: 'POST', headers, agent: false }, (res) => {
      const { statusCode = 0, headers: got } = res
      res.on('data', (piece: Buffer) => {
        pieces.push(piece)
        if (given.onPiece?.(Buffer.concat(pieces)) === 'leave') req.destroy()
      })
      res.on('error', (error: NodeJS.ErrnoException) => answer(statusCode, got, error.code))
      res.on('end', () => answer(statusCode, got))
    })
    req.on('error', (error: NodeJS.ErrnoException) => answer(0, {}, error.code))
    req.end(body)
  })
}

/** Asks for a stream with usage. */
export function askStream(upstream: DemoUpstream, given: Ask): Promise<RawAnswer> {
  const streamed = { stream: true, stream_options: { include_usage: true }, ...given.body }
  return ask(upstream, { ...given, body: streamed })
}

/** The data of each complete event of an SSE text, its data lines joined as the standard says. */
export function eventsOf(text: string): string[] {
  const blocks = text.replace(/^\uFEFF/, '').split(/\r?\n\r?\n/)
  const lines = blocks.slice(0, -1).map((block) => block.split(/\r?\n/))
  return lines
    .map((block) => block.filter((line) => line.startsWith('data: ')))
    .filter((block) => block.length > 0)
    .map((block) => block.map((line) => line.slice('data: '.length)).join('\n'))
}

export type Chunk = {
  id: string
  object: string
  model: string
  choices: { index: number; delta: Delta; finish_reason: string | null }[]
  usage?: Record<string, unknown> | null
}

type Delta = { role?: string; content?: string; tool_calls?: { function: object }[] }

/** The chunks of an SSE text, without `[DONE]`. */
export function chunksIn(text: string): Chunk[] {
  const events = eventsOf(text).filter((data) => data !== '[DONE]')
  return events.map((data) => JSON.parse(data) as Chunk)
}

/** The text that a stream's chunks make, of one choice. */
export function contentOf(chunks: readonly Chunk[], index = 0): string {
  const choices = chunks.flatMap((chunk) => chunk.choices)
  const own = choices.filter((choice) => choice.index === index)
  return own.map((choice) => choice.delta.content ?? '').join('')
}

/** The upstream's last record, once it knows how that request ended. */
export async function lastServed(upstream: DemoUpstream): Promise<Served> {
  await eventually('the upstream has nothing open', () => upstream.openRequests() === 0)
  const served = upstream.served().at(-1)
  if (!served) throw new Error('Nothing was served')
  return served
}
