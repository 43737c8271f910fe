import { askFor } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import type { Ask } from '../../ledger/ledger.server.ts'
import { exactInput, mostInput } from '../openai/input.ts'
import { limitBytes } from '../openai/limit-bytes.ts'
import { countedBytesOf, mediaTokens, mostOfImage } from '../openai/media.ts'
import { countTokensOf } from '../text/count-tokens.ts'
import { encodingOf } from '../text/tokens.ts'
import type { ChatCall, Message, Weighed } from './request.ts'

/** How generously to count what no tokenizer sees: for a hold the most, for a bill the usual. */
type Rule = {
  perMessage: number
  perCall: number
  perImage(model: string, detail: unknown): number
}

const mostRule: Rule = {
  perMessage: limits.tokens.perMessage,
  perCall: limits.tokens.perCall,
  perImage: mostOfImage,
}
const usualRule: Rule = { perMessage: 3, perCall: 3, perImage: () => limits.tokens.perImageUsual }

const overhead = (messages: Message[], rule: Rule) =>
  rule.perCall + messages.length * rule.perMessage

/** What no limit bounds may be all that the model can say, whatever the client asks for. */
function outputOf({ model, outputTokensWanted, outputTokensPassedOn, isUnlimited }: ChatCall) {
  const most = model.outputTokensMax
  if (isUnlimited) return { outputTokensWanted: most, outputTokensMax: most }
  return { outputTokensWanted, outputTokensMax: Math.min(most, outputTokensPassedOn) }
}

function ask(call: ChatCall, inputTokens: number): Ask {
  const { model, choices, predictionBytes, searches, serviceTier } = call
  call.inputBound = inputTokens
  const bound = {
    // No call has more input than the model reads; a file may hold anything up to that.
    inputTokens: Math.min(inputTokens, model.contextTokens),
    ...outputOf(call),
    choices,
    searches,
  }
  const result = askFor(call.reachable, bound, serviceTier)
  // A prediction that is not followed is charged as output on top of the answer.
  result.inputScaled += result.outputScaledPerToken * BigInt(predictionBytes)
  return result
}

/** What is beside the text of a call: by rule, because no tokenizer sees it. */
const beside = ({ messages, media, model }: ChatCall, rule: Rule) =>
  overhead(messages, rule) + mediaTokens(media, (detail) => rule.perImage(model.name, detail))

const charsOf = (texts: readonly string[]) => texts.reduce((sum, { length }) => sum + length, 0)

/**
 * The most a call can cost, from its bytes alone. Costs nothing to find and fits almost every call.
 */
export const estimateByBytes = (call: ChatCall): Ask =>
  ask(call, mostInput(call, beside(call, mostRule)))

/** The same bound with the input counted exactly: for calls that do not fit by their bytes. */
export const estimateExactly = async (call: ChatCall): Promise<Ask> =>
  ask(call, await exactInput(call, beside(call, mostRule)))

export function boundSayingLimit(call: ChatCall): Ask {
  const { raw, scan, limitMembers, model, outputTokensWanted, inputBound = 0 } = call
  const most = Math.min(outputTokensWanted ?? Infinity, model.outputTokensMax)
  return ask(call, inputBound + limitBytes({ raw, scan, limitMembers, most }))
}

/** What a part of a message says, media left out. */
function textOfPart(part: unknown): string {
  if (typeof part === 'string') return part
  const { type, text } = (part ?? {}) as { type?: unknown; text?: unknown }
  if (type === 'image_url' || type === 'input_audio' || type === 'file') return ''
  return typeof text === 'string' ? text : (JSON.stringify(part) ?? '')
}

/** Everything of a message that becomes tokens, media left out. */
function textsOf({ content, ...rest }: Message): string[] {
  const others = Object.values(rest).map((value) =>
    typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
  )
  const parts: unknown[] = Array.isArray(content) ? content : [content ?? '']
  return [...parts.map(textOfPart), ...others]
}

/** What a bill counts; no text where the bytes stand for it. */
function weigh(call: ChatCall): Weighed {
  const { messages, instructions, media, model } = call
  const { references, fileBytes, isUnknown } = media.usual
  if (isUnknown) return { texts: [], others: model.contextTokens }
  const pictures = references.map((detail) => mostOfImage(model.name, detail))
  const more = pictures.reduce((sum, tokens) => sum + tokens, fileBytes)
  const bytes = countedBytesOf(call.bytes, media)
  if (bytes > limits.tokens.exactBytesMax) return { texts: [], others: bytes + more }
  const texts = [...messages.flatMap(textsOf), ...instructions.map((it) => JSON.stringify(it))]
  return { texts, others: beside(call, usualRule) + more }
}

/** Keeps the body itself, and of what was read in it what a bill may need. */
export function letGo(call: ChatCall): number {
  call.weighed ??= weigh(call)
  call.messages = []
  call.instructions = []
  call.media = { ...call.media, data: [], unread: new Map() }
  return 2 * charsOf(call.weighed.texts)
}

/** The body goes too. */
export function dropBody(call: ChatCall) {
  call.raw = Buffer.of()
  call.streamOptions = {}
}

/** Input tokens for a bill, where the upstream has not said how many there were. */
export async function countInput(call: ChatCall): Promise<number> {
  const { texts, others } = call.weighed ?? weigh(call)
  const tokens = await countTokensOf(texts, 'bill', encodingOf(call.model.name))
  return Math.min(others + tokens, call.model.contextTokens)
}
