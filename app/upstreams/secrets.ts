import { limits } from '../config/limits.ts'
import type { OwnHeaders } from './upstream.ts'

const { pieceChars } = limits.upstreams
/** What looks like some key, whoever's it is, also where its middle is left out. */
const anyKey = /\bsk-[^\s"']{4,}|\bbearer\s+(?=\S*\d)\S{8,}/i

const known = new WeakMap<OwnHeaders, readonly string[]>()

/** Base64 of a text, wherever in a longer one it begins: without what its neighbours change. */
const encodings = (secret: string) =>
  [0, 1, 2].map((before) =>
    Buffer.from(`${' '.repeat(before)}${secret}`)
      .toString('base64url')
      .slice(before === 0 ? 0 : 4, -3),
  )

function piecesOf(headers: OwnHeaders, credential: string | undefined): readonly string[] {
  const found = known.get(headers)
  if (found) return found
  const sent = (credential !== undefined && headers[credential]) || ''
  const secret = sent.slice(sent.lastIndexOf(' ') + 1)
  const pieces = new Set<string>()
  for (const whole of secret === '' ? [] : [secret, ...encodings(secret)]) {
    if (whole.length < pieceChars) pieces.add(whole.toLowerCase())
    for (let at = 0; at + pieceChars <= whole.length; at++)
      pieces.add(whole.slice(at, at + pieceChars).toLowerCase())
  }
  const all = [...pieces].filter((it) => it !== '')
  known.set(headers, all)
  return all
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
  // The other alphabet of base64 is the same but for two letters.
  const plain = text.toLowerCase().replaceAll('+', '-').replaceAll('/', '_')
  return piecesOf(headers, credential).some(
    (piece) => plain.includes(piece) || text.toLowerCase().includes(piece),
  )
}
