import type { ServerResponse } from 'node:http'
import { limits } from '../config/limits.ts'

const lineEnd = Buffer.from('\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')

/**
 * Writes a body whose length nobody knows yet, as chunks (RFC 9112, section 7.1), a short one with
 * one write to the socket. Node's own way hands over four for each, the size, the piece and two line
 * ends, which costs half as much again (docs/decisions/0013); it is told to leave that to us, by a
 * member of its own that it does not document. Made when the head has been written.
 */
export class ChunkWriter {
  /** Not for HTTP/1.0, where the end of the connection is the end of the body. */
  private readonly isChunked: boolean
  private hasBegun = false
  private hasEnded = false

  constructor(private readonly res: ServerResponse) {
    this.isChunked = res.chunkedEncoding
    res.chunkedEncoding = false
  }

  /** False when the reader should be waited for, as `res.write` says it. */
  write(piece: Buffer): boolean {
    // A chunk without bytes would be the last one, and after that one there is none.
    if (piece.length === 0 || this.hasEnded) return true
    return this.put(this.isChunked ? chunkOf(piece) : [piece])
  }

  /** Writes what is last, if anything is, and ends the answer once. */
  end(last?: Buffer) {
    if (this.hasEnded) return
    this.hasEnded = true
    const parts = last?.length ? (this.isChunked ? chunkOf(last) : [last]) : []
    if (this.isChunked) parts.push(lastChunk)
    if (parts.length === 0) this.res.end()
    else this.put(parts, () => this.res.end())
  }

  private put(parts: Buffer[], done?: () => void): boolean {
    const { res, hasBegun } = this
    this.hasBegun = true
    const bytes = parts.reduce((sum, part) => sum + part.length, 0)
    if (bytes > limits.http.joinBytesMax) {
      for (const part of parts.slice(0, -1)) res.write(part)
      // Nobody puts nothing: there is a last part, and so a first one.
      return res.write(parts.at(-1)!, done)
    }
    // As above; what is in one piece already is not copied.
    const joined = parts.length > 1 ? Buffer.concat(parts, bytes) : parts[0]!
    // Node puts a head and a first text into one write, and a head and bytes into two.
    return hasBegun ? res.write(joined, done) : res.write(joined.toString('latin1'), 'latin1', done)
  }
}

const chunkOf = (piece: Buffer) => [
  Buffer.from(`${piece.length.toString(16)}\r\n`, 'latin1'),
  piece,
  lineEnd,
]
