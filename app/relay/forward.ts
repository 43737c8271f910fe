import type { Readable } from 'node:stream'
import { limits } from '../config/limits.ts'
import type { UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import { spliceMembers } from './text/json-members.ts'
import type { ChatRequest } from './chat/request.ts'
import { PassedOn, Refused, type CallFailure } from '../errors/refusal.ts'
import type { Run } from './run.ts'

/** Of what a client sends, only these reach the upstream, besides what its SDK is called. */
const forwardable = ['openai-beta', 'idempotency-key']
const agent = 'ai-api-relay'

function headersFor(given: Headers): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of forwardable) {
    const value = given.get(name)
    if (value && value.length <= 255) headers[name] = value
  }
  const theirs = given.get('user-agent')?.slice(0, 200)
  headers['user-agent'] = theirs ? `${theirs} ${agent}` : agent
  return headers
}

/**
 * The body as the client wrote it, with two things spliced in: usage is always asked of a stream,
 * and a limit on output where the hold covers less than the model could say.
 */
export function bodyFor(call: ChatRequest, outputTokensMax: number): string | Buffer {
  const members: Record<string, unknown> = {}
  if (call.streamed && !call.usageWanted) {
    members.stream_options = { ...call.streamOptions, include_usage: true }
  }
  if (call.outputTokensWanted === null) {
    const { outputTokensMax: most, reasoning } = call.model
    const name = reasoning ? 'max_completion_tokens' : 'max_tokens'
    if (outputTokensMax < most) members[name] = outputTokensMax
  } else if (call.outputTokensWanted > outputTokensMax) {
    for (const name of call.limitMembers) members[name] = outputTokensMax
  }
  return Object.keys(members).length ? spliceMembers(call.text, call.scan, members) : call.text
}

/**
 * Reads at most `bytesMax` of a body. Answers undefined, and lets the body go, when there is more.
 */
export function readAll(body: Readable, bytesMax: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let bytes = 0
  return new Promise((resolve, reject) => {
    body.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes <= bytesMax) return pieces.push(piece)
      resolve(undefined)
      body.destroy()
    })
    body.on('end', () => resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)))
    body.on('error', reject)
    // Whoever destroyed it without a word has ended the call.
    body.on('close', () => resolve(undefined))
  })
}

const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
const unreachable = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
// What undici and Node's sockets throw carries a code; what has none is a mistake of our own.
const isTransport = (error: { code?: unknown; name?: string }) =>
  typeof error.code === 'string' || error.name === 'AbortError'

/** What a failure to get an answer is called towards the client; a mistake of ours is thrown on. */
export function refusalOf(error: unknown): CallFailure {
  if (error instanceof Refused) return error
  const { code = '' } = error as { code?: string }
  if (timeouts.has(code)) return new Refused('upstream_timeout')
  if (unreachable.has(code)) return new Refused('upstream_unavailable')
  if (isTransport(error as { code?: unknown })) return new Refused('upstream_error')
  throw error
}

/** These are about the client's own request, so the client must read them. */
const clientsOwn = new Set([400, 404, 413, 422])

async function refuseStatus({ status, headers, body }: UpstreamAnswer): Promise<never> {
  const text = await readAll(body, limits.upstream.errorBytesMax).catch(() => undefined)
  if (clientsOwn.has(status)) {
    const error = errorOf(text)
    if (error) throw new PassedOn(status, { error })
  }
  if (status === 504) throw new Refused('upstream_timeout')
  if (status === 429 || status === 503 || status === 529) {
    const refused = new Refused('upstream_unavailable')
    const seconds = Number(headers['retry-after'])
    if (seconds > 1 && seconds <= 60) {
      refused.wire.headers['retry-after'] = String(Math.ceil(seconds))
      refused.wire.headers['retry-after-ms'] = String(Math.ceil(seconds) * 1_000)
    }
    throw refused
  }
  throw new Refused('upstream_error')
}

/** The upstream's error object with all four keys, or undefined where there is none. */
function errorOf(text: Buffer | undefined): Record<string, unknown> | undefined {
  try {
    const { error } = JSON.parse(text?.toString('utf8') ?? '') as {
      error?: Record<string, unknown>
    }
    if (typeof error?.message !== 'string') return undefined
    const { message, type, param, code } = error
    return {
      message,
      type: typeof type === 'string' ? type : 'invalid_request_error',
      param: typeof param === 'string' ? param : null,
      code: typeof code === 'string' ? code : null,
    }
  } catch {
    return undefined
  }
}

/**
 * Sends the call to the upstream and answers its good answer, whose body has not been read. Throws
 * `Refused` or `PassedOn` for everything else: by then nothing of it has reached the client.
 */
export async function forward(run: Run): Promise<UpstreamAnswer> {
  const { call, grant, services, clientHeaders, signal } = run
  const answer = await services.upstream.complete({
    body: bodyFor(call, grant.outputTokensMax),
    streamed: call.streamed,
    headers: headersFor(clientHeaders),
    signal,
  })
  run.upstreamAnswer = answer
  if (answer.status !== 200) return refuseStatus(answer)
  const type = String(answer.headers['content-type'] ?? '')
  const encoding = answer.headers['content-encoding'] ?? 'identity'
  const expected = call.streamed ? 'text/event-stream' : 'application/json'
  if (!type.toLowerCase().startsWith(expected) || encoding !== 'identity') {
    answer.body.on('error', () => undefined).destroy()
    throw new Refused('upstream_error')
  }
  return answer
}
