import { limits } from '../config/limits.ts'
import type { AnswerBody } from '../upstreams/upstreams.server.ts'
import type { Meter, Metered } from './meter.ts'
import { DataLines } from './text/data-lines.ts'
import { EventSplitter, EventTooLong } from './text/events.ts'
import type { ClientStream } from './client-stream.ts'

/** Why a stream came to its end; only `complete` is the upstream's own good end. */
export type StreamEnd =
  | { kind: 'complete'; last?: Buffer }
  /** The upstream's own; `first` where nothing went before it, so that it is all of the answer. */
  | { kind: 'error-event'; event: Buffer; first: boolean }
  /** The upstream's own too, and what the client is to read of it. */
  | { kind: 'failed'; event: Buffer }
  | { kind: 'ended-early' }
  | { kind: 'too-long' }
  | { kind: 'broken'; error: unknown }

/** Lets the rest of a finished answer run out, so that its connection can serve the next call. */
function drain(body: AnswerBody) {
  const timer = setTimeout(() => body.destroy(), limits.stream.restMsMax)
  body.once('close', () => clearTimeout(timer))
  body.on('error', () => undefined)
  body.resume()
}

/**
 * The way out. What comes before anything is said, which is comments and figures, waits for the
 * first event: that may be an error, and then it is all of the answer. Nobody needs more of them
 * than are kept.
 */
class Opening {
  private comments: Buffer[] | undefined = []
  private commentBytes = 0

  constructor(
    private readonly onFirst: () => void,
    private readonly write: (bytes: Buffer) => void,
    private readonly begins: (events: Buffer) => boolean,
  ) {}

  get isSilent() {
    return this.comments !== undefined
  }

  pass(bytes: Buffer) {
    if (!this.comments || !this.begins(bytes)) return this.keep(bytes)
    this.comments.push(bytes)
    this.onFirst()
    this.finish()
  }

  /** What says nothing goes out with what does. */
  keep(bytes: Buffer) {
    if (!this.comments) return this.write(bytes)
    this.comments.push(bytes)
    this.commentBytes += bytes.length
    if (this.commentBytes <= limits.stream.bufferBytesMax) return
    this.comments = []
    this.commentBytes = 0
  }

  /** All that has come, where none of it was an event. */
  all(rest: Buffer): Buffer {
    return Buffer.concat([...(this.comments ?? []), rest])
  }

  /** Writes what may still wait. */
  finish() {
    this.comments?.forEach(this.write)
    this.comments = undefined
  }
}

/**
 * How long an upstream is waited for that has said all and leaves its stream open: usage may
 * follow. While its reader takes nothing it is not heard, and it may have spoken.
 */
class Grace {
  private timer: NodeJS.Timeout | undefined
  private isHeldUp = false
  /** It was over while nothing was heard. */
  private isOver = false

  constructor(
    private readonly body: AnswerBody,
    private readonly onOver: () => void,
  ) {}

  begin() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      if (this.isHeldUp) this.isOver = true
      else this.onOver()
    }, limits.stream.finishMsMax)
  }

  holdUp() {
    this.isHeldUp = true
    this.body.pause()
  }

  goOn() {
    this.isHeldUp = false
    if (this.isOver) this.begin()
    this.isOver = false
    this.body.resume()
  }

  stop() {
    clearTimeout(this.timer)
    this.isOver = false
  }
}

type Told = {
  /** Before the first event goes out. */
  first(): void
  /** Of an event more has come behind the first: comments and line ends are nothing said. */
  more(): void
}

/** The end that an event is of its stream, where it is one. */
function endBy({ kind, bytes }: Metered, isSilent: boolean, meter: Meter): StreamEnd | undefined {
  if (kind === 'failed' && !isSilent) return { kind, event: bytes }
  if (kind === 'error' || kind === 'failed')
    return { kind: 'error-event', event: bytes, first: isSilent }
  if (kind !== 'end') return undefined
  // Who says no more than that it is done has not answered.
  const isNothing = isSilent && meter.whole.length === 0
  return isNothing ? { kind: 'ended-early' } : { kind: 'complete', last: bytes }
}

/** The end of a stream whose upstream's body has ended well, with these bytes of no whole event. */
function endByItself(meter: Meter, rest: Buffer, opening: Opening): StreamEnd {
  const { isWhole, failed, ...more } = meter.atEnd(rest)
  if (isWhole) {
    opening.finish()
    return { kind: 'complete', ...more }
  }
  if (failed && !opening.isSilent) return { kind: 'failed', event: failed }
  // Some say what is wrong in JSON alone, or leave out the line end behind it.
  const event = opening.all(rest)
  const isUnsaid = opening.isSilent && event.length > 0 && meter.reported === undefined
  return isUnsaid ? { kind: 'error-event', event, first: true } : { kind: 'ended-early' }
}

/** The end of one that is left open behind its finish reasons, where those are the end. */
function endByFinish(meter: Meter, rest: Buffer, opening: Opening): StreamEnd | undefined {
  try {
    const { isWhole, ...more } = meter.atFinish(rest) ?? { isWhole: false }
    if (!isWhole) return undefined
    opening.finish()
    return { kind: 'complete', ...more }
  } catch (error) {
    return { kind: 'broken', error }
  }
}

/**
 * Passes an upstream's events to the client as they come, through the meter, and resolves when the
 * upstream has ended one way or another. To stop it, destroy `body`.
 */
export function pump(
  body: AnswerBody,
  meter: Meter,
  out: ClientStream,
  told: Told,
  eventBytesMax: number,
): Promise<StreamEnd> {
  const splitter = new EventSplitter(eventBytesMax)
  const lines = new DataLines()
  return new Promise((resolve) => {
    let over = false
    // Where nobody reads any more, nobody is waited for.
    const write = (bytes: Buffer) => void (out.write(bytes) || out.destroyed || grace.holdUp())
    const opening = new Opening(told.first, write, (bytes) => meter.begins(bytes))
    const grace = new Grace(body, () => {
      const how = endByFinish(meter, splitter.rest(), opening)
      if (how) end(how)
    })
    const end = (how: StreamEnd) => {
      if (over) return
      over = true
      grace.stop()
      out.onRoom = () => undefined
      if (how.kind === 'complete') drain(body)
      else body.destroy()
      resolve(how)
    }
    const passOn = (events: Buffer) => {
      for (const item of meter.read(events)) {
        const how = endBy(item, opening.isSilent, meter)
        if (how?.kind === 'complete') opening.finish()
        if (how) return end(how)
        if (item.kind === 'figures') opening.keep(item.bytes)
        else opening.pass(item.bytes)
      }
    }
    const take = (piece: Buffer) => {
      if (over) return
      const events = splitter.push(piece)
      if (events) passOn(events)
      const isSaid = lines.take(piece) && meter.endsSilence(events)
      if (isSaid && !opening.isSilent) told.more()
      if (events && meter.isFinished && !over) grace.begin()
    }
    out.onRoom = () => grace.goOn()
    body.on('data', (piece: Buffer) => {
      try {
        take(piece)
      } catch (error) {
        end(error instanceof EventTooLong ? { kind: 'too-long' } : { kind: 'broken', error })
      }
    })
    body.on('end', () => {
      // The rest of a finished answer has run out; to look into it again would cost as much as all.
      if (over) return
      try {
        const events = splitter.end()
        if (events) passOn(events)
        end(endByItself(meter, splitter.rest(), opening))
      } catch (error) {
        end({ kind: 'broken', error })
      }
    })
    body.on('error', (error) => end({ kind: 'broken', error }))
    body.on('close', () => end({ kind: 'ended-early' }))
  })
}
