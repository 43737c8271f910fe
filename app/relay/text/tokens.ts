import { createRequire } from 'node:module'
import { limits } from '../../config/limits.ts'

const { sliceChars, runCharsMax } = limits.tokens

type Tokenizer = {
  countTokens(text: string, options: { disallowedSpecial: Set<string> }): number
}

/** The tables by which a text becomes tokens, by OpenAI's names of them. */
export type Encoding = 'o200k_base' | 'cl100k_base'

/** Whether a figure of an upstream's can be a number of tokens, or of anything else that is counted. */
export const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= limits.tokens.absurd

/** A model's name without whose it is, as gateways write them: `openai/gpt-4o`. */
export const baseOf = (model: string) => model.slice(model.lastIndexOf('/') + 1)

const older = /^(?:gpt-(?:4(?![.o\d])|3\.?5)|text-embedding-(?:3-|ada-002)|(?:davinci|babbage)-002)/
const newer = /^(?:gpt-4o|gpt-4\.[1-9]|gpt-[5-9]|gpt-oss|chatgpt-|codex-|o[1-9])/

/**
 * How a model makes tokens of a text (as OpenAI's tiktoken has it); undefined for those of other
 * makers, whose tokens nobody here can count.
 */
export function encodingOf(model: string): Encoding | undefined {
  const base = baseOf(model)
  if (older.test(base)) return 'cl100k_base'
  return newer.test(base) ? 'o200k_base' : undefined
}

/** What others are charged by: it makes the fewest tokens of any text, so nobody pays for more. */
export const usualEncoding: Encoding = 'o200k_base'

// The tables take a third of a second to load; `loadTokenizer` does it before the first call.
const require = createRequire(import.meta.url)
const tokenizers: Partial<Record<Encoding, Tokenizer>> = {}
/** Loads tables: those that all current OpenAI models share, unless it says others. */
export const loadTokenizer = (encoding: Encoding = usualEncoding): Tokenizer =>
  (tokenizers[encoding] ??= require(`gpt-tokenizer/encoding/${encoding}`) as Tokenizer)

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
export function countSlice(text: string, encoding?: Encoding): number {
  const { countTokens } = loadTokenizer(encoding)
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
