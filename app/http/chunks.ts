import type { ServerResponse } from 'node:http'

/** Longer pieces are not worth a copy. */
const joinBytesMax = 16 * 1024
const lineEnd = Buffer.from('\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')

/** One chunk of a chunked body (RFC 9112, section 7.1), as one piece. */
function chunkOf(piece: Buffer, tail?: Buffer): Buffer {
  const size = Buffer.from(`${piece.length.toString(16)}\r\n`, 'latin1')
  return Buffer.concat(tail ? [size, piece, lineEnd, tail] : [size, piece, lineEnd])
}

/**
 * Writes a body whose length nobody knows yet, each piece with one write to the socket. Node's own
 * way hands over four for each, the size, the piece and two line ends, and so costs twice as much
 * (bench/RESULTS.md); it is told to leave that to us. Made when the head has been written.
 */
export class ChunkWriter {
  /** Not for HTTP/1.0, where the end of the connection is the end of the body. */
  private readonly isChunked: boolean
  private isFirst = true

  constructor(private readonly res: ServerResponse) {
    this.isChunked = res.chunkedEncoding
    res.chunkedEncoding = false
  }

  /** False when the reader should be waited for, as `res.write` says it. */
  write(piece: Buffer, tail?: Buffer): boolean {
    // A chunk without bytes would be the last one.
    if (piece.length === 0) return true
    const bytes = this.isChunked ? chunkOf(piece, tail) : piece
    const joinsHead = this.isFirst && bytes.length <= joinBytesMax
    this.isFirst = false
    // Node puts a head and a first text into one write, and a head and bytes into two.
    return joinsHead ? this.res.write(bytes.toString('latin1'), 'latin1') : this.res.write(bytes)
  }

  /** Writes what is last, if anything is, and ends the answer. */
  end(last?: Buffer) {
    if (last) this.write(last, lastChunk)
    else if (this.isChunked) this.res.write(lastChunk)
    endAfterWrites(this.res)
  }
}

/** Ends an answer all of which is written: at once, Node would add an empty write of its own. */
export function endAfterWrites(res: ServerResponse) {
  process.nextTick(() => res.end())
}
