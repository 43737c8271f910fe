import { limits } from '../../config/limits.ts'
import { Base64Check } from './base64.ts'
import type { Steps } from './steps.ts'

/** Where a string stands in JSON, with its quotes. */
export type Span = { from: number; to: number }

/** A long string whose text has not been made, because nobody may need it. */
export type Unread = Span & {
  /** How it begins. */
  start: string
  chars: number
  /** All of it is base64, or all behind the comma where it begins with `data:`. */
  isBase64: boolean
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a]

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

/** Where the pieces of a long string stand, with turns for others in between. */
function* piecesOf(json: Buffer, { from, to }: Span, stepBytes: number): Generator<Span> {
  const end = to - 1
  for (let at = from + 1; at < end;) {
    const most = at + stepBytes
    const next = most < end ? endOfPiece(json, at, most) : end
    yield { from: at, to: next }
    at = next
  }
}

const mediaStart = /^(?:data:[^,]*,)?[A-Za-z0-9+/=_%\\-]*$/

/** Whether a long string looks like media; what it is, those say who read it. */
export const isMedia = (json: Buffer, from: number) =>
  mediaStart.test(json.toString('latin1', from, from + 512))

/** The head of a data URL, with nothing in it that JSON writes in another way. */
const plainHead = /^data:[ !#-+\--[\]-~]*,/

/**
 * Looks at what may be a picture, sound or a file, as it stands: it is never made into text, which
 * would take as much again, and ten times the time. Undefined where it is something else.
 */
function* lookAtData(json: Buffer, span: Span, stepBytes: number): Steps<Unread | undefined> {
  if (!isMedia(json, span.from + 1)) return undefined
  const check = new Base64Check()
  let start: string | undefined
  let chars = 0
  for (const { from, to } of piecesOf(json, span, stepBytes)) {
    if (start !== undefined) yield
    let text = json.toString('latin1', from, to)
    if (text.includes('\\')) text = text.replaceAll('\\/', '/')
    chars += text.length
    if (start === undefined) {
      start = text.slice(0, limits.http.json.startChars)
      text = text.slice(plainHead.exec(text)?.[0].length ?? 0)
    }
    if (!check.add(text)) return undefined
  }
  return start !== undefined && check.end() ? { ...span, start, chars, isBase64: true } : undefined
}

/** What JSON.parse makes of one long string, made piece by piece; its text only where it is `kept`. */
function* readText(
  json: Buffer,
  span: Span,
  isKept: boolean,
  stepBytes: number,
): Steps<string | Unread> {
  let start: string | undefined
  let chars = 0
  let text = ''
  for (const { from, to } of piecesOf(json, span, stepBytes)) {
    if (start !== undefined) yield
    const piece = JSON.parse(`"${json.toString('utf8', from, to)}"`) as string
    chars += piece.length
    start ??= piece.slice(0, limits.http.json.startChars)
    if (isKept) text += piece
  }
  return isKept ? text : { ...span, start: start ?? '', chars, isBase64: false }
}

/** Whether the string is the name of a member: what has only these behind it is one. */
function isName(json: Buffer, { to }: Span): boolean {
  let at = to
  while (json[at] === 0x20 || json[at] === 0x09 || json[at] === 0x0a || json[at] === 0x0d) at++
  return json[at] === colon
}

/**
 * Reads a long string in steps, as JSON.parse would. Of media, and of what is too long to be
 * counted, no text is made. Throws where JSON.parse would.
 */
export function* readLong(json: Buffer, span: Span, stepBytes: number): Steps<string | Unread> {
  if (span.to - span.from < 2 || json[span.to - 1] !== quote)
    throw new SyntaxError('a string without an end')
  if (isName(json, span)) return yield* readText(json, span, true, stepBytes)
  const data = yield* lookAtData(json, span, stepBytes)
  if (data) return data
  return yield* readText(json, span, span.to - span.from <= limits.tokens.exactBytesMax, stepBytes)
}
