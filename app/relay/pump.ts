import type { Readable } from 'node:stream'
import { limits } from '../config/limits.ts'
import type { Meter } from './meter.ts'
import { EventSplitter, EventTooLong } from './text/events.ts'
import type { ClientStream } from './client-stream.ts'

/** Why a stream came to its end; only `complete` is the upstream's own good end. */
export type StreamEnd =
  | { kind: 'complete'; last: Buffer }
  | { kind: 'error-event' }
  | { kind: 'ended-early' }
  | { kind: 'too-long' }
  | { kind: 'broken'; error: unknown }

/** Lets the rest of a finished answer run out, so that its connection can serve the next call. */
function drain(body: Readable) {
  const timer = setTimeout(() => body.destroy(), limits.stream.restMsMax)
  body.once('close', () => clearTimeout(timer))
  body.on('error', () => undefined)
  body.resume()
}

/**
 * Passes an upstream's events to the client as they come, through the meter, and resolves when the
 * upstream has ended one way or another. `onFirst` is called before the first byte goes out. To stop
 * it, destroy `body`.
 */
export function pump(
  body: Readable,
  meter: Meter,
  out: ClientStream,
  onFirst: () => void,
  eventBytesMax: number,
): Promise<StreamEnd> {
  const splitter = new EventSplitter(eventBytesMax)
  return new Promise((resolve) => {
    let over = false
    let first = true
    const end = (how: StreamEnd) => {
      if (over) return
      over = true
      out.onRoom = () => undefined
      if (how.kind === 'complete') drain(body)
      else body.destroy()
      resolve(how)
    }
    const passOn = (events: Buffer) => {
      for (const item of meter.read(events)) {
        if (item.kind === 'error') return end({ kind: 'error-event' })
        if (item.kind === 'end') return end({ kind: 'complete', last: item.bytes })
        if (first) onFirst()
        first = false
        if (!out.write(item.bytes)) body.pause()
      }
    }
    const take = (piece: Buffer) => {
      if (over) return
      const events = splitter.push(piece)
      if (events) passOn(events)
    }
    out.onRoom = () => void body.resume()
    body.on('data', (piece: Buffer) => {
      try {
        take(piece)
      } catch (error) {
        end(error instanceof EventTooLong ? { kind: 'too-long' } : { kind: 'broken', error })
      }
    })
    body.on('end', () => {
      try {
        const events = splitter.end()
        if (events) passOn(events)
      } catch (error) {
        end({ kind: 'broken', error })
      }
      end({ kind: 'ended-early' })
    })
    body.on('error', (error) => end({ kind: 'broken', error }))
    body.on('close', () => end({ kind: 'ended-early' }))
  })
}
