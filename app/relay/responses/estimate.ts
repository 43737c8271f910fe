import { askFor } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import type { Ask } from '../../ledger/ledger.server.ts'
import { exactInput, mostInput } from '../openai/input.ts'
import { limitBytes } from '../openai/limit-bytes.ts'
import { isObject } from '../openai/json-request.ts'
import { countedBytesOf, mediaTokens, mostOfImage } from '../openai/media.ts'
import { countTokensOf } from '../text/count-tokens.ts'
import { encodingOf } from '../text/tokens.ts'
import type { ResponsesCall, Weighed } from './request.ts'

/** What no limit bounds may be all that the model can say, whatever the client asks for. */
function outputOf({ model, outputTokensWanted, outputTokensPassedOn, isUnlimited }: ResponsesCall) {
  const most = model.outputTokensMax
  if (isUnlimited) return { outputTokensWanted: most, outputTokensMax: most }
  return { outputTokensWanted, outputTokensMax: Math.min(most, outputTokensPassedOn) }
}

/**
 * All that the model reads: the input again after each search, and what that has found. No reading
 * is of more than it takes.
 */
function readingsOf(inputTokens: number, searches: number, contextTokens: number): number {
  const most = contextTokens * (1 + searches)
  const found = searches * limits.responses.tokensASearch
  return Math.min(inputTokens * (1 + searches) + found, most)
}

function ask(call: ResponsesCall, inputTokens: number): Ask {
  const { model, searches, serviceTier } = call
  call.inputBound = inputTokens
  const bound = {
    inputTokens: readingsOf(inputTokens, searches, model.contextTokens),
    ...outputOf(call),
    choices: 1,
    searches,
  }
  return askFor(call.reachable, bound, serviceTier)
}

const most = ({ items, media, model }: ResponsesCall) =>
  limits.tokens.perCall +
  items.length * limits.tokens.perMessage +
  mediaTokens(media, (detail) => mostOfImage(model.name, detail))

/** The most a call can cost, from its bytes alone. */
export const estimateByBytes = (call: ResponsesCall): Ask => ask(call, mostInput(call, most(call)))

/** The same bound with the input counted exactly: for calls that do not fit by their bytes. */
export const estimateExactly = async (call: ResponsesCall): Promise<Ask> =>
  ask(call, await exactInput(call, most(call)))

export function boundSayingLimit(call: ResponsesCall): Ask {
  const { raw, scan, limitMembers, model, outputTokensWanted, inputBound = 0 } = call
  const most = Math.min(outputTokensWanted ?? Infinity, model.outputTokensMax)
  return ask(call, inputBound + limitBytes({ raw, scan, limitMembers, most }))
}

/** The same of a compaction: nothing can be said to it that limits its output. */
function unlimited(call: ResponsesCall): ResponsesCall {
  call.isUnlimited = true
  return call
}
export const compactionByBytes = (call: ResponsesCall) => estimateByBytes(unlimited(call))
export const compactionExactly = (call: ResponsesCall) => estimateExactly(unlimited(call))

/** Members of items that say in which form something is said, or hold what no text is made of. */
const formal: ReadonlySet<string> = new Set([
  'type',
  'role',
  'id',
  'call_id',
  'status',
  'detail',
  'image_url',
  'file_data',
  'data',
])

/** Every text in items that becomes tokens; sealed thoughts by how many there may be. */
function weighItems(value: unknown, name: string, weighed: Weighed) {
  if (typeof value === 'string') {
    if (name === 'encrypted_content')
      weighed.others += Math.ceil(value.length / limits.responses.sealedCharsPerToken)
    else if (!formal.has(name)) weighed.texts.push(value)
  } else if (Array.isArray(value)) for (const item of value) weighItems(item, name, weighed)
  else if (isObject(value))
    for (const member of Object.keys(value)) weighItems(value[member], member, weighed)
}

/** What a bill counts; no text where the bytes stand for it. */
function weigh(call: ResponsesCall): Weighed {
  const { items, instructions, media, model } = call
  const { references, fileBytes, isUnknown } = media.usual
  if (isUnknown) return { texts: [], others: model.contextTokens }
  const pictures = references.map((detail) => mostOfImage(model.name, detail))
  const more = pictures.reduce((sum, tokens) => sum + tokens, fileBytes)
  const bytes = countedBytesOf(call.bytes, media)
  if (bytes > limits.tokens.exactBytesMax) return { texts: [], others: bytes + more }
  const usual = mediaTokens(media, () => limits.tokens.perImageUsual)
  const weighed: Weighed = {
    texts: instructions.map((it) => (typeof it === 'string' ? it : JSON.stringify(it))),
    others: more + usual + 3 + 3 * items.length,
  }
  weighItems(items, '', weighed)
  return weighed
}

/** Keeps the body itself, and of what was read in it what a bill may need. */
export function letGo(call: ResponsesCall): number {
  call.weighed ??= weigh(call)
  call.items = []
  call.instructions = []
  call.media = { ...call.media, data: [], unread: new Map() }
  return 2 * call.weighed.texts.reduce((sum, { length }) => sum + length, 0)
}

/** The body goes too. */
export function dropBody(call: ResponsesCall) {
  call.raw = Buffer.of()
}

/** Input tokens for a bill, where the upstream has not said how many there were. */
export async function countInput(call: ResponsesCall): Promise<number> {
  const { texts, others } = call.weighed ?? weigh(call)
  const tokens = await countTokensOf(texts, 'bill', encodingOf(call.model.name))
  return Math.min(others + tokens, call.model.contextTokens)
}
