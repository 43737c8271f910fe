/**
 * Cuts a byte stream into whole Server-Sent Events without touching a byte (WHATWG HTML, 9.2.6;
 * line ends LF and CRLF, also mixed). What has come of an unfinished event waits, up to a limit.
 */
export class EventTooLong extends Error {}

const emptyLine = Buffer.from('\n\n')
const emptyCrlfLine = Buffer.from('\n\r\n')

/** The end of the last whole event in `bytes`, or 0. An event ends with an empty line. */
export function lastEventEnd(bytes: Buffer): number {
  const lf = bytes.lastIndexOf(emptyLine)
  const crlf = bytes.lastIndexOf(emptyCrlfLine)
  return Math.max(lf < 0 ? 0 : lf + 2, crlf < 0 ? 0 : crlf + 3)
}

/** The end of the first whole event at or after `from`, or 0. */
export function firstEventEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(10, from); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 2
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3
  }
  return 0
}

/** How far an event's end can reach back over the seam between two pieces. */
const seamBytes = 2

export class EventSplitter {
  private carry: Buffer[] = []
  private carryBytes = 0

  constructor(private readonly eventBytesMax: number) {}

  /** Bytes of an event that is not whole. */
  get unfinishedBytes() {
    return this.carryBytes
  }

  /** Takes the next piece; answers all whole events so far as one buffer, or undefined. */
  push(piece: Buffer): Buffer | undefined {
    const end = lastEventEnd(piece) || this.endAtSeam(piece)
    if (end === 0) {
      this.keep(piece)
      return undefined
    }
    const whole = piece.subarray(0, end)
    const events = this.carry.length ? Buffer.concat([...this.carry, whole]) : whole
    this.carry = []
    this.carryBytes = 0
    if (end < piece.length) this.keep(piece.subarray(end))
    return events
  }

  private keep(piece: Buffer) {
    if (piece.length === 0) return
    this.carry.push(piece)
    this.carryBytes += piece.length
    if (this.carryBytes > this.eventBytesMax) throw new EventTooLong()
  }

  /** The event's end may lie across this piece and the one before. */
  private endAtSeam(piece: Buffer): number {
    if (this.carryBytes === 0) return 0
    const before = this.lastBytes()
    const seam = Buffer.concat([before, piece.subarray(0, seamBytes)])
    const end = lastEventEnd(seam)
    return end > before.length ? end - before.length : 0
  }

  private lastBytes(): Buffer {
    // Where bytes are carried there is a piece that they are in.
    const last = this.carry.at(-1)!
    if (last.length >= seamBytes || this.carry.length === 1) return last.subarray(-seamBytes)
    return Buffer.concat(this.carry.slice(-seamBytes)).subarray(-seamBytes)
  }
}

/** The data of one event: its `data:` lines joined, or undefined when it has none. */
export function dataOf(event: Buffer): string | undefined {
  const lines: string[] = []
  for (const line of event
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)) {
    if (line.startsWith('data:')) lines.push(line.slice(line.charCodeAt(5) === 32 ? 6 : 5))
  }
  return lines.length ? lines.join('\n') : undefined
}
