import type { Catalog } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { badRequest } from '../../errors/refusal.ts'
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
import type { Members } from '../openai/members.ts'
import { offersAt, readServiceTier } from '../openai/service-tier.ts'
import type { Scan } from '../text/json-members.ts'
import { putBack } from '../text/parse-json.ts'
import type { Steps } from '../text/steps.ts'
import { findMedia } from './media.ts'
import { knownCompactMembers, knownResponsesMembers } from './members.ts'
import { readTools, toolsIn } from './tools.ts'

const { outputTokensLeast } = limits.responses

/** Something that the upstream has kept, and that a call goes on from. */
export type Kept = { member: 'previous_response_id' | 'conversation'; id: string }

/** A request as we understood it, beside the bytes as the client wrote them. */
export type ResponsesCall = Call & {
  raw: Buffer
  bytes: number
  scan: Scan
  media: Media
  items: readonly unknown[]
  /** Everything besides the input that becomes tokens. */
  instructions: unknown[]
  /** Of the client; null where there is none. */
  outputTokensWanted: number | null
  /** Of a plain answer: more than so many, and it would be longer than what is passed on. */
  outputTokensPassedOn: number
  limitMembers: string[]
  /** How many searches the hold covers; 0 where it cannot search. */
  searches: number
  /** So many calls of the upstream's tools are named as their limit, where the client names none. */
  toolCallsMax: number | null
  /** The upstream keeps the answer, under its id. */
  isKept: boolean
  goesOnFrom: readonly Kept[]
  /** In place of what the client says of its stream, where that is a word of the chat's. */
  streamOptions: object | null | undefined
  /** What a bill may need, once the body is on the wire. */
  weighed?: Weighed
}

/** Texts that become tokens, and how many tokens all else is. */
export type Weighed = { texts: string[]; others: number }

const { bytesPerTokenMost, bytesPerLikelyToken, likelyTokensMost } = limits.tokens

function readKept(body: Body): Kept[] {
  const kept: Kept[] = []
  for (const member of ['previous_response_id', 'conversation'] as const) {
    const value = body[member] ?? null
    if (value === null) continue
    const id = member === 'conversation' && isObject(value) ? value.id : value
    if (typeof id !== 'string' || id === '' || id.length > limits.responses.idCharsMax)
      throw badRequest(`'${member}' must be an id.`, member)
    kept.push({ member, id })
  }
  return kept
}

function readItems(body: Body, kept: readonly Kept[]): readonly unknown[] {
  const input = body.input ?? null
  if (input === null) {
    if (kept.length > 0) return []
    throw badRequest("Missing required parameter: 'input'.", 'input')
  }
  if (typeof input === 'string') return [input]
  if (!Array.isArray(input)) throw badRequest("'input' must be text, or a list of items.", 'input')
  const items = input as unknown[]
  const odd = items.findIndex((item) => !isObject(item) || isMisread(item))
  if (odd >= 0) throw badRequest('Each item must be an object with plain names.', `input[${odd}]`)
  return items
}

/** Names in items and their parts decide what is counted; none of them holds a backslash. */
function isMisread(item: Body): boolean {
  const isOdd = (value: unknown) =>
    isObject(value) && Object.keys(value).some((name) => name.includes('\\'))
  const parts = [item.content, item.output].flatMap((it) => (Array.isArray(it) ? it : [it]))
  return isOdd(item) || parts.some(isOdd)
}

/** The tools of a call, also those that stand in its input. */
function* allTools(body: Body, items: readonly unknown[]) {
  if ((body.tools ?? null) !== null) yield* toolsIn(body.tools, 'tools')
  for (const [at, item] of items.entries())
    if (isObject(item) && item.tools !== undefined) yield* toolsIn(item.tools, `input[${at}].tools`)
}

/**
 * Whether the model may think, by the catalogue or as it is asked. Thoughts are part of the limit
 * of the answer; but several models that think side by side (`mode: 'pro'`) have no price here.
 */
function readThought({ reasoning }: Body, byCatalogue: boolean, allowed: Allowed): boolean {
  if (reasoning === undefined || reasoning === null) return byCatalogue
  const isPlain =
    isObject(reasoning) &&
    Object.keys(reasoning).every((name) => plainThoughts.has(name)) &&
    [undefined, null, 'standard'].includes(reasoning.mode as string | null | undefined)
  if (!isPlain && !allowed.has('reasoning'))
    throw badRequest("'reasoning' says something that is not available here.", 'reasoning')
  return byCatalogue || !isObject(reasoning) || reasoning.effort !== 'none'
}
const plainThoughts: ReadonlySet<string> = new Set([
  'effort',
  'summary',
  'generate_summary',
  'context',
  'mode',
  'enabled',
  'exclude',
])

