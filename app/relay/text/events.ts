/**
 * Server-Sent Events as WHATWG HTML reads them (9.2.6), found in bytes that nobody touches. A line
 * ends in LF, in CRLF or in CR alone, in any mixture; an empty line ends an event.
 */
export class EventTooLong extends Error {}

const [lf, cr] = [10, 13]
const lineEnd = Buffer.of(cr)
/** Two line ends in a row; a CR with an LF behind it is one. */
const emptyLines = ['\n\n', '\n\r', '\r\r'].map((ends) => Buffer.from(ends))
const [emptyLf, , emptyCr] = emptyLines as [Buffer, Buffer, Buffer]

const isEmptyLine = (end: number | undefined, next: number | undefined) =>
  (end === lf && (next === lf || next === cr)) || (end === cr && next === cr)

/** Where an empty line ends whose two line ends begin at `at`. */
const endOf = (bytes: Buffer, at: number) =>
  at + (bytes[at + 1] === cr && bytes[at + 2] === lf ? 3 : 2)

/** The end of the last whole event in `bytes`, or 0. */
export function lastEventEnd(bytes: Buffer): number {
  const at =
    bytes.lastIndexOf(cr) < 0
      ? bytes.lastIndexOf(emptyLf)
      : Math.max(...emptyLines.map((ends) => bytes.lastIndexOf(ends)))
  return at < 0 ? 0 : endOf(bytes, at)
}

/** The end of the first whole event at or after `from`, or 0. */
export function firstEventEnd(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(lf, from)
  while (at >= 0 && !isEmptyLine(lf, bytes[at + 1])) at = bytes.indexOf(lf, at + 1)
  // One that ends in CRs may lie before it; looked for no further, so that no byte is seen twice.
  const before = bytes.subarray(from, at < 0 ? bytes.length : at + 2).indexOf(emptyCr)
  if (before >= 0) return endOf(bytes, from + before)
  return at < 0 ? 0 : endOf(bytes, at)
}

/** Bytes that come a few at a time, in one piece that grows: none is copied more than a few times. */
class Growing {
  private room = Buffer.alloc(0)
  private used = 0

  constructor(private readonly bytesMax: number) {}

  get length() {
    return this.used
  }

  get lastByte(): number | undefined {
    return this.used > 0 ? this.room[this.used - 1] : undefined
  }

  add(bytes: Buffer) {
    const needed = this.used + bytes.length
    if (needed > this.room.length) {
      const roomy = Math.min(2 * this.room.length, this.bytesMax)
      const grown = Buffer.allocUnsafe(Math.max(needed, roomy))
      this.room.copy(grown, 0, 0, this.used)
      this.room = grown
    }
    bytes.copy(this.room, this.used)
    this.used = needed
  }

  seen(): Buffer {
    return this.room.subarray(0, this.used)
  }

  /** Gives all of it away, and begins anew. */
  take(): Buffer {
    const all = this.seen()
    this.room = Buffer.alloc(0)
    this.used = 0
    return all
  }
}

/** Cuts a stream into whole events. What has come of an unfinished one waits, up to a limit. */
export class EventSplitter {
  private readonly carry: Growing
  /** An LF came last, and then a CR that may be half of a CRLF: it is kept apart until that shows. */
  private isHalf = false

  constructor(private readonly eventBytesMax: number) {
    this.carry = new Growing(eventBytesMax)
  }

  /** Bytes of an event that is not whole. */
  get unfinishedBytes() {
    return this.carry.length + (this.isHalf ? 1 : 0)
  }

  /** What has come of an event that is not whole. */
  rest(): Buffer {
    return this.carry.seen()
  }

  /** Takes the next piece; answers all whole events so far as one buffer, or undefined. */
  push(piece: Buffer): Buffer | undefined {
    if (piece.length === 0) return undefined
    const bytes = this.isHalf ? Buffer.concat([lineEnd, piece]) : piece
    const last = bytes.length - 1
    // Not by `at`, for which V8 leaves its compiled code where bytes are a Buffer's (measured).
    const before = last > 0 ? bytes[last - 1] : this.carry.lastByte
    // Behind another CR it is no half: there lines end in CR alone, and the next event may be far.
    this.isHalf = bytes[last] === cr && before === lf
    return this.cut(this.isHalf ? bytes.subarray(0, -1) : bytes)
  }

  /** The end of the stream: what was half is whole, and an event that it ends is answered. */
  end(): Buffer | undefined {
    if (!this.isHalf) return undefined
    this.isHalf = false
    this.carry.add(lineEnd)
    return this.carry.take()
  }

