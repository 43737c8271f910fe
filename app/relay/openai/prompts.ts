import type { PricedModel } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { badRequest } from '../../errors/refusal.ts'
import { figureInEnglish } from '../../errors/english.ts'
import { putBack } from '../text/parse-json.ts'
import type { Steps } from '../text/steps.ts'
import { countTokensOf } from '../text/count-tokens.ts'
import { encodingOf } from '../text/tokens.ts'
import type { ParsedBody } from './json-request.ts'

const { idMax, exactBytesMax, perCall, perMessage } = limits.tokens

/** What a model is to read, each by itself: texts, or tokens that the client has made. */
export type Prompts = {
  /** How many there are: at least one. */
  count: number
  /** Those that are text; none where they are too long to be counted. */
  texts: string[]
  /** What all of them are as they were written, or how many tokens they are. */
  most: number
  /** Tokens that are given by their numbers, in all. */
  tokens: number
}

const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number')
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

/** Refuses what is no number of a token: nobody can have it read. */
function checkTokens(tokens: number[], at: string) {
  if (tokens.length === 0) throw badRequest(`'${at}' must hold at least one token.`, at)
  const odd = tokens.findIndex((token) => !Number.isInteger(token) || token < 0 || token > idMax)
  if (odd >= 0)
    throw badRequest('A token must be a whole number that a model has.', `${at}[${odd}]`)
}

function checkTexts(texts: string[], name: string, nameOf: (at: number) => string) {
  const odd = texts.indexOf('')
  if (odd >= 0) throw badRequest(`'${name}' cannot be an empty string.`, nameOf(odd))
}

/** The lists of tokens in a value, or undefined where it holds texts; refuses what is neither. */
function tokensIn(value: unknown, name: string): number[][] | undefined {
  if (typeof value === 'string' || (isTexts(value) && value.length > 0)) return undefined
  const isEmpty = Array.isArray(value) && value.length === 0
  if (isEmpty) throw badRequest(`'${name}' must hold at least one text.`, name)
  if (isTokens(value)) {
    checkTokens(value, name)
    return [value]
  }
  if (!Array.isArray(value) || !value.every(isTokens)) {
    const forms = 'a text, a list of texts, a list of tokens or a list of lists of tokens'
    throw badRequest(`'${name}' must be ${forms}.`, name)
  }
  for (const [at, tokens] of value.entries()) checkTokens(tokens, `${name}[${at}]`)
  return value
}

function refuseTooLong(tokens: number[][], name: string, { name: of, contextTokens }: PricedModel) {
  const odd = tokens.find(({ length }) => length > contextTokens)
  if (!odd) return
  const most = figureInEnglish(contextTokens)
  throw badRequest(`${of} reads at most ${most} tokens; there are ${odd.length}.`, name)
}

/**
 * Reads the member of a body that says what is to be read, in steps. Throws `Refused` for what is
 * neither text nor tokens, nothing at all, more than `countMax`, or longer than the model reads.
 */
export function* readPrompts(
  parsed: ParsedBody,
  name: string,
  { countMax, model }: { countMax: number; model: PricedModel },
): Steps<Prompts> {
  const { raw, scan, body, unread } = parsed
  const member = scan.members.get(name)
  if (!member || (body[name] ?? null) === null)
    throw badRequest(`Missing required parameter: '${name}'.`, name)
  const list = Array.isArray(body[name]) && !isTokens(body[name]) ? body[name].length : 1
  if (list > countMax) {
    const most = figureInEnglish(countMax)
    throw badRequest(`'${name}' must hold at most ${most} texts; there are ${list}.`, name)
  }
  const tokens = tokensIn(body[name], name)
  if (tokens) {
    refuseTooLong(tokens, name, model)
    const sum = tokens.reduce((all, { length }) => all + length, 0)
    return { count: tokens.length, texts: [], most: sum, tokens: sum }
  }
  const bytes = member.to - member.valueFrom
  const isCounted = bytes <= exactBytesMax
  if (isCounted) yield* putBack({ value: body, unread }, raw)
  const texts = [body[name]].flat() as string[]
  checkTexts(texts, name, (at) => (Array.isArray(body[name]) ? `${name}[${at}]` : name))
  // As JSON they are longer than they are.
  return { count: texts.length, texts: isCounted ? texts : [], most: bytes, tokens: 0 }
}

/** What a model may put around each of its texts, and around all of them. */
const around = ({ count }: Prompts) => count * perMessage + perCall

/** The most tokens that the input can be, at once: no token is shorter than a byte. */
export const mostTokens = (prompts: Prompts, { contextTokens }: PricedModel): number =>
  Math.min(prompts.most + around(prompts), prompts.count * contextTokens)

/** The same counted exactly, where anybody here has the model's own tokens. */
export async function countedMost(prompts: Prompts, model: PricedModel): Promise<number> {
  const most = mostTokens(prompts, model)
  const encoding = encodingOf(model.name)
  if (prompts.texts.length === 0 || !encoding) return most
  const counted = await countTokensOf(prompts.texts, 'hold', encoding)
  return Math.min(most, counted + around(prompts))
}

/** Tokens of input for a bill, where the upstream has not said how many there were. */
export async function countedInput(prompts: Prompts, model: PricedModel): Promise<number> {
  const { texts, tokens, count, most } = prompts
  const isText = texts.length > 0
  const counted = isText ? await countTokensOf(texts, 'bill', encodingOf(model.name)) : 0
  const isTooLong = !isText && tokens === 0
  return Math.min(isTooLong ? most : counted + tokens, count * model.contextTokens)
}

/** What is kept of it beside the body, in bytes. */
export const keptBytes = ({ texts }: Prompts): number =>
  2 * texts.reduce((sum, { length }) => sum + length, 0)