/** So many tokens of output make a plain answer as long as what is passed on. */
function passedOn({ include, top_logprobs: top }: Body): number {
  const isListed = Array.isArray(include) && include.includes('message.output_text.logprobs')
  const asked = top === undefined || top === null ? 0 : Number(top)
  const listed = Number.isFinite(asked) ? Math.max(0, asked) : likelyTokensMost
  // The token itself stands in its own list, and beside it.
  const likely = isListed || listed > 0 ? (listed + 1) * bytesPerLikelyToken : 0
  return Math.floor(limits.endpoints.responses.answerBytesMax / (bytesPerTokenMost + likely))
}

/** Refuses what would have to be given a limit that no upstream takes. */
function passedOnAtLeast(body: Body): number {
  const tokens = passedOn(body)
  if (tokens >= outputTokensLeast) return tokens
  throw badRequest("'top_logprobs' is more than is available.", 'top_logprobs')
}

/** Refuses a chat completion that has missed its path, in words that say where it belongs. */
function refuseChat({ members }: Scan) {
  if (!members.has('messages') || members.has('input')) return
  throw badRequest(
    "This is the body of a chat completion: 'messages' go to /v1/chat/completions, 'input' comes here.",
    'messages',
  )
}

/**
 * Usage is told at the end of each of these streams, and asking for it is an error here; programs
 * that send their bodies of responses to the chat's path ask as they do there.
 */
function withoutUsage({ stream_options: options }: Body): object | null | undefined {
  if (!isObject(options) || !Object.hasOwn(options, 'include_usage')) return undefined
  const { include_usage: _, ...others } = options
  return Object.keys(others).length > 0 ? others : null
}

type Form = { known: Members; isStreamed: boolean }

/** How often its tools may search, and the limit of that which the client has not named. */
function searchesOf(body: Body, isSearching: boolean, hasLimit: boolean) {
  const said = hasLimit ? readWhole(body, 'max_tool_calls', 1, Number.MAX_SAFE_INTEGER) : null
  if (!isSearching) return { searches: 0, toolCallsMax: null }
  const most = limits.responses.searchesMost
  // What no hold could cover is no limit.
  const searches = Math.min(said ?? most, limits.responses.searchesAskedMax)
  return { searches, toolCallsMax: searches === said || !hasLimit ? null : searches }
}

function* read(
  { known, isStreamed }: Form,
  raw: Buffer,
  catalog: Catalog,
  at: Date,
  allowed: Allowed,
): Steps<ResponsesCall> {
  const parsed: ParsedBody = yield* parseBody(raw, known, allowed, (scan) => {
    refuseChat(scan)
    refuseBeyondContext(raw, scan, catalog, at)
  })
  const { scan, body } = parsed
  const model = findModel(body.model, 'chat', catalog, at)
  const goesOnFrom = readKept(body)
  const items = readItems(body, goesOnFrom)
  const streamed = isStreamed && readFlag(body, 'stream')
  const isKept = (body.store ?? null) === null || readFlag(body, 'store')
  const serviceTier = readServiceTier(body, model)
  const tools = readTools(allTools(body, items), {
    model: model.name,
    offers: offersAt(model, serviceTier),
    allowed,
  })
  const bounds = searchesOf(body, tools.searches, isStreamed)
  const outputTokensWanted = isStreamed
    ? readWhole(body, 'max_output_tokens', 1, Number.MAX_SAFE_INTEGER)
    : null
  const media = findMedia(items, parsed.unread, goesOnFrom.length > 0)
  refuseNamed(media.named, allowed)
  const isCounted = countedBytesOf(raw.length, media) <= limits.tokens.exactBytesMax
  if (isCounted && !media.usual.isUnknown)
    yield* putBack({ value: body, unread: media.unread }, raw)
  return {
    raw,
    bytes: raw.length,
    scan,
    model,
    offers: tools.offers,
    reachable: tools.offers,
    items: Array.isArray(body.input) ? body.input : [body.input],
    media,
    unsized: media.unsized || tools.searches,
    mayThink: readThought(body, Boolean(model.reasoning), allowed),
    streamed,
    isUnlimited: false,
    outputTokensLeast,
    cacheKey: typeof body.prompt_cache_key === 'string' ? body.prompt_cache_key : null,
    outputTokensWanted,
    outputTokensPassedOn: streamed ? Infinity : passedOnAtLeast(body),
    limitMembers: outputTokensWanted === null ? [] : ['max_output_tokens'],
    ...bounds,
    serviceTier,
    isKept,
    goesOnFrom,
    streamOptions: withoutUsage(body),
    instructions: [body.instructions, body.tools, body.text].filter((it) => (it ?? null) !== null),
  }
}

type Read = (raw: Buffer, catalog: Catalog, at: Date, allowed: Allowed) => Steps<ResponsesCall>

/**
 * Reads and checks the body of a response. Only what decides about money and form is looked at; the
 * rest is the upstream's to judge. Throws `Refused`.
 */
export const readResponse: Read = (raw, catalog, at, allowed) =>
  read({ known: knownResponsesMembers, isStreamed: true }, raw, catalog, at, allowed)

/** The same of a compaction, which is plain, and whose output nothing limits. */
export const readCompaction: Read = (raw, catalog, at, allowed) =>
  read({ known: knownCompactMembers, isStreamed: false }, raw, catalog, at, allowed)
