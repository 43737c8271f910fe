import type { Catalog } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { badRequest, Misdirected } from '../../errors/refusal.ts'
import type { Allowed, Call } from '../endpoint.ts'
import {
  findModel,
  isObject,
  parseBody,
  readFlag,
  readWhole,
  refuseBeyondContext,
  type Body,
  type ParsedBody,
} from '../openai/json-request.ts'
import { countedBytesOf, refuseNamed, type Media } from '../openai/media.ts'
import { fold, typeOfTool } from '../openai/members.ts'
import { searchesHeld } from '../openai/searches.ts'
import { offersAt, readServiceTier } from '../openai/service-tier.ts'
import { scanObject, type Scan } from '../text/json-members.ts'
import { putBack } from '../text/parse-json.ts'
import type { Steps } from '../text/steps.ts'
import { passedOn, refuseTooHeavy } from './answer-weight.ts'
import { findMedia } from './media.ts'
import { knownChatMembers, limitNames } from './members.ts'
import { leastBeside, readThought } from './thinking.ts'

/** Texts that become tokens, and how many tokens all else is. */
export type Weighed = { texts: string[]; others: number }

export type Message = { role?: unknown; content?: unknown; [key: string]: unknown }

/** A request as we understood it, beside the bytes as the client wrote them. */
export type ChatCall = Call & {
  raw: Buffer
  bytes: number
  scan: Scan
  messages: Message[]
  media: Media
  usageWanted: boolean
  streamOptions: Record<string, unknown>
  choices: number
  /** The larger of the limits that the client names; null where there is none. */
  outputTokensWanted: number | null
  /** The members in which the client names a limit. */
  limitMembers: string[]
  /** Of a plain answer: more than so many, and it would be longer than what is passed on. */
  outputTokensPassedOn: number
  predictionBytes: number
  /** How many searches it may make that nothing bounds. */
  searches: number
  /** Everything besides the messages that becomes tokens. */
  instructions: unknown[]
  /** What is left of all that when the body is on the wire. */
  weighed?: Weighed
}

const isMisread = (value: unknown) =>
  isObject(value) && Object.keys(value).some((name) => name.includes('\\'))

/** Names in messages and their parts decide what is counted; none of them holds a backslash. */
function refuseMisread(messages: Message[]) {
  const odd = messages.findIndex(
    (message) =>
      isMisread(message) || (Array.isArray(message.content) && message.content.some(isMisread)),
  )
  if (odd >= 0) throw badRequest('A name in this message holds a backslash.', `messages.[${odd}]`)
}

function readMessages(body: Body): Message[] {
  const { messages } = body
  if (messages === undefined)
    throw badRequest("Missing required parameter: 'messages'.", 'messages')
  if (!Array.isArray(messages) || messages.length === 0) {
    throw badRequest("'messages' must be a list with at least one message.", 'messages')
  }
  const odd = messages.findIndex((message) => !isObject(message))
  if (odd >= 0) throw badRequest('Each message must be an object.', `messages.[${odd}]`)
  refuseMisread(messages as Message[])
  return messages as Message[]
}

/** Cursor sends here what is meant for another endpoint. */
function refuseResponses({ members }: Scan) {
  if (!members.has('input') || members.has('messages')) return
  const message =
    "This is a request of the Responses API, whose path is /v1/responses. Here 'messages' are " +
    'needed. An API key can be set to have such requests taken here.'
  throw new Misdirected('/v1/responses', message, 'messages')
}

function readChoices(body: Body): number {
  const choices = readWhole(body, 'n', 1, 129) ?? 1
  if (choices > 128) throw badRequest("'n' must be at most 128.", 'n')
  return choices
}

const usageAsked = '{"include_usage":true}'

/** Usage is asked of every stream: whether it is must not be said so that it can be read otherwise. */
export function readStreamOptions({ raw, scan, body }: ParsedBody): Record<string, unknown> {
  const options = body.stream_options ?? {}
  if (!isObject(options)) throw badRequest("'stream_options' must be an object.", 'stream_options')
  const member = scan.members.get('stream_options')
  if (!member) return options
  // As SDKs write it, it can be read in no other way.
  if (raw.toString('latin1', member.valueFrom, member.to) === usageAsked) return options
  const within = scanObject(raw.subarray(member.valueFrom, member.to), limits.http.json)
  const isOdd = (name: string) =>
    !Object.hasOwn(options, name) || (fold(name) === 'include_usage' && name !== 'include_usage')
  if (within.duplicate !== null || [...within.members.keys()].some(isOdd)) {
    throw badRequest("A member of 'stream_options' can be read in two ways.", 'stream_options')
  }
  return options
}

