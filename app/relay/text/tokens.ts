import { createRequire } from 'node:module'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
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

function* slices(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + sliceChars)
    if (to < text.length) {
      const space = text.lastIndexOf(' ', to)
      if (space > from) to = space
    }
    yield text.slice(from, to)
    from = to
  }
}

const longRun = new RegExp(`\\S{${runCharsMax}}|\\s{${runCharsMax}}`, 'g')
const none = new Set<string>()

function countSlice(text: string): number {
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
  for (const slice of slices(text)) sum += countSlice(slice)
  return sum
}

/** Counts a text of any length, letting other calls go on in between. */
export async function countTokens(text: string): Promise<number> {
  let sum = 0
  for (const slice of slices(text)) {
    sum += countSlice(slice)
    if (text.length > sliceChars) await yieldToOthers()
  }
  return sum
}
