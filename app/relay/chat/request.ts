import { isUtf8 } from 'node:buffer'
import { isPriced, type Catalog, type PricedModel } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { scanObject, type Scan } from '../text/json-members.ts'
import { badRequest, Refused } from '../../errors/refusal.ts'

export type Message = { role?: unknown; content?: unknown; [key: string]: unknown }

/** A request as we understood it, beside the text as the client wrote it. */
export type ChatRequest = {
  text: string
  bytes: number
  scan: Scan
  model: PricedModel
  messages: Message[]
  streamed: boolean
  usageWanted: boolean
  streamOptions: Record<string, unknown>
  choices: number
  outputTokensWanted: number | null
  /** The client asked for more output than the model has. */
  limitMembers: string[]
  serviceTier: string | null
  predictionBytes: number
  /** Everything besides the messages that becomes tokens. */
  instructions: unknown[]
}

type Body = Record<string, unknown>
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(text: string, scan: Scan): Body {
  if (scan.tooDeep) throw badRequest('The request body is nested too deeply.')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw badRequest('We could not parse the JSON body of your request.')
  }
  if (!isObject(body)) throw badRequest('The request body must be a JSON object.')
  if (scan.duplicate !== null) {
    throw badRequest('A member of the request body is given twice.', scan.duplicate.slice(0, 100))
  }
  // JSON.parse of Node 24.21 takes an escaped name for another one that holds a backslash, once it
  // has seen that one (docs/decisions/0007): `"\\u006e": 100` would be no `n` to us.
  for (const name of scan.members.keys()) {
    if (!Object.hasOwn(body, name)) throw badRequest('We could not parse the JSON body.')
  }
  return body
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

/** A whole number within bounds, or null when the member is absent. */
function readWhole(body: Body, name: string, least: number, most: number): number | null {
  const value = body[name] ?? null
  if (value === null) return null
  if (!Number.isInteger(value) || (value as number) < least) {
    throw badRequest(`'${name}' must be a whole number of at least ${least}.`, name)
  }
  return Math.min(value as number, most)
}

function readFlag(body: Body, name: string): boolean {
  const value = body[name] ?? false
  if (typeof value !== 'boolean') throw badRequest(`'${name}' must be true or false.`, name)
  return value
}

function readModel(body: Body, catalog: Catalog, at: Date): PricedModel {
  const { model: name } = body
  if (name === undefined || name === '')
    throw badRequest('you must provide a model parameter', 'model')
  if (typeof name !== 'string') throw badRequest("'model' must be a string.", 'model')
  const model = catalog.find(name, at)
  if (model?.kind === 'chat') return model
  const shown = JSON.stringify(name.slice(0, 100)).slice(1, -1)
  throw new Refused('model_not_found', {
    message: `The model \`${shown}\` does not exist or you do not have access to it.`,
    param: 'model',
  })
}

function readServiceTier(body: Body, model: PricedModel): string | null {
  const tier = body.service_tier ?? null
  if (tier === null) return null
  if (typeof tier !== 'string' || tier.length > 20 || !isPriced(model.price.terms, tier)) {
    throw badRequest(`This service tier is not available for ${model.name}.`, 'service_tier')
  }
  return tier
}

function readChoices(body: Body): number {
  const choices = readWhole(body, 'n', 1, 129) ?? 1
  if (choices > 128) throw badRequest("'n' must be at most 128.", 'n')
  return choices
}

const bytesOf = (value: unknown) =>
  value === undefined || value === null ? 0 : Buffer.byteLength(JSON.stringify(value))

/**
 * Reads and checks the body of a chat completion. Only what decides about money and form is looked
 * at; the rest is the upstream's to judge. Throws `Refused`.
 */
export function readChat(raw: Buffer, catalog: Catalog, at: Date): ChatRequest {
  // Decoding would replace what is wrong, and the upstream would get what nobody wrote.
  if (!isUtf8(raw)) throw badRequest('The request body is not valid UTF-8.')
  const text = raw.toString('utf8')
  const scan = scanObject(text, limits.http.jsonDepthMax)
  const body = parse(text, scan)
  const model = readModel(body, catalog, at)
  const messages = readMessages(body)
  const streamed = readFlag(body, 'stream')
  const streamOptions = body.stream_options ?? {}
  if (!isObject(streamOptions))
    throw badRequest("'stream_options' must be an object.", 'stream_options')
  const limitMembers = ['max_tokens', 'max_completion_tokens'].filter(
    (name) => (body[name] ?? null) !== null,
  )
  const wanted = limitMembers.map((name) => readWhole(body, name, 1, Number.MAX_SAFE_INTEGER)!)
  return {
    text,
    bytes: raw.length,
    scan,
    model,
    messages,
    streamed,
    usageWanted: streamOptions.include_usage === true,
    streamOptions,
    choices: readChoices(body),
    outputTokensWanted: wanted.length ? Math.max(...wanted) : null,
    limitMembers,
    serviceTier: readServiceTier(body, model),
    predictionBytes: bytesOf(body.prediction),
    instructions: [body.tools, body.functions, body.response_format].filter(
      (v) => (v ?? null) !== null,
    ),
  }
}
