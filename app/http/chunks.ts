import type { ServerResponse } from 'node:http'

/** Longer pieces cost more to copy than their writes do (measured: the two meet at some 8 KiB). */
const joinBytesMax = 4 * 1024
const lineEnd = Buffer.from('\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')

/**
 * Writes a body whose length nobody knows yet, as chunks (RFC 9112, section 7.1), a short one with
 * one write to the socket. Node's own way hands over four for each, the size, the piece and two line
 * ends, and so costs half as much again (bench/RESULTS.md); it is told to leave that to us. Made when
 * the head has been written.
 */
export class ChunkWriter {
  /** Not for HTTP/1.0, where the end of the connection is the end of the body. */
  private readonly isChunked: boolean
  private hasBegun = false

  constructor(private readonly res: ServerResponse) {
    this.isChunked = res.chunkedEncoding
    res.chunkedEncoding = false
  }

  /** False when the reader should be waited for, as `res.write` says it. */
  write(piece: Buffer, isLast = false): boolean {
    // A chunk without bytes would be the last one.
    if (piece.length === 0) return true
    if (!this.isChunked) return this.res.write(piece)
    const { hasBegun } = this
    this.hasBegun = true
    const size = Buffer.from(`${piece.length.toString(16)}\r\n`, 'latin1')
    const parts = [size, piece, lineEnd]
    if (isLast) parts.push(lastChunk)
    // Node keeps what is written in one turn together.
    if (piece.length > joinBytesMax) return parts.map((part) => this.res.write(part)).at(-1)!
    const bytes = Buffer.concat(parts)
    // Node puts a head and a first text into one write, and a head and bytes into two.
    return hasBegun ? this.res.write(bytes) : this.res.write(bytes.toString('latin1'), 'latin1')
  }

  /** Writes what is last, if anything is, and ends the answer. */
  end(last?: Buffer) {
    if (last?.length) this.write(last, true)
    else if (this.isChunked) this.res.write(lastChunk)
    endAfterWrites(this.res)
  }
}

/** Ends an answer all of which is written: at once, Node would add an empty write of its own. */
export function endAfterWrites(res: ServerResponse) {
  process.nextTick(() => res.end())
}
