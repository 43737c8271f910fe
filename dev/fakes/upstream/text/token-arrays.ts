import { ErrorAnswer } from '../errors.ts'
import { countText } from './tokens.ts'

/** A text, or the tokens of one. */
export type TextOrTokens = string | number[]

// One more than the last of the encoding that embeddings and instruct models have.
const tokensEnd = 100_277

const isToken = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0

const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(isToken)

/** One text or many, as texts or as tokens, as a list; or what is wrong with it. */
export function textsIn(value: unknown, member: string): TextOrTokens[] | ErrorAnswer {
  const texts = listIn(value)
  if (!texts) return new ErrorAnswer(400, `'$.${member}' is invalid.`, null, member)
  const foreign = texts.some((it) => typeof it !== 'string' && it.some((at) => at >= tokensEnd))
  return foreign ? new ErrorAnswer(400, `Invalid token in '${member}'.`, null, member) : texts
}

function listIn(value: unknown): TextOrTokens[] | undefined {
  if (typeof value === 'string') return [value]
  if (isTokens(value)) return [value]
  if (!Array.isArray(value) || value.length === 0) return undefined
  const items: unknown[] = value
  const areTexts = items.every((item) => typeof item === 'string')
  return areTexts || items.every(isTokens) ? (items as TextOrTokens[]) : undefined
}

export const countOf = (text: TextOrTokens) =>
  typeof text === 'string' ? countText(text) : text.length

/** What a text is known by, and where sentinels may stand. */
export const wordsOf = (text: TextOrTokens) => (typeof text === 'string' ? text : text.join(' '))