  private cut(bytes: Buffer): Buffer | undefined {
    const end = lastEventEnd(bytes) || this.endAtSeam(bytes)
    if (end === 0) {
      this.keep(bytes)
      return undefined
    }
    const whole = bytes.subarray(0, end)
    const events = this.carry.length > 0 ? this.join(whole) : whole
    this.keep(bytes.subarray(end))
    return events
  }

  private join(whole: Buffer): Buffer {
    this.carry.add(whole)
    return this.carry.take()
  }

  private keep(bytes: Buffer) {
    if (bytes.length === 0) return
    if (this.carry.length + bytes.length > this.eventBytesMax) throw new EventTooLong()
    this.carry.add(bytes)
  }

  /** An empty line may lie across these bytes and the ones before. */
  private endAtSeam(bytes: Buffer): number {
    if (!isEmptyLine(this.carry.lastByte, bytes[0])) return 0
    return bytes[0] === cr && bytes[1] === lf ? 2 : 1
  }
}

const [colon, space] = [58, 32]
const fields = { data: Buffer.from('data'), event: Buffer.from('event') }
const byteOrderMark = Buffer.from('\uFEFF')

function startsWith(bytes: Buffer, from: number, what: Buffer): boolean {
  for (let i = 0; i < what.length; i++) if (bytes[from + i] !== what[i]) return false
  return true
}

/** Where the value of this field begins, if it is what the line from `from` to `end` is; else -1. */
function valueFrom(bytes: Buffer, from: number, end: number, field: Buffer): number {
  const at = from + field.length
  if (at > end || !startsWith(bytes, from, field)) return -1
  if (at === end) return end
  if (bytes[at] !== colon) return -1
  return bytes[at + 1] === space && at + 1 < end ? at + 2 : at + 1
}

/** The values of an event's fields of this name; a byte order mark before it is passed over. */
function valuesOf(event: Buffer, name: keyof typeof fields): string[] {
  const values: string[] = []
  let newline = -1
  let from = startsWith(event, 0, byteOrderMark) ? byteOrderMark.length : 0
  while (from < event.length) {
    // Found once, however many lines before it end in CR alone.
    if (newline < from) newline = event.indexOf(lf, from)
    if (newline < 0) newline = event.length
    const returned = event.subarray(from, newline).indexOf(cr)
    const end = returned < 0 ? newline : from + returned
    const value = valueFrom(event, from, end, fields[name])
    if (value >= 0) values.push(event.toString('utf8', value, end))
    from = returned >= 0 && end + 1 === newline ? end + 2 : end + 1
  }
  return values
}

/**
 * The data of an event as almost all are: one line of it, at most one before that says what the
 * event is called, and no line end but LFs. Undefined where it is not of that form.
 */
function dataOfUsual(event: Buffer): string | undefined {
  const end = event.length - 2
  if (event[end] !== lf || event[end + 1] !== lf) return undefined
  const first = event.indexOf(lf)
  let from = 0
  if (first !== end) {
    if (valueFrom(event, 0, first, fields.event) < 0) return undefined
    from = first + 1
    if (event.indexOf(lf, from) !== end) return undefined
  }
  const at = valueFrom(event, from, end, fields.data)
  return at >= 0 && event.indexOf(cr) < 0 ? event.toString('utf8', at, end) : undefined
}

/** The data of one event: the values of its `data` fields joined, or undefined when it has none. */
export function dataOf(event: Buffer): string | undefined {
  const usual = dataOfUsual(event)
  if (usual !== undefined) return usual
  const values = valuesOf(event, 'data')
  return values.length ? values.join('\n') : undefined
}

/** The object in the data of an event, or undefined where it holds none. */
export function objectIn(data: string | undefined): Record<string, unknown> | undefined {
  const text = data?.trimStart()
  if (!text?.startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    // Half an event is no text anybody could read.
    return undefined
  }
}

/** Whether a line begins there; a byte order mark before the first one is passed over. */
function isLineStart(bytes: Buffer, at: number): boolean {
  const before = bytes[at - 1]
  if (at === 0 || before === lf || before === cr) return true
  return at === byteOrderMark.length && startsWith(bytes, 0, byteOrderMark)
}

/**
 * Whether a line of these events is one of data, and not of comments alone: no text is made of it,
 * and lines that are none cost no more than their bytes.
 */
export function hasData(events: Buffer): boolean {
  const { data } = fields
  for (let at = events.indexOf(data); at >= 0; at = events.indexOf(data, at + data.length)) {
    if (!isLineStart(events, at)) continue
    const next = events[at + data.length]
    if (next === undefined || next === colon || next === lf || next === cr) return true
  }
  return false
}

/** What an event calls itself, where it does. */
export const nameOf = (event: Buffer): string | undefined => valuesOf(event, 'event').at(-1)
