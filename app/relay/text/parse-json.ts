import { randomUUID } from 'node:crypto'
import { limits } from '../../config/limits.ts'
import type { Steps } from './steps.ts'

/** Where a string stands in JSON, with its quotes. */
export type Span = { from: number; to: number }

const [quote, backslash] = [0x22, 0x5c]

/** Whether the byte belongs to the character before it (RFC 3629, section 3). */
const isWithinCharacter = (byte: number | undefined) => ((byte ?? 0) & 0xc0) === 0x80

/**
 * The end of a piece of a string of about so many bytes, so that no character and no escape is cut
 * through. `from` is the end of the piece before, a dozen bytes or more before `most`: no character
 * with the escape before it is longer.
 */
function endOfPiece(json: Buffer, from: number, most: number): number {
  let to = most
  while (isWithinCharacter(json[to])) to--
  // Of six bytes at most, as in \u00e9; one whose backslash is further back has ended.
  const least = Math.max(from, to - 5)
  let last = to - 1
  while (last >= least && json[last] !== backslash) last--
  if (last < least) return to
  let first = last
  while (first > from && json[first - 1] === backslash) first--
  const isEscape = (last - first) % 2 === 0
  return isEscape ? last : to
}

/** What JSON.parse makes of one long string, made piece by piece. */
function* readString(json: Buffer, { from, to }: Span, stepBytes: number): Steps<string> {
  if (to - from < 2 || json[to - 1] !== quote) throw new SyntaxError('a string without an end')
  const end = to - 1
  let text = ''
  for (let at = from + 1; at < end;) {
    if (at > from + 1) yield
    const most = at + stepBytes
    const next = most < end ? endOfPiece(json, at, most) : end
    text += JSON.parse(`"${json.toString('utf8', at, next)}"`) as string
    at = next
  }
  return text
}

/** Puts back what was taken out, wherever it stands: values, and names of members. */
function restore(value: unknown, taken: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return taken.get(value) ?? value
  if (typeof value !== 'object' || value === null) return value
  const holder = value as Record<string, unknown>
  for (const name of Object.keys(holder)) {
    const member = holder[name]
    if (typeof member === 'string' || typeof member === 'object')
      holder[name] = restore(member, taken)
    const ownName = taken.get(name)
    if (ownName === undefined) continue
    // As JSON.parse does it: assigned, one name would be no member.
    const descriptor = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor
    delete holder[name]
    Object.defineProperty(holder, ownName, descriptor)
  }
  return holder
}

/**
 * What JSON.parse makes of these bytes, in steps of some milliseconds: its long strings, which a
 * scan has found, are read by themselves, and in pieces, and something short stands for them
 * meanwhile that nobody can have written. Twenty megabytes at once would keep everybody waiting for
 * a quarter of a second, and take twice the memory. Throws where JSON.parse would.
 */
export function* parseJson(
  json: Buffer,
  long: readonly Span[],
  stepBytes: number = limits.http.json.stepBytes,
): Steps<unknown> {
  if (long.length === 0) return JSON.parse(json.toString('utf8'))
  const mark = randomUUID()
  const taken = new Map<string, string>()
  let rest = ''
  let from = 0
  let bytes = 0
  for (const span of long) {
    const name = `${mark} ${taken.size}`
    taken.set(name, yield* readString(json, span, stepBytes))
    rest += `${json.toString('utf8', from, span.from)}"${name}"`
    bytes += span.to - from
    from = span.to
    if (bytes < stepBytes) continue
    bytes = 0
    yield
  }
  rest += json.toString('utf8', from)
  yield
  return restore(JSON.parse(rest), taken)
}
