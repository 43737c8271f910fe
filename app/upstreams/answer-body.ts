import { EventEmitter } from 'node:events'
import { errors } from 'undici'
import { limits } from '../config/limits.ts'

/** As much of a Readable as whoever reads an answer needs. */
export type AnswerBody = {
  on(event: 'data', listener: (piece: Buffer) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'end' | 'close', listener: () => void): unknown
  once(event: 'data' | 'close', listener: () => void): unknown
  pause(): unknown
  resume(): unknown
  destroy(): unknown
}

/** What ends a silence: anything that comes, or only what whoever reads it takes for something said. */
type Sign = 'bytes' | 'words'

/** The request whose answer it is of, in the hands of undici. */
type Source = { resume(): void; abort(why?: Error): void }

/**
 * The body of an answer as undici hands it over. A Readable does the same for several times the
 * price: it keeps more books, and takes three more turns to end (measured).
 */
export class IncomingBody extends EventEmitter implements AnswerBody {
  /** What has come while nobody listened, or while it was paused. */
  private kept: Buffer[] = []
  private keptBytes = 0
  /** Somebody listens. */
  private isHeard = false
  private isPaused = false
  /** The source was told to wait. */
  private isHeldUp = false
  private isOver = false
  private isClosed = false
  private failure: Error | undefined
  private silence: NodeJS.Timeout | undefined
  private isHeardBy: Sign = 'bytes'

  constructor(private readonly source: Source) {
    super()
  }

  /** Takes a piece; false where the next one must wait. */
  push(piece: Buffer): boolean {
    if (this.isClosed) return true
    if (this.isHeardBy === 'bytes') this.silence?.refresh()
    if (this.isFlowing && this.kept.length === 0) this.emit('data', piece)
    else {
      this.kept.push(piece)
      this.keptBytes += piece.length
    }
    this.isHeldUp = this.isPaused || this.keptBytes > limits.stream.bufferBytesMax
    return !this.isHeldUp
  }

  /** There is no more of it, for this reason where it did not come to its end. */
  finish(failure?: Error) {
    if (this.isOver) return
    this.isOver = true
    this.failure = failure
    clearTimeout(this.silence)
    // Of one that failed nothing more is read, so that nobody need be waited for.
    if (this.isHeard && (failure || this.isFlowing)) this.deliver()
  }

  override on(event: string, listener: Parameters<EventEmitter['on']>[1]): this {
    super.on(event, listener)
    if (event === 'data') {
      this.isHeard = true
      this.goOn()
    }
    return this
  }

  pause() {
    this.isPaused = true
  }

  resume() {
    this.isPaused = false
    this.silence?.refresh()
    this.goOn()
  }

  /**
   * From now on it fails where nothing of it comes for so long, though somebody takes it; or by
   * `words` where `noteWords` is not called for so long.
   */
  endAfterSilence(ms: number, by: Sign) {
    if (this.isOver) return
    this.isHeardBy = by
    clearTimeout(this.silence)
    this.silence = setTimeout(() => {
      // Who is told to wait is silent for that.
      if (this.isPaused || this.isHeldUp) this.silence?.refresh()
      else this.source.abort(new errors.BodyTimeoutError())
    }, ms)
  }

  noteWords() {
    this.silence?.refresh()
  }

  /** Nobody wants the rest: where there is some, its connection ends with it. */
  destroy() {
    if (this.isClosed) return
    this.letGo()
    if (!this.isOver) {
      this.isOver = true
      this.source.abort()
    }
    this.close()
  }

  private letGo() {
    this.kept = []
    this.keptBytes = 0
  }

  private get isFlowing() {
    return this.isHeard && !this.isPaused
  }

  /** In a while: whoever begins to listen has more to say, and undici may be in the middle of it. */
  private goOn() {
    if (this.kept.length > 0 || this.isOver || this.isHeldUp) process.nextTick(() => this.deliver())
  }

  private deliver() {
    while (this.isFlowing && !this.isClosed && this.kept.length > 0) {
      const piece = this.kept.shift() as Buffer
      this.keptBytes -= piece.length
      this.emit('data', piece)
    }
    if (this.isClosed) return
    if (this.failure) {
      this.letGo()
      this.emit('error', this.failure)
      this.close()
    } else if (this.isFlowing && this.isOver) {
      this.emit('end')
      this.close()
    } else if (this.isFlowing && this.isHeldUp) {
      this.isHeldUp = false
      this.source.resume()
    }
  }

  private close() {
    this.isClosed = true
    clearTimeout(this.silence)
    process.nextTick(() => this.emit('close'))
  }
}
