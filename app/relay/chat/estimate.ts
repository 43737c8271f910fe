import { askFor } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import type { Ask } from '../../ledger/ledger.server.ts'
import type { ChatCall, Message } from './request.ts'
import { countTokens } from '../text/tokens.ts'

type Part = { type?: unknown; text?: unknown; [key: string]: unknown }
type Media = { images: number; audioChars: number; files: number; chars: number }

const dataChars = (value: unknown): number => (typeof value === 'string' ? value.length : 0)

/** What stands in the messages beside text: counted by rule, because its bytes are not tokens. */
function findMedia(messages: Message[]): Media {
  const media: Media = { images: 0, audioChars: 0, files: 0, chars: 0 }
  for (const { content } of messages) {
    if (!Array.isArray(content)) continue
    for (const part of content as Part[]) {
      if (part?.type === 'image_url') {
        media.images++
        media.chars += dataChars(
          (part.image_url as { url?: unknown } | undefined)?.url ?? part.image_url,
        )
      } else if (part?.type === 'input_audio') {
        const chars = dataChars((part.input_audio as { data?: unknown } | undefined)?.data)
        media.audioChars += chars
        media.chars += chars
      } else if (part?.type === 'file') media.files++
    }
  }
  return media
}

/** How generously to count what no tokenizer sees: for a hold the most, for a bill the usual. */
type Rule = { perMessage: number; perCall: number; perImage(model: string): number }

const mostRule: Rule = {
  perMessage: limits.tokens.perMessage,
  perCall: limits.tokens.perCall,
  perImage: (model) =>
    model === 'gpt-4o-mini' ? limits.tokens.perImageDearest : limits.tokens.perImage,
}
const usualRule: Rule = { perMessage: 3, perCall: 3, perImage: () => limits.tokens.perImageUsual }

const mediaTokens = ({ images, audioChars }: Media, model: string, rule: Rule) =>
  images * rule.perImage(model) + Math.ceil(audioChars / limits.tokens.audioBytesPerToken)

const overhead = (messages: Message[], rule: Rule) =>
  rule.perCall + messages.length * rule.perMessage

function ask(call: ChatCall, inputTokens: number): Ask {
  const { model, outputTokensWanted, choices, predictionBytes, serviceTier } = call
  const bound = {
    // No call has more input than the model reads; a file may hold anything up to that.
    inputTokens: Math.min(inputTokens, model.contextTokens),
    outputTokensWanted,
    outputTokensMax: model.outputTokensMax,
    choices,
  }
  const result = askFor(model.price.terms, bound, serviceTier)
  // A prediction that is not followed is charged as output on top of the answer.
  result.inputScaled += result.outputScaledPerToken * BigInt(predictionBytes)
  return result
}

/**
 * The most a call can cost, from its bytes alone: no token is shorter than a byte. Costs nothing to
 * find and fits almost every call.
 */
export function estimateByBytes(call: ChatCall): Ask {
  const media = findMedia(call.messages)
  if (media.files) return ask(call, call.model.contextTokens)
  const textBytes = Math.max(0, call.bytes - media.chars)
  return ask(
    call,
    textBytes + overhead(call.messages, mostRule) + mediaTokens(media, call.model.name, mostRule),
  )
}

const textOfPart = (part: Part) => (typeof part?.text === 'string' ? part.text : '')

/** Everything of a message that becomes tokens, media left out. */
function textsOf({ content, ...rest }: Message): string[] {
  const others = Object.values(rest).map((value) =>
    typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
  )
  if (typeof content === 'string') return [content, ...others]
  return [...(Array.isArray(content) ? (content as Part[]).map(textOfPart) : []), ...others]
}

async function count(call: ChatCall, rule: Rule): Promise<number> {
  const { messages, instructions, model } = call
  const media = findMedia(messages)
  if (media.files) return model.contextTokens
  const textBytes = call.bytes - media.chars
  if (textBytes > limits.tokens.exactBytesMax) return Math.min(model.contextTokens, textBytes)
  const texts = [...messages.flatMap(textsOf), ...instructions.map((it) => JSON.stringify(it))]
  let tokens = overhead(messages, rule) + mediaTokens(media, model.name, rule)
  for (const text of texts) tokens += await countTokens(text)
  return Math.min(tokens, model.contextTokens)
}

/** The same bound with the input counted exactly: for calls that do not fit by their bytes. */
export const estimateExactly = async (call: ChatCall): Promise<Ask> =>
  ask(call, await count(call, mostRule))

/** Input tokens for a bill, where the upstream has not said how many there were. */
export const countInput = (call: ChatCall) => count(call, usualRule)
