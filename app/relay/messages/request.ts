import type { CacheWrites, Catalog, PricedModel } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { badRequest } from '../../errors/refusal.ts'
import type { Allowed, Call, ClientHeaders } from '../endpoint.ts'
import {
  findModel,
  isObject,
  parseBody,
  readFlag,
  refuseBeyondContext,
  type Body,
} from '../openai/json-request.ts'
import { refuseNamed } from '../openai/media.ts'
import type { Scan } from '../text/json-members.ts'
import { putBack } from '../text/parse-json.ts'
import type { Steps } from '../text/steps.ts'
import { cacheWritesIn } from './cache.ts'
import { findMedia, type Media } from './media.ts'
import { knownMembers, openTo } from './members.ts'
import { readTools } from './tools.ts'

/** Texts that become tokens, and how many tokens all else is. */
export type Weighed = { texts: string[]; others: number }

/** A request as we understood it, beside the bytes as the client wrote them. */
export type MessagesCall = Call & {
  raw: Buffer
  bytes: number
  scan: Scan
  /** All that the model reads: the system prompt, the messages and the tools. */
  said: unknown[]
  messages: number
  tools: number
  /** Of those, that the provider describes itself. */
  ownTools: number
  media: Media
  /** The client's own limit, which it must name. */
  outputTokens: number
  /** What its model can read at once, as it is asked to. */
  contextTokens: number
  cacheWrites: CacheWrites
  /** How often all of it may be read: once more for each search, and where the talk is compacted. */
  turns: number
  isCompacted: boolean
  searches: number
  /** What is left of all that when the body is on the wire. */
  weighed?: Weighed
}

/** In Anthropic's words, which agents know. */
const missing = (name: string) => badRequest(`${name}: Field required`, name)

export function readMessageList(body: Body): Record<string, unknown>[] {
  const { messages } = body
  if (messages === undefined || messages === null) throw missing('messages')
  if (!Array.isArray(messages))
    throw badRequest('messages: Input should be a valid list', 'messages')
  if (messages.length === 0)
    throw badRequest('messages: at least one message is required', 'messages')
  const odd = messages.findIndex((message) => !isObject(message))
  if (odd >= 0) throw badRequest(`messages.${odd}: Input should be an object`, `messages.${odd}`)
  return messages as Record<string, unknown>[]
}

/** It bounds the call, and goes out as it is: a limit that no model has is no bound. */
function readLimit({ max_tokens: limit }: Body, model: PricedModel): number {
  if (limit === undefined || limit === null) throw missing('max_tokens')
  const refuse = (why: string) => badRequest(`max_tokens: ${why}`, 'max_tokens')
  if (!Number.isInteger(limit)) throw refuse('Input should be a valid integer')
  const tokens = limit as number
  if (tokens < 1) throw refuse('must be greater than or equal to 1')
  const { name, outputTokensMax, contextTokens } = model
  if (tokens > Math.max(outputTokensMax, contextTokens))
    throw refuse(
      `${tokens} > ${outputTokensMax}, which is the maximum allowed number of output tokens for ${name}`,
    )
  return tokens
}

/** Whether the client asks for this beta; a name may have a date behind it. */
function hasBeta(client: ClientHeaders | undefined, body: Body, name: string): boolean {
  const header = client?.header('anthropic-beta') ?? ''
  const { betas, anthropic_beta: named } = body
  // As most do.
  if (header === '' && betas === undefined && named === undefined) return false
  return JSON.stringify([header, betas, named]).toLowerCase().includes(name)
}

/** Whether its model thinks, and the smallest limit that leaves room for an answer. */
type Thinking = { thinks: boolean; least: number }

/** Thoughts are part of the limit; with tools in between they may come to more over several calls. */
function readThinking({ thinking }: Body, outputTokens: number, isInterleaved: boolean): Thinking {
  if (thinking === undefined || thinking === null) return { thinks: false, least: 1 }
  if (!isObject(thinking)) throw badRequest('thinking: Input should be an object', 'thinking')
  const { type, budget_tokens: budget } = thinking
  const isBound = Number.isInteger(budget) && !isInterleaved
  if (budget !== undefined && budget !== null) {
    const at = 'thinking.budget_tokens'
    if (!Number.isInteger(budget) || (budget as number) < 0)
      throw badRequest(`${at}: Input should be a valid integer`, at)
    if ((budget as number) >= outputTokens && !isInterleaved)
      throw badRequest(`\`max_tokens\` must be greater than \`${at}\``, at)
  }
  return { thinks: type !== 'disabled', least: isBound ? (budget as number) + 1 : 1 }
}

/** Where a talk may be compacted in the middle, all of it is read and summed up once more. */
const isCompactedBy = ({ context_management: management, compaction }: Body) =>
  (compaction ?? null) !== null ||
  (isObject(management) && /compact|summar/i.test(JSON.stringify(management)))

const isOwn = (tool: unknown) => isObject(tool) && (tool.type ?? 'custom') !== 'custom'

const millionTokens = 1_000_000

/**
 * Reads and checks the body of a message. Only what decides about money and form is looked at; the
 * rest is the upstream's to judge. Throws `Refused`.
 */
export function* readMessage(
  raw: Buffer,
  catalog: Catalog,
  at: Date,
  allowed: Allowed,
  client?: ClientHeaders,
): Steps<MessagesCall> {
  const isLong = hasBeta(client, {}, 'context-1m')
  const parsed = yield* parseBody(raw, knownMembers, openTo(allowed), (scan) => {
    if (!isLong) refuseBeyondContext(raw, scan, catalog, at)
  })
  const { scan, body } = parsed
  if (body.model === undefined || body.model === null) throw missing('model')
  const model = findModel(body.model, 'chat', catalog, at)
  const messages = readMessageList(body)
  const outputTokens = readLimit(body, model)
  const isInterleaved = hasBeta(client, body, 'interleaved-thinking')
  const { thinks, least } = readThinking(body, outputTokens, isInterleaved)
  const { searches, offers } = readTools(body, model.offers, allowed)
  const streamed = readFlag(body, 'stream')
  const cacheWrites = cacheWritesIn(body)
  const media = findMedia(messages, body.system, parsed.unread)
  refuseNamed(media.named, allowed)
  // Where no text is counted, none is made.
  if (raw.length - media.dataBytes <= limits.tokens.exactBytesMax)
    yield* putBack({ value: body, unread: media.unread }, raw)
  const tools: unknown[] = Array.isArray(body.tools) ? body.tools : []
  const isCompacted = isCompactedBy(body)
  const reads = isLong || hasBeta(client, body, 'context-1m')
  return {
    raw,
    bytes: raw.length,
    scan,
    model,
    offers,
    reachable: offers,
    streamed,
    serviceTier: null,
    unsized: media.unsized || searches > 0,
    mayThink: Boolean(model.reasoning) || thinks,
    cacheKey: null,
    isUnlimited: false,
    outputTokensLeast: least,
    said: [body.system, messages, body.tools],
    messages: messages.length,
    tools: tools.length,
    ownTools: tools.filter(isOwn).length,
    media,
    outputTokens,
    contextTokens: reads ? Math.max(model.contextTokens, millionTokens) : model.contextTokens,
    cacheWrites,
    turns: 1 + searches + Number(isCompacted),
    isCompacted,
    searches,
  }
}
