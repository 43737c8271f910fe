import { Readable } from 'node:stream'
import { limits } from '../config/limits.ts'

const cr = 13
const ping = Buffer.from(': ping\n')
/** Behind a CR: with an LF that comes next this is one line end, where the other would be two. */
const pingAfterCr = Buffer.from(': ping\r')
const byteOrderMark = Buffer.from('\uFEFF')
const isMarked = (bytes: Buffer) => bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)

const { bufferBytesMax, stalledReaderMsMax, slowReaderMsMax, slowReaderKeptMs } = limits.stream

/**
 * The stream to the client. `write` says whether there is room; `onRoom` is called when there is
 * again, so a slow reader slows the upstream down and memory stays bounded. In silence it sends a
 * comment, always between two events, because only whole events are written; and no empty line with
 * it, which some clients take for an event without data.
 */
export class ClientStream extends Readable {
  onRoom: () => void = () => undefined
  /** The reader takes nothing for too long. */
  onStalled: () => void = () => undefined
  /** Known when `finish` has been called: whoever writes it can end with it. */
  lastPiece: Buffer | undefined
  private full = false
  /** Of what was written, the parts that follow when there is room: each one taken is a sign of life. */
  private waiting: Buffer[] = []
  private isFinished = false
  private hasPinged = false
  private lastByte: number | undefined
  private fullSinceMs = 0
  private slowUntilMs = -Infinity
  private stalled: NodeJS.Timeout | undefined
  private readonly silence: NodeJS.Timeout

  constructor(
    pingEveryMs: number = limits.stream.pingEveryMs,
    private readonly nowMs = () => performance.now(),
  ) {
    super({ highWaterMark: bufferBytesMax })
    this.silence = setInterval(() => this.ping(), pingEveryMs)
    this.silence.unref()
  }

  write(bytes: Buffer): boolean {
    this.silence.refresh()
    if (this.destroyed) return false
    // Nothing follows its last event, and nobody waits for it.
    if (this.isFinished) return true
    this.put(bytes)
    return this.flow()
  }

  /**
   * Whether its reader keeps it waiting for longer than upstreams like, or did so lately: an
   * upstream that gives up then has been kept waiting too.
   */
  get isSlow(): boolean {
    return this.waitsLong || this.nowMs() - this.slowUntilMs < slowReaderKeptMs
  }

  private get waitsLong() {
    return this.full && this.nowMs() - this.fullSinceMs > slowReaderMsMax
  }

  /** Writes what may remain to be said and ends the stream. */
  finish(last?: Buffer) {
    clearInterval(this.silence)
    if (this.destroyed || this.isFinished) return
    if (last) {
      this.put(last)
      this.lastPiece = this.waiting.at(-1)
    }
    this.isFinished = true
    this.flow()
  }

  private put(bytes: Buffer) {
    // A byte order mark is one only where nothing stands before it; elsewhere it would be text.
    const isLate = this.lastByte === undefined && this.hasPinged && isMarked(bytes)
    const said = isLate ? bytes.subarray(byteOrderMark.length) : bytes
    if (said.length === 0) return
    this.lastByte = said[said.length - 1]
    for (let from = 0; from < said.length; from += bufferBytesMax) {
      const isWhole = said.length <= bufferBytesMax
      this.waiting.push(isWhole ? said : said.subarray(from, from + bufferBytesMax))
    }
  }

  /** Hands on what there is room for; answers whether there is room for more. */
  private flow(): boolean {
    while (!this.full) {
      const part = this.waiting.shift()
      if (!part) break
      this.full = !this.push(part)
      if (this.full) this.fullSinceMs = this.nowMs()
    }
    if (this.isFinished && this.waiting.length === 0) this.push(null)
    else if (this.full) this.stalled ??= setTimeout(() => this.onStalled(), stalledReaderMsMax)
    return !this.full
  }

  private ping() {
    if (this.full || this.destroyed) return
    this.hasPinged = true
    this.push(this.lastByte === cr ? pingAfterCr : ping)
  }

  override _read() {
    clearTimeout(this.stalled)
    this.stalled = undefined
    if (!this.full) return
    if (this.waitsLong) this.slowUntilMs = this.nowMs()
    this.full = false
    if (this.flow()) this.onRoom()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void) {
    clearInterval(this.silence)
    clearTimeout(this.stalled)
    this.waiting = []
    // Whoever writes next sees that nobody reads, and must not wait for room.
    this.onRoom()
    callback(error)
  }
}
