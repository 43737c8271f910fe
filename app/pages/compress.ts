import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  constants,
  createBrotliCompress,
  createGzip,
  type BrotliCompress,
  type Gzip,
} from 'node:zlib'
import { limits } from '../config/limits.ts'

const textual =
  /^(?:text\/(?!event-stream)|application\/(?:json|javascript|manifest\+json|xml)|image\/svg\+xml)/i

type Encoder = (BrotliCompress | Gzip) & { flushKind: number }
const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = constants
const brotli = {
  [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  [constants.BROTLI_PARAM_QUALITY]: limits.pages.brotliQuality,
}
const encoders = {
  br: (): Encoder =>
    Object.assign(createBrotliCompress({ params: brotli }), { flushKind: BROTLI_OPERATION_FLUSH }),
  gzip: (): Encoder => Object.assign(createGzip(), { flushKind: Z_SYNC_FLUSH }),
}
type Encoding = keyof typeof encoders

/** How much each coding is wanted (RFC 9110, section 12.5.3); what is not named is not wanted. */
function weightOf(accepted: string, coding: string): number {
  for (const part of accepted.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    if (name !== coding) continue
    const weight = parameters.find((text) => text.startsWith('q='))
    return weight === undefined ? 1 : Number(weight.slice(2)) || 0
  }
  return coding === '*' ? 0 : weightOf(accepted, '*')
}

/** The coding that the client likes best, the smaller one where it likes both. */
function chosen(incoming: IncomingMessage): Encoding | undefined {
  const accepted = String(incoming.headers['accept-encoding'] ?? '')
  const [br, gzip] = [weightOf(accepted, 'br'), weightOf(accepted, 'gzip')]
  if (br > 0 && br >= gzip) return 'br'
  return gzip > 0 ? 'gzip' : undefined
}

/** Whether an answer is text that gets shorter; what is on its way by halves stays as it is. */
function isWorthIt(res: ServerResponse): boolean {
  const { statusCode } = res
  if (statusCode < 200 || statusCode === 204 || statusCode === 206 || statusCode === 304)
    return false
  if (res.hasHeader('content-encoding') || res.hasHeader('content-range')) return false
  if (/no-transform/i.test(String(res.getHeader('cache-control') ?? ''))) return false
  const bytes = res.getHeader('content-length')
  if (bytes !== undefined && Number(bytes) < limits.pages.compressBytesLeast) return false
  return textual.test(String(res.getHeader('content-type') ?? ''))
}

/** Gives an answer the headers of a compressed one. */
function label(res: ServerResponse, encoding: Encoding) {
  res.setHeader('content-encoding', encoding)
  res.removeHeader('content-length')
  res.removeHeader('accept-ranges')
  // Its bytes are others than those that the name stands for.
  const name = res.getHeader('etag')
  if (typeof name === 'string' && !name.startsWith('W/')) res.setHeader('etag', `W/${name}`)
}

/** Puts the encoder between those who write to `res` and the socket, each waiting for the next. */
function squeeze(
  res: ServerResponse,
  encoder: Encoder,
  write: ServerResponse['write'],
  end: () => void,
) {
  encoder.on('data', (piece: Buffer) => {
    if (!write(piece)) encoder.pause()
  })
  encoder.on('end', end)
  encoder.on('error', () => res.destroy())
  // Writers wait for `res`, which has room again when the encoder has, or the socket.
  encoder.on('drain', () => res.emit('drain'))
  res.on('drain', () => encoder.resume())
  res.on('close', () => encoder.destroy())
}

/**
 * Compresses what is text and long enough, for a client that takes it, whoever writes the answer:
 * Remix, or Express with a file. A writer is told to wait as without it (`write`, `drain`,
 * `writableNeedDrain`), so that a download of any length still holds only a little, and what was
 * written is not kept until there is more (`flush`). What a page says of secrets it says once, or
 * anew for each page, so that its length tells nobody anything of them.
 */
export function compressAnswer(incoming: IncomingMessage, res: ServerResponse) {
  const [write, end] = [res.write.bind(res), res.end.bind(res)]
  const writeHead = res.writeHead.bind(res)
  let encoder: Encoder | undefined
  let isDecided = false

  const decide = () => {
    if (isDecided) return
    isDecided = true
    if (!isWorthIt(res)) return
    res.appendHeader('vary', 'accept-encoding')
    const encoding = incoming.method === 'HEAD' ? undefined : chosen(incoming)
    if (!encoding) return
    label(res, encoding)
    encoder = encoders[encoding]()
    squeeze(res, encoder, write as ServerResponse['write'], () => void end())
  }
  const needsDrain = () => encoder?.writableNeedDrain ?? false

  Object.defineProperty(res, 'writableNeedDrain', {
    configurable: true,
    get() {
      return (
        needsDrain() ||
        Boolean(Reflect.get(Object.getPrototypeOf(res) as object, 'writableNeedDrain', res))
      )
    },
  })
  res.writeHead = ((status: number, ...rest: unknown[]) => {
    res.statusCode = status
    const headers = rest.at(-1)
    // Those that are set, and those that come with the call, are looked at in one place.
    if (!isDecided && typeof headers === 'object' && headers !== null && !Array.isArray(headers)) {
      for (const [name, value] of Object.entries(headers as Record<string, string>))
        res.setHeader(name, value)
      rest.pop()
    }
    decide()
    return writeHead(status, ...(rest as []))
  }) as ServerResponse['writeHead']
  res.write = ((...args: Parameters<ServerResponse['write']>) => {
    decide()
    return encoder ? encoder.write(...(args as unknown as [Buffer])) : write(...args)
  }) as ServerResponse['write']
  res.end = ((...args: unknown[]) => {
    decide()
    if (encoder) encoder.end(...(args as []))
    else end(...(args as []))
    return res
  }) as ServerResponse['end']
  // What there is goes out, and what it says stays known for what comes.
  Object.assign(res, { flush: () => encoder?.flush(encoder.flushKind) })
}
