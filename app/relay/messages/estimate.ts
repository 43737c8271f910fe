import { askFor } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import type { Ask } from '../../ledger/ledger.server.ts'
import { isObject } from '../openai/json-request.ts'
import { limitBytes } from '../openai/limit-bytes.ts'
import { countTokensOf } from '../text/count-tokens.ts'
import { encodingOf } from '../text/tokens.ts'
import type { MessagesCall, Weighed } from './request.ts'

const { perMessage, perCall, perImage, perImageUsual, exactBytesMax } = limits.tokens
const { toolsTokens, perTool, perSearch } = limits.endpoints.messages

/**
 * The most tokens that one reading of the body can be: no token is shorter than a byte, and what
 * the provider puts in front of it, for tools above all, is bounded by rule.
 */
function inputByBytes(call: MessagesCall, bytesMore: number): number {
  const { bytes, media, messages, tools, ownTools, searches, contextTokens } = call
  if (media.unsized) return contextTokens
  const ofTools = tools > 0 ? toolsTokens + ownTools * perTool : 0
  const text = bytes + bytesMore - media.dataBytes + perCall + messages * perMessage + ofTools
  return Math.min(text + media.images * perImage + searches * perSearch, contextTokens)
}

/**
 * The most a call can cost: by its bytes, because the tokens of this dialect's models are nobody's here
 * to count; at the dearest that its input can be, as it has something written to a cache or not.
 */
export function bound(call: MessagesCall, bytesMore = 0): Ask {
  const { model, outputTokens, isUnlimited, isCompacted, turns, searches, cacheWrites } = call
  const output = isUnlimited ? Math.max(outputTokens, model.outputTokensMax) : outputTokens
  const most = {
    inputTokens: inputByBytes(call, bytesMore) * turns,
    outputTokensWanted: output,
    outputTokensMax: output,
    choices: isCompacted ? 2 : 1,
    searches,
    cacheWrites,
  }
  const { inputLeastScaled: _, ...ask } = askFor(call.reachable, most, null)
  return ask
}

export function boundSayingLimit(call: MessagesCall): Ask {
  const { raw, scan, outputTokens: most } = call
  return bound(call, limitBytes({ raw, scan, limitMembers: ['max_tokens'], most }))
}

/** Members that say in which form something is, and not what. */
const formal: ReadonlySet<string> = new Set([
  'type',
  'role',
  'id',
  'tool_use_id',
  'cache_control',
  'signature',
  'media_type',
])

/** Every text in what the model reads; pictures and files are none. */
function addTexts(value: unknown, texts: string[]) {
  if (typeof value === 'string') texts.push(value)
  else if (Array.isArray(value)) for (const item of value) addTexts(item, texts)
  else if (isObject(value)) {
    const isMedium = value.type === 'image' || value.type === 'document'
    for (const name of Object.keys(value)) {
      if (formal.has(name) || (isMedium && name === 'source' && !isText(value.source))) continue
      addTexts(value[name], texts)
    }
  }
}
const isText = (source: unknown) =>
  isObject(source) && (source.type === 'text' || source.type === 'content')

/** What a bill counts; no text where the bytes stand for it. */
function weigh({ said, bytes, media, messages }: MessagesCall): Weighed {
  const ofMedia = media.images * perImageUsual + media.fileBytes
  const textBytes = bytes - media.dataBytes
  if (textBytes > exactBytesMax) return { texts: [], others: textBytes + ofMedia }
  const texts: string[] = []
  const [system, all, tools] = said
  addTexts(system, texts)
  addTexts(all, texts)
  if (Array.isArray(tools)) texts.push(JSON.stringify(tools))
  return { texts, others: ofMedia + 3 + 3 * messages }
}

/** Keeps the body itself, and of what was read in it what a bill may need. */
export function letGo(call: MessagesCall): number {
  call.weighed ??= weigh(call)
  call.said = []
  call.media = { ...call.media, unread: new Map() }
  return 2 * call.weighed.texts.reduce((sum, { length }) => sum + length, 0)
}

/** The body goes too. */
export function dropBody(call: MessagesCall) {
  call.raw = Buffer.of()
}

/** Input tokens for a bill, where the upstream has not said how many there were. */
export async function countInput(call: MessagesCall): Promise<number> {
  const { texts, others } = call.weighed ?? weigh(call)
  const tokens = await countTokensOf(texts, 'bill', encodingOf(call.model.name))
  return Math.min(others + tokens, call.contextTokens)
}
