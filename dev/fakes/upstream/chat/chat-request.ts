import { ErrorAnswer } from '../errors.ts'

export type Message = {
  role: string
  content?: string | { type?: unknown; text?: unknown }[] | null
}

export type Tool = { type?: unknown; function: { name: string; parameters?: unknown } }

/** The parts of a chat completion request that the demo upstream acts on. */
export type ChatRequest = {
  model: string
  messages: Message[]
  stream: boolean
  includeUsage: boolean
  tokensMax: number
  n: number
  tools: Tool[] | undefined
  toolChoice: unknown
  responseFormat: { type?: unknown; json_schema?: { schema?: unknown } } | undefined
  serviceTier: string | undefined
  body: Record<string, unknown>
}

/** Reads a request as strictly as OpenAI does where a relay could get it wrong. */
export function parseChatRequest(text: string): ChatRequest | ErrorAnswer {
  const body = parseObject(text)
  if (!body) {
    return new ErrorAnswer(400, 'We could not parse the JSON body of your request.')
  }
  const wrong = findWrongField(body)
  if (wrong) return wrong
  const streamOptions = body.stream_options as { include_usage?: unknown } | null | undefined
  return {
    model: body.model as string,
    messages: body.messages as Message[],
    stream: body.stream === true,
    includeUsage: streamOptions?.include_usage === true,
    tokensMax: Number(body.max_completion_tokens ?? body.max_tokens ?? Infinity),
    n: Number(body.n ?? 1),
    tools: (body.tools as Tool[] | null | undefined) ?? undefined,
    toolChoice: body.tool_choice,
    responseFormat: (body.response_format as ChatRequest['responseFormat'] | null) ?? undefined,
    serviceTier: typeof body.service_tier === 'string' ? body.service_tier : undefined,
    body,
  }
}

/** The text of the last message the user wrote; sentinels are looked for there and nowhere else. */
export function lastUserText(messages: readonly Message[]): string {
  const content = messages.findLast((message) => message.role === 'user')?.content
  if (typeof content === 'string') return content
  return (content ?? []).map((part) => (typeof part.text === 'string' ? part.text : '')).join('\n')
}

/** The object that a body is, if it is one. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function findWrongField(body: Record<string, unknown>): ErrorAnswer | undefined {
  if (typeof body.model !== 'string' || body.model === '') {
    return new ErrorAnswer(400, 'you must provide a model parameter', null, 'model')
  }
  if (body.messages === undefined) {
    const code = 'missing_required_parameter'
    return new ErrorAnswer(400, "Missing required parameter: 'messages'.", code, 'messages')
  }
  if (!Array.isArray(body.messages) || !body.messages.every(isMessage)) return wrongType('messages')
  if (body.messages.length === 0) return wrongType('messages')
  if (body.stream != null && typeof body.stream !== 'boolean') return wrongType('stream')
  if (body.tools != null && !(Array.isArray(body.tools) && body.tools.every(isTool))) {
    return wrongType('tools')
  }
  return findWrongNumber(body) ?? findWrongPair(body)
}

function findWrongNumber(body: Record<string, unknown>): ErrorAnswer | undefined {
  for (const name of ['max_tokens', 'max_completion_tokens', 'n']) {
    const value = body[name] ?? 1
    const valid = Number.isInteger(value) && (value as number) >= 1
    if (!valid || (name === 'n' && (value as number) > 128)) return wrongType(name)
  }
  return undefined
}

// A relay that adds fields of its own to a request must not make one of these of it.
function findWrongPair(body: Record<string, unknown>): ErrorAnswer | undefined {
  if (body.stream_options != null && body.stream !== true) {
    const words = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    return new ErrorAnswer(400, words, null, 'stream_options')
  }
  if (body.max_tokens != null && body.max_completion_tokens != null) {
    const words =
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
    return new ErrorAnswer(400, words, 'invalid_parameter_combination', 'max_tokens')
  }
  return undefined
}

/** The refusal of a member's value. */
export function wrongType(param: string): ErrorAnswer {
  return new ErrorAnswer(400, `Invalid value for '${param}'.`, 'invalid_value', param)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isMessage(value: unknown): boolean {
  if (!isObject(value) || typeof value.role !== 'string') return false
  const { content } = value
  if (Array.isArray(content)) return content.every(isObject)
  return content == null || typeof content === 'string'
}

function isTool(value: unknown): boolean {
  return isObject(value) && isObject(value.function) && typeof value.function.name === 'string'
}
