import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { limits } from '../config/limits.ts'
import { BodyBroken, BodyTooLarge, EncodingUnknown } from './body-errors.ts'

type Decoder = (bytes: Buffer) => Transform

/** `deflate` means zlib's form; some clients send the bare one, which begins in another way. */
const isZlib = ([first = 0, second = 0]: Buffer) =>
  (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
const inflate: Decoder = (bytes) => (isZlib(bytes) ? zlib.createInflate() : zlib.createInflateRaw())
const gunzip: Decoder = () => zlib.createGunzip()

/** Node has it from 22.15 on; the types here are those of Node 20. */
const { createZstdDecompress, zstdDecompressSync, constants } = zlib as typeof zlib & {
  createZstdDecompress?: (options: { params: Record<number, number> }) => Transform
  zstdDecompressSync?: (bytes: Buffer) => Buffer
  constants: { ZSTD_d_windowLogMax?: number }
}
/** A frame may ask for a window of gigabytes; for HTTP it is 8 MiB at most (RFC 9659). */
const zstdParams = { [constants.ZSTD_d_windowLogMax ?? 0]: limits.http.zstdWindowLogMax }

/** A frame that lacks its last byte. Node 22 takes it for a whole one, as any that was cut. */
const cutFrame = Buffer.from('28b52ffd20021100007b', 'hex')
function seesCuts(): boolean {
  try {
    zstdDecompressSync?.(cutFrame)
    return false
  } catch {
    return true
  }
}

const decoders: Record<string, Decoder> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: () => zlib.createBrotliDecompress(),
  ...(createZstdDecompress &&
    seesCuts() && { zstd: () => createZstdDecompress({ params: zstdParams }) }),
}
/** As an `accept-encoding` header of an answer says it (RFC 9110, section 12.5.3). */
const accepted = Object.keys(decoders)
  .filter((name) => name !== 'x-gzip')
  .join(', ')

/**
 * What must be undone of a body, the last encoding first; nothing for one that comes as it is.
 * Throws `EncodingUnknown`, before anything of the body is read.
 */
export function decodersOf(contentEncoding: string | undefined): Decoder[] {
  if (contentEncoding === undefined) return []
  const names = contentEncoding
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== 'identity' && name !== '')
  if (names.length > limits.http.encodingsMax) throw new EncodingUnknown(accepted)
  return names.reverse().map((name) => {
    if (!Object.hasOwn(decoders, name)) throw new EncodingUnknown(accepted)
    // The line before has seen it.
    return decoders[name]!
  })
}

/** What is taken of memory, piece by piece; a throw ends the decoding. */
type Take = (bytes: number) => void

function decodeOnce(bytes: Buffer, decoder: Decoder, bytesMax: number, take: Take) {
  return new Promise<Buffer>((resolve, reject) => {
    const pieces: Buffer[] = []
    let total = 0
    const stream = decoder(bytes)
    const fail = (error: Error) => {
      stream.destroy()
      reject(error)
    }
    stream.on('data', (piece: Buffer) => {
      total += piece.length
      // A few kilobytes may stand for gigabytes, so what comes out is counted as it comes.
      if (total > bytesMax) return fail(new BodyTooLarge())
      try {
        take(piece.length)
      } catch (error) {
        return fail(error as Error)
      }
      pieces.push(piece)
    })
    stream.on('end', () => resolve(Buffer.concat(pieces)))
    stream.on('error', () => fail(new BodyBroken()))
    stream.end(bytes)
  })
}

/**
 * A body as it was before it was compressed, of at most `bytesMax` at every step. Rejects with
 * `BodyTooLarge` or `BodyBroken`. Works in Node's threads, not in this one.
 */
export async function decodeBody(
  body: Buffer,
  undo: Decoder[],
  bytesMax: number,
  take: Take = () => undefined,
): Promise<Buffer> {
  let bytes = body
  for (const decoder of undo) bytes = await decodeOnce(bytes, decoder, bytesMax, take)
  return bytes
}
