import { isObject, parseObject } from '../chat/chat-request.ts'
import { ErrorAnswer } from '../errors.ts'

type Members = Record<string, unknown>

/** The parts of a request for a message that the demo upstream acts on. */
export type MessageRequest = {
  model: string
  stream: boolean
  system: unknown
  messages: Members[]
  tokensMax: number
  tools: Members[]
  toolChoice: unknown
  /** How many tokens it may think, where it is asked to think. */
  budget: number | undefined
  body: Members
}

/** What of OpenAI's requests a relay may be tempted to put in. */
const elsewhere = [
  'max_completion_tokens',
  'max_output_tokens',
  'stream_options',
  'input',
  'n',
  'prompt_cache_key',
  'safety_identifier',
  'user',
]
const budgetMin = 1024

/** Reads a request as strictly as Anthropic does where a relay could get it wrong. */
export function parseMessageRequest(
  text: string,
  headers: Members,
  needsLimit = true,
): MessageRequest | ErrorAnswer {
  const body = parseObject(text)
  const wrong = body
    ? findWrong(body, headers, needsLimit)
    : 'The request body is not valid JSON: expected an object'
  if (!body || wrong !== undefined) return new ErrorAnswer(400, wrong ?? '')
  const thinking = isObject(body.thinking) ? body.thinking : {}
  return {
    model: body.model as string,
    stream: body.stream === true,
    system: body.system,
    messages: body.messages as Members[],
    tokensMax: Number(body.max_tokens ?? Infinity),
    tools: (body.tools as Members[] | null | undefined) ?? [],
    toolChoice: body.tool_choice,
    budget: thinking.type === 'enabled' ? Number(thinking.budget_tokens) : undefined,
    body,
  }
}

/** The text of the last message of the user's. */
export function lastSaid(messages: readonly Members[]): string {
  const content = messages.findLast(({ role }) => role === 'user')?.content
  if (typeof content === 'string') return content
  const parts = Array.isArray(content) ? (content as unknown[]) : []
  return parts
    .map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('\n')
}

function findWrong(body: Members, headers: Members, needsLimit: boolean): string | undefined {
  if (headers['anthropic-version'] === undefined) return 'anthropic-version: header is required'
  if (typeof body.model !== 'string' || body.model === '') return 'model: Field required'
  const foreign = elsewhere.find((name) => name in body)
  if (foreign !== undefined) return `${foreign}: Extra inputs are not permitted`
  const { max_tokens: limit, messages, tools, stream } = body
  if (needsLimit && limit === undefined) return 'max_tokens: Field required'
  if (limit !== undefined && !(Number.isInteger(limit) && (limit as number) >= 1))
    return 'max_tokens: Input should be greater than or equal to 1'
  if (messages === undefined) return 'messages: Field required'
  if (!Array.isArray(messages) || messages.length === 0)
    return 'messages: at least one message is required'
  const bad = messages.findIndex((message) => !isMessage(message))
  if (bad >= 0) return `messages.${bad}.content: Field required`
  if (stream != null && typeof stream !== 'boolean')
    return 'stream: Input should be a valid boolean'
  if (tools != null && !(Array.isArray(tools) && tools.every(isTool)))
    return 'tools.0.name: Field required'
  return findWrongThinking(body)
}

function findWrongThinking({ thinking, max_tokens: limit }: Members): string | undefined {
  if (!isObject(thinking) || thinking.type !== 'enabled') return undefined
  const budget = thinking.budget_tokens
  if (!Number.isInteger(budget) || (budget as number) < budgetMin)
    return `thinking.enabled.budget_tokens: Input should be greater than or equal to ${budgetMin}`
  if (limit !== undefined && (budget as number) >= (limit as number))
    return '`max_tokens` must be greater than `thinking.budget_tokens`.'
  return undefined
}

const isTool = (tool: unknown) => isObject(tool) && typeof tool.name === 'string'

function isMessage(message: unknown): boolean {
  if (!isObject(message) || typeof message.role !== 'string') return false
  const { content } = message
  return typeof content === 'string' || (Array.isArray(content) && content.every(isObject))
}
