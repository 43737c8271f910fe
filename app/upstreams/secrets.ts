import { limits } from '../config/limits.ts'
import type { OwnHeaders } from './upstream.ts'

const { pieceChars, secretCharsLeast } = limits.upstreams
/** What looks like some key, whoever's it is, also where its middle is left out. */
const anyKey = /\bsk-[^\s"']{4,}|\bbearer\s+(?=\S*\d)\S{8,}/i

/** What a text must not hold, in lower case. */
type Pieces = {
  /** Whole ones that have no such pieces. */
  short: readonly string[]
  /** All of so many characters: a text is looked through once, however long a key is. */
  long: ReadonlySet<string>
}

const known = new WeakMap<OwnHeaders, Pieces>()

/** Base64 of a text, wherever in a longer one it begins: without what its neighbours change. */
const encodings = (secret: string) =>
  [0, 1, 2].map((before) =>
    Buffer.from(`${' '.repeat(before)}${secret}`)
      .toString('base64url')
      .slice(before === 0 ? 0 : 4, -3),
  )

function piecesOf(headers: OwnHeaders, credential: string | undefined): Pieces {
  const found = known.get(headers)
  if (found) return found
  const sent = (credential !== undefined && headers[credential]) || ''
  const secret = sent.slice(sent.lastIndexOf(' ') + 1)
  const isSecret = secret.length >= secretCharsLeast
  const wholes = isSecret ? [secret, ...encodings(secret)].map((it) => it.toLowerCase()) : []
  const short = wholes.filter(({ length }) => length >= secretCharsLeast && length < pieceChars)
  const pieces = { short, long: new Set(wholes.flatMap((it) => [...piecesIn(it)])) }
  known.set(headers, pieces)
  return pieces
}

function* piecesIn(text: string): Iterable<string> {
  for (let at = 0; at + pieceChars <= text.length; at++) yield text.slice(at, at + pieceChars)
}

function holds(text: string, { short, long }: Pieces): boolean {
  for (const whole of short) if (text.includes(whole)) return true
  for (let at = 0; at + pieceChars <= text.length; at++)
    if (long.has(text.slice(at, at + pieceChars))) return true
  return false
}

/**
 * Whether a text from an upstream tells the key that was sent there, as it is or in base64, or
 * anything that looks like one: then nobody else may read it. `credential` is the header that the
 * key is in.
 */
export function tellsSecret(
  text: string,
  headers: OwnHeaders,
  credential: string | undefined,
): boolean {
  if (anyKey.test(text)) return true
  const pieces = piecesOf(headers, credential)
  const lower = text.toLowerCase()
  // The other alphabet of base64 is the same but for two letters.
  const plain = lower.replaceAll('+', '-').replaceAll('/', '_')
  return holds(lower, pieces) || (plain !== lower && holds(plain, pieces))
}