/** A prediction as the client wrote it: no token of it is shorter than a byte. */
function readPrediction({ scan, body }: ParsedBody): { bytes: number; content: unknown } {
  const member = scan.members.get('prediction')
  if (!member || body.prediction === null) return { bytes: 0, content: undefined }
  const { content } = isObject(body.prediction) ? body.prediction : { content: undefined }
  return { bytes: member.to - member.valueFrom, content }
}

const clientTools: ReadonlySet<unknown> = new Set(['function', 'custom'])

/** Tools that the upstream runs cost by the use, and read pages: only the client's own have no price. */
function refuseHosted(body: Body, allowed: Allowed) {
  const tools: unknown[] = Array.isArray(body.tools) ? body.tools : [body.tools]
  for (const [at, tool] of tools.entries()) {
    if (!isObject(tool)) continue
    const type = typeOfTool(tool)
    if (type === undefined || clientTools.has(type)) continue
    if (typeof type === 'string' && allowed.has(`tools.${type}`)) continue
    const shown = JSON.stringify(type).slice(0, 100).replaceAll('"', '')
    throw badRequest(
      `Invalid value: '${shown}'. Supported values are: 'function' and 'custom'.`,
      `tools[${at}].type`,
    )
  }
}

/**
 * Reads and checks the body of a chat completion. Only what decides about money and form is looked
 * at; the rest is the upstream's to judge. Throws `Refused`.
 */
export function* readChat(
  raw: Buffer,
  catalog: Catalog,
  at: Date,
  allowed: Allowed,
): Steps<ChatCall> {
  const parsed = yield* parseBody(raw, knownChatMembers, allowed, (scan) => {
    refuseResponses(scan)
    refuseBeyondContext(raw, scan, catalog, at)
  })
  const { scan, body } = parsed
  const model = findModel(body.model, 'chat', catalog, at)
  const messages = readMessages(body)
  refuseHosted(body, allowed)
  const prediction = readPrediction(parsed)
  const streamed = readFlag(body, 'stream')
  const streamOptions = readStreamOptions(parsed)
  const limitMembers = limitNames.filter((name) => (body[name] ?? null) !== null)
  // Only members that are there: none of them reads as absent.
  const wanted = limitMembers.map((name) => readWhole(body, name, 1, Number.MAX_SAFE_INTEGER)!)
  const choices = readChoices(body)
  const serviceTier = readServiceTier(body, model)
  const media = findMedia([...messages, { content: prediction.content }], parsed.unread)
  refuseNamed(media.named, allowed)
  // Where no text is counted, none is made.
  const isCounted = countedBytesOf(raw.length, media) <= limits.tokens.exactBytesMax
  if (isCounted && !media.usual.isUnknown)
    yield* putBack({ value: body, unread: media.unread }, raw)
  const outputTokensWanted = wanted.length ? Math.max(...wanted) : null
  const outputTokensPassedOn = streamed ? Infinity : passedOn(body, choices)
  const mayThink = readThought(parsed, { model, outputTokensWanted }, allowed)
  refuseTooHeavy(body, { model, choices, outputTokensWanted, outputTokensPassedOn })
  const offers = offersAt(model, serviceTier)
  return {
    raw,
    bytes: raw.length,
    scan,
    model,
    offers,
    reachable: offers,
    messages,
    media,
    unsized: media.unsized,
    mayThink,
    streamed,
    isUnlimited: false,
    outputTokensLeast: leastBeside(body),
    cacheKey: typeof body.prompt_cache_key === 'string' ? body.prompt_cache_key : null,
    usageWanted: streamOptions.include_usage === true,
    streamOptions,
    choices,
    outputTokensWanted,
    outputTokensPassedOn,
    limitMembers,
    serviceTier,
    predictionBytes: prediction.bytes,
    searches: searchesHeld(model.name, body),
    instructions: [body.tools, body.functions, body.response_format].filter(
      (v) => (v ?? null) !== null,
    ),
  }
}
