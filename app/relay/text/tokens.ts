import { createRequire } from 'node:module'
import { limits } from '../../config/limits.ts'

const { sliceChars, runCharsMax } = limits.tokens

type Encoding = { countTokens(text: string, options: { disallowedSpecial: Set<string> }): number }

// The tables take a third of a second to load; `loadTokenizer` does it before the first call.
const require = createRequire(import.meta.url)
let encoding: Encoding | undefined
/** Loads the tables of o200k_base, which all current OpenAI models share. */
export function loadTokenizer(): Encoding {
  return (encoding ??= require('gpt-tokenizer/encoding/o200k_base') as Encoding)
}

/** The pieces in which texts are counted, each of a bounded time. */
export function* slicesOf(texts: Iterable<string>): Generator<string> {
  for (const text of texts) {
    for (let from = 0; from < text.length;) {
      const slice = text.slice(from, from + sliceChars)
      const isLast = from + slice.length === text.length
      const space = isLast ? -1 : slice.lastIndexOf(' ')
      const whole = space > 0 ? slice.slice(0, space) : slice
      yield whole
      from += whole.length
    }
  }
}

const longRun = new RegExp(`\\S{${runCharsMax}}|\\s{${runCharsMax}}`, 'g')
const none = new Set<string>()

/** Counts one of the slices. */
export function countSlice(text: string): number {
  const { countTokens } = loadTokenizer()
  const options = { disallowedSpecial: none }
  if (text.length <= runCharsMax) return countTokens(text, options)
  let tokens = 0
  let from = 0
  for (const run of text.matchAll(longRun)) {
    const to = run.index + run[0].length
    tokens += countTokens(text.slice(from, to), options)
    from = to
  }
  return from < text.length ? tokens + countTokens(text.slice(from), options) : tokens
}

/** Counts at once; for texts of a few kilobytes. */
export function countTokensNow(text: string): number {
  let sum = 0
  for (const slice of slicesOf([text])) sum += countSlice(slice)
  return sum
}
