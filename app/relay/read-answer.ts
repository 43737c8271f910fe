import { Readable } from 'node:stream'
import { limits } from '../config/limits.ts'
import type { AnswerBody, AnswerShare } from '../upstreams/upstreams.server.ts'

/** What has come of a plain answer. */
export class Came {
  pieces: Buffer[] = []
  bytes = 0

  add(piece: Buffer) {
    this.bytes += piece.length
    this.pieces.push(piece)
  }

  /** All of it in one piece, or as much of it as that. */
  first(bytesMax = Infinity): Buffer {
    const [only] = this.pieces
    if (only && this.pieces.length === 1 && only.length <= bytesMax) return only
    return Buffer.concat(this.pieces, Math.min(this.bytes, bytesMax))
  }
}

/** How the reading of an answer ended; `cut` is where whoever ended it has said why. */
type Read = 'whole' | 'too-long' | 'no-room' | 'cut'

/**
 * Reads an answer of at most `bytesMax` within the budget of answers, for whose room it waits, and the
 * upstream with it. What is not read whole is let go. Rejects where the connection breaks.
 */
export function readAnswer(
  body: AnswerBody,
  came: Came,
  share: AnswerShare,
  bytesMax: number,
): Promise<Read> {
  return new Promise((resolve, reject) => {
    let isOver = false
    // To resolve once more is no mistake, but V8 takes its time to tell everybody (measured).
    const end = (how: Read) => {
      if (!isOver) resolve(how)
      isOver = true
    }
    const stop = (how: Read) => {
      end(how)
      body.destroy()
    }
    body.on('data', (piece: Buffer) => {
      came.add(piece)
      if (came.bytes > bytesMax) return stop('too-long')
      const room = share.add(piece.length)
      if (!room) return
      body.pause()
      void room.then((mayGoOn) => (mayGoOn ? body.resume() : stop('no-room')))
    })
    body.on('end', () => end('whole'))
    body.on('error', reject)
    // Whoever destroyed it without a word has ended the call.
    body.on('close', () => end('cut'))
  })
}

/**
 * A long answer on its way to its client: each piece is let go as it is taken, and its part of the
 * budget with it. One that is taken too slowly ends where others wait for its room.
 */
export class AnswerStream extends Readable {
  private readonly pieces: Buffer[]
  private left: number

  constructor(
    pieces: readonly Buffer[],
    private readonly share: AnswerShare,
  ) {
    super({ highWaterMark: limits.stream.bufferBytesMax })
    this.pieces = [...pieces]
    this.left = pieces.reduce((sum, { length }) => sum + length, 0)
    share.goOut(() => this.destroy())
  }

  override _read() {
    const piece = this.pieces.shift()
    if (!piece) return void this.push(null)
    this.left -= piece.length
    this.share.keep(this.left)
    this.push(piece)
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void) {
    this.pieces.length = 0
    this.share.end()
    callback(error)
  }
}
