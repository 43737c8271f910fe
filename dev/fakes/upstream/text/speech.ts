import { sampleOf } from './sample.ts'
import { numberOf, type Script } from '../script.ts'
import { piecesOf, type Piece } from './tokens.ts'
import type { Counts } from '../usage.ts'
import { speak, speakBytes } from './words.ts'

/** What is said, and whether it came to its end before the limit. */
export type Said = { pieces: Piece[]; isWhole: boolean }

// Far above what any test asks for, and still bounded: answers are made in memory.
const bigBytesMax = 80 * 1024 * 1024
const repeatTokensMax = 1_000_000

type Wish = {
  headers: Record<string, unknown>
  /** What [[echo-body]] shows. */
  echo: unknown
  form: { type?: unknown; schema?: unknown } | undefined
  seed: number
}

/** The text of an answer, as long as it would be. */
export function saidPieces(script: Script, { headers, echo, form, seed }: Wish): Piece[] {
  if (script.has('echo-headers')) return piecesOf(JSON.stringify(headers))
  if (script.has('echo-body')) return piecesOf(JSON.stringify(echo))
  if (script.has('unicode')) return piecesOf('你好，世界 🚀 naïve 👩‍👩‍👧‍👦 '.repeat(3))
  const length = Math.min(numberOf(script, 'repeat', 50), repeatTokensMax)
  const spoken = speak(seed, script.has('repeat') ? length : undefined)
  if (form?.type === 'json_schema') return piecesOf(JSON.stringify(sampleOf(form.schema)))
  if (form?.type === 'json_object') return piecesOf(JSON.stringify({ answer: textOf(spoken) }))
  return spoken
}

// A character of several tokens that no longer fits whole is left out whole, so that what was sent
// and what was counted stay the same.
export function cut(pieces: Piece[], tokensMax: number): Said {
  let tokens = 0
  for (const [index, piece] of pieces.entries()) {
    tokens += piece.tokens
    if (tokens > tokensMax) return { pieces: pieces.slice(0, index), isWhole: false }
  }
  return { pieces, isWhole: true }
}

/** The id and the arguments of a call to a tool whose parameters have this schema. */
export function callOf(parameters: unknown, seed: number, tokensMax: number) {
  const args = piecesOf(JSON.stringify(sampleOf(parameters ?? { type: 'object' })))
  return { id: `call_demo${seed.toString(36).padStart(10, '0')}`, said: cut(args, tokensMax) }
}

/** Puts in the one big piece that the script may want. */
export function withBig(pieces: Piece[], script: Script) {
  if (!script.has('big')) return
  const bytes = Math.max(3, Math.min(numberOf(script, 'big', 1_047_552), bigBytesMax))
  pieces.splice(1, 0, speakBytes(bytes))
}

/** How many tokens are thought before anything is said, out of those that there may be. */
export const reasonedOf = (script: Script, tokensMax: number, usual = 0) =>
  Math.min(script.has('reasoning') ? numberOf(script, 'reasoning', 64) : usual, tokensMax)

/** What of a prompt the script wants to have come from a cache, and to have gone into one. */
export function cachedOf(
  script: Script,
  prompt: number,
): Pick<Counts, 'cached' | 'cacheWrite' | 'cacheWrite1h'> {
  const cached = script.has('cached') ? Math.min(numberOf(script, 'cached', 64), prompt) : 0
  const written = script.has('cache-write') ? numberOf(script, 'cache-write', 64) : 0
  return { cached, cacheWrite: Math.min(written, prompt - cached), cacheWrite1h: 0 }
}

export const textOf = (pieces: readonly Piece[]) => pieces.map((piece) => piece.text).join('')

export const tokensOf = (pieces: readonly Piece[]) =>
  pieces.reduce((sum, piece) => sum + piece.tokens, 0)
