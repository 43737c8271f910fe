import { hasData } from './events.ts'

const [lf, cr, colon] = [10, 13, 58]
const field = 'data'
const dataField = Buffer.from(field)
const nothing = Buffer.alloc(0)

const isLineEnd = (byte: number | undefined) => byte === lf || byte === cr
/** Byte by byte: a piece that is made of them costs more than all the rest. */
function isOfData(line: Buffer): boolean {
  for (let i = 0; i < dataField.length; i++) if (line[i] !== dataField[i]) return false
  return line[dataField.length] === colon
}

/** Where the first line ends, or the end of the bytes. */
function firstLineEnd(bytes: Buffer): number {
  const newline = bytes.indexOf(lf)
  const returned = (newline < 0 ? bytes : bytes.subarray(0, newline)).indexOf(cr)
  if (returned >= 0) return returned
  return newline < 0 ? bytes.length : newline
}

/**
 * Tells of each piece of a stream, cut wherever the network likes, whether it has anything of a
 * line of data. Each byte is looked at once: nothing is kept but the first letters of a line.
 */
export class DataLines {
  /** What the last piece ended in the middle of. */
  private line: 'none' | 'data' | 'other' = 'none'
  /** Of a line of which it does not show yet what it is. */
  private begun = nothing

  take(piece: Buffer): boolean {
    if (piece.length === 0) return false
    const bytes = this.begun.length > 0 ? Buffer.concat([this.begun, piece]) : piece
    const { line } = this
    this.noteEnd(bytes)
    if (line === 'data' && !isLineEnd(bytes[0])) return true
    const { begun } = this
    return this.hasLine(begun.length > 0 ? bytes.subarray(0, -begun.length) : bytes, line)
  }

  private hasLine(bytes: Buffer, line: typeof this.line): boolean {
    if (line !== 'none') return hasData(bytes.subarray(firstLineEnd(bytes)))
    return isOfData(bytes) || hasData(bytes)
  }

  private noteEnd(bytes: Buffer) {
    if (this.begun.length > 0) this.begun = nothing
    // As almost every piece does.
    if (isLineEnd(bytes[bytes.length - 1])) {
      this.line = 'none'
      return
    }
    const from = Math.max(bytes.lastIndexOf(lf), bytes.lastIndexOf(cr)) + 1
    if (from === 0 && this.line !== 'none') return
    const last = bytes.subarray(from)
    const isOpen = last.length <= dataField.length && field.startsWith(last.toString('latin1'))
    if (isOpen) this.begun = Buffer.from(last)
    this.line = isOpen ? 'none' : isOfData(last) ? 'data' : 'other'
  }
}
