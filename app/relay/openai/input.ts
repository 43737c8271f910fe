import type { PricedModel } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { countTokensOf } from '../text/count-tokens.ts'
import type { Scan } from '../text/json-members.ts'
import { encodingOf } from '../text/tokens.ts'
import { unescaped } from '../text/unescaped.ts'
import { spansOf, textBytesOf, withoutData, type Media } from './media.ts'

/** What bounds the input of a call whose body is an object of JSON. */
type Input = {
  model: PricedModel
  raw: Buffer
  /** Of the body, also where it is let go. */
  bytes: number
  scan: Scan
  media: Media
  /** The members in which the client names a limit. */
  limitMembers: readonly string[]
}

/**
 * Everything in the body that is not certainly media may be read; no token is shorter than a byte.
 * `beside`: what is counted by rule, because no tokenizer sees it.
 */
export const mostInput = ({ bytes, media, model }: Input, beside: number): number =>
  media.unsized ? model.contextTokens : textBytesOf(bytes, media) + beside

/**
 * The text without media, and without the numbers of its limits: what fits must not depend on how
 * long they are. Undefined where it is more than is counted.
 */
function textOf({ raw, scan, limitMembers, media }: Input): string | undefined {
  const numbers = limitMembers.flatMap((name) => scan.members.get(name) ?? [])
  const cuts = [
    ...numbers.map(({ valueFrom, to }) => ({ from: valueFrom, to, by: '' })),
    ...spansOf(media).map(({ from, to }) => ({ from: from + 1, to: to - 1, by: ' ' })),
  ].sort((a, b) => a.from - b.from)
  const written = numbers.reduce((sum, { valueFrom, to }) => sum + to - valueFrom, 0)
  if (textBytesOf(raw.length, media) - written > limits.tokens.exactBytesMax) return undefined
  let rest = ''
  let at = 0
  for (const { from, to, by } of cuts) {
    rest += raw.toString('utf8', at, from) + by
    at = to
  }
  return withoutData(rest + raw.toString('utf8', at), media)
}

/**
 * The same bound with the text counted exactly. All text of the body counts, wherever it stands:
 * what reads it, and what it feeds to the model, is not ours to know. Where nobody here has the
 * model's tokenizer the bytes stand: another one makes up to eight times as many tokens of some
 * scripts.
 */
export async function exactInput(input: Input, beside: number): Promise<number> {
  const most = mostInput(input, beside)
  if (input.media.unsized) return most
  const text = textOf(input)
  const bytes = Buffer.byteLength(text ?? '')
  if (text === undefined || bytes > limits.tokens.exactBytesMax) return most
  const encoding = encodingOf(input.model.name)
  const tokens = encoding ? await countTokensOf([await unescaped(text)], 'hold', encoding) : bytes
  return Math.min(most, tokens + beside)
}
