import { Readable } from 'node:stream'
import { limits } from '../config/limits.ts'

const ping = Buffer.from(': ping\n\n')

/**
 * The stream to the client. `write` says whether there is room; `onRoom` is called when there is
 * again, so a slow reader slows the upstream down and memory stays bounded. In silence it sends a
 * comment, always between two events, because only whole events are written.
 */
export class ClientStream extends Readable {
  onRoom: () => void = () => undefined
  /** The reader takes nothing for too long. */
  onStalled: () => void = () => undefined
  /** Known when `finish` has been called: whoever writes it can end with it. */
  lastPiece: Buffer | undefined
  private full = false
  private stalled: NodeJS.Timeout | undefined
  private readonly silence: NodeJS.Timeout

  constructor() {
    super({ highWaterMark: limits.stream.bufferBytesMax })
    this.silence = setInterval(() => this.ping(), limits.stream.pingEveryMs)
    this.silence.unref()
  }

  write(bytes: Buffer): boolean {
    this.silence.refresh()
    if (this.destroyed) return false
    if (this.push(bytes)) return true
    this.full = true
    this.stalled ??= setTimeout(() => this.onStalled(), limits.stream.stalledReaderMsMax)
    return false
  }

  /** Writes what may remain to be said and ends the stream. */
  finish(last?: Buffer) {
    clearInterval(this.silence)
    if (this.destroyed) return
    this.lastPiece = last
    if (last) this.push(last)
    this.push(null)
  }

  private ping() {
    if (!this.full && !this.destroyed) this.push(ping)
  }

  override _read() {
    clearTimeout(this.stalled)
    this.stalled = undefined
    if (!this.full) return
    this.full = false
    this.onRoom()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void) {
    clearInterval(this.silence)
    clearTimeout(this.stalled)
    // Whoever writes next sees that nobody reads, and must not wait for room.
    this.onRoom()
    callback(error)
  }
}
