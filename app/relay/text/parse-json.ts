import { randomUUID } from 'node:crypto'
import { limits } from '../../config/limits.ts'
import { JsonCursor } from './json-cursor.ts'
import { readLong, type Span, type Unread } from './long-strings.ts'
import type { Steps } from './steps.ts'

/** What JSON holds, and what stands for those of its strings that have not been read. */
export type Parsed = { value: unknown; unread: Map<string, Unread> }

const [comma, colon, quote] = [0x2c, 0x3a, 0x22]
const [listStart, listEnd, objectStart, objectEnd] = [0x5b, 0x5d, 0x7b, 0x7d]

/** A list or an object on the way, and the name of the member that comes. */
type Open = { holder: unknown[] | Record<string, unknown>; name: string }

/** As JSON.parse does it: simply assigned, one name would be no member. */
function assign(holder: Record<string, unknown>, name: string, value: unknown) {
  if (name !== '__proto__') holder[name] = value
  else {
    const own = { value, writable: true, enumerable: true, configurable: true }
    Object.defineProperty(holder, name, own)
  }
}

function put({ holder, name }: Open, value: unknown) {
  if (Array.isArray(holder)) holder.push(value)
  else assign(holder, name, value)
}

/** Reads the strings of a body: long ones in steps, and some of those not at all. */
class Strings {
  readonly unread = new Map<string, Unread>()
  private readonly mark = randomUUID()
  private readonly long: ReadonlyMap<number, Span>

  constructor(
    private readonly cursor: JsonCursor,
    long: readonly Span[],
    private readonly stepBytes: number,
  ) {
    this.long = new Map(long.map((span) => [span.from, span]))
  }

  *read(): Steps<string> {
    const { cursor } = this
    const span = this.long.get(cursor.at)
    if (!span) return cursor.readString()
    const read = yield* readLong(cursor.json, span, this.stepBytes)
    cursor.at = span.to
    if (typeof read === 'string') return read
    // Nobody can have written it, and whoever looks at how it begins, or whether it is long, sees
    // what it is.
    const standIn = `${read.start} ${this.mark} ${this.unread.size}`
    this.unread.set(standIn, read)
    return standIn
  }

  *readName(of: Open): Steps<void> {
    if (this.cursor.next !== quote) this.cursor.expect(quote)
    of.name = yield* this.read()
    this.cursor.expect(colon)
  }
}

/**
 * What JSON.parse makes of these bytes, in steps of less than a millisecond: twenty megabytes at
 * once would keep everybody waiting for a quarter of a second. Its long strings, which a scan has
 * found, are read in pieces; of media, and of text that is too long to be counted, no text is made:
 * something short stands for it until `putBack` reads it after all. Throws where JSON.parse would.
 */
export function* parseJson(
  json: Buffer,
  long: readonly Span[],
  stepBytes: number = limits.http.json.stepBytes,
): Steps<Parsed> {
  if (json.length <= stepBytes && long.length === 0)
    return { value: JSON.parse(json.toString('utf8')), unread: new Map() }
  const cursor = new JsonCursor(json)
  const strings = new Strings(cursor, long, stepBytes)
  const open: Open[] = []
  let restAt = stepBytes
  for (;;) {
    // Any value takes as long as so many bytes of text.
    restAt -= limits.http.json.bytesAValue
    if (cursor.at >= restAt) {
      restAt = cursor.at + stepBytes
      yield
    }
    let value: unknown
    const { next } = cursor
    if (next === objectStart || next === listStart) {
      cursor.at++
      const isList = next === listStart
      const opened: Open = { holder: isList ? [] : {}, name: '' }
      if (!cursor.take(isList ? listEnd : objectEnd)) {
        open.push(opened)
        if (!isList) yield* strings.readName(opened)
        continue
      }
      value = opened.holder
    } else value = next === quote ? yield* strings.read() : cursor.readWord()
    for (let last = open.at(-1); ; last = open.at(-1)) {
      if (!last) {
        if (cursor.next !== undefined) throw new SyntaxError('something behind the end')
        return { value, unread: strings.unread }
      }
      put(last, value)
      const isList = Array.isArray(last.holder)
      if (cursor.take(comma)) {
        if (!isList) yield* strings.readName(last)
        break
      }
      cursor.expect(isList ? listEnd : objectEnd)
      value = last.holder
      open.pop()
    }
  }
}

/** Puts texts where something else stands for them. */
function restore(value: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return texts.get(value) ?? value
  if (typeof value !== 'object' || value === null) return value
  const holder = value as Record<string, unknown>
  for (const name of Object.keys(holder)) {
    const member = holder[name]
    if (typeof member === 'string') {
      const text = texts.get(member)
      if (text !== undefined) assign(holder, name, text)
    } else if (typeof member === 'object') restore(member, texts)
  }
  return holder
}

/** Reads what has not been read, and puts it where it stands. */
export function* putBack({ value, unread }: Parsed, json: Buffer): Steps<unknown> {
  if (unread.size === 0) return value
  const texts = new Map<string, string>()
  for (const [standIn, { from, to }] of unread) {
    texts.set(standIn, JSON.parse(json.toString('utf8', from, to)) as string)
    yield
  }
  return restore(value, texts)
}
