import { isObject, parseObject, wrongType } from '../chat/chat-request.ts'
import { ErrorAnswer } from '../errors.ts'

type Members = Record<string, unknown>

/** The parts of a request for a response that the demo upstream acts on. */
export type ResponseRequest = {
  model: string
  stream: boolean
  instructions: string
  items: Members[]
  tokensMax: number
  tools: Members[]
  toolChoice: unknown
  searchesMax: number
  form: { type?: unknown; schema?: unknown } | undefined
  stored: boolean
  previousId: string | undefined
  body: Members
}

/** What of other endpoints' requests a relay may be tempted to put in. */
const elsewhere = [
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'stop',
  'response_format',
  'functions',
  'function_call',
  'seed',
]
const outputTokensMin = 16

/** Reads a request as strictly as OpenAI does where a relay could get it wrong. */
export function parseResponseRequest(text: string): ResponseRequest | ErrorAnswer {
  const body = parseObject(text)
  if (!body) return new ErrorAnswer(400, 'We could not parse the JSON body of your request.')
  const wrong = findWrong(body)
  if (wrong) return wrong
  const { input, previous_response_id: previous } = body
  const format = isObject(body.text) ? body.text.format : undefined
  return {
    model: body.model as string,
    stream: body.stream === true,
    instructions: typeof body.instructions === 'string' ? body.instructions : '',
    items: itemsOf(input),
    tokensMax: Number(body.max_output_tokens ?? Infinity),
    tools: (body.tools as Members[] | null | undefined) ?? [],
    toolChoice: body.tool_choice,
    searchesMax: Number(body.max_tool_calls ?? Infinity),
    form: isObject(format) ? format : undefined,
    stored: body.store !== false,
    previousId: typeof previous === 'string' ? previous : undefined,
    body,
  }
}

/** A string is what a user says; a list is as it is. */
const itemsOf = (input: unknown): Members[] =>
  typeof input === 'string'
    ? [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
    : ((input as Members[] | undefined) ?? [])

function findWrong(body: Members): ErrorAnswer | undefined {
  if (typeof body.model !== 'string' || body.model === '') {
    const code = 'missing_required_parameter'
    return new ErrorAnswer(400, "Missing required parameter: 'model'.", code, 'model')
  }
  const foreign = elsewhere.find((name) => name in body)
  if (foreign !== undefined) {
    const words = `Unsupported parameter: '${foreign}'.`
    return new ErrorAnswer(400, words, 'unsupported_parameter', foreign)
  }
  if (!isInput(body)) {
    const code = 'missing_required_parameter'
    return body.input === undefined
      ? new ErrorAnswer(400, "Missing required parameter: 'input'.", code, 'input')
      : wrongType('input')
  }
  if (body.stream != null && typeof body.stream !== 'boolean') return wrongType('stream')
  if (body.tools != null && !(Array.isArray(body.tools) && body.tools.every(hasType)))
    return wrongType('tools')
  return findWrongNumber(body) ?? findWrongState(body)
}

function isInput({ input, previous_response_id, conversation, prompt }: Members): boolean {
  if (typeof input === 'string') return true
  if (Array.isArray(input)) return input.every((item) => isObject(item) && isItem(item))
  return input === undefined && (previous_response_id ?? conversation ?? prompt) != null
}

function isItem({ type = 'message', role, content }: Members): boolean {
  if (type !== 'message') return typeof type === 'string'
  const isContent = typeof content === 'string' || Array.isArray(content)
  return typeof role === 'string' && isContent
}

const hasType = (tool: unknown) => isObject(tool) && typeof tool.type === 'string'

function findWrongNumber(body: Members): ErrorAnswer | undefined {
  for (const [name, least] of [
    ['max_output_tokens', outputTokensMin],
    ['max_tool_calls', 1],
  ] as const) {
    const value = body[name]
    if (value == null) continue
    if (!Number.isInteger(value)) return wrongType(name)
    if ((value as number) >= least) continue
    const words =
      `Invalid '${name}': integer below minimum value. ` +
      `Expected a value >= ${least}, but got ${value as number} instead.`
    return new ErrorAnswer(400, words, 'integer_below_min_value', name)
  }
  return undefined
}

function findWrongState(body: Members): ErrorAnswer | undefined {
  const options = body.stream_options
  if (isObject(options) && 'include_usage' in options) {
    const param = 'stream_options.include_usage'
    return new ErrorAnswer(400, `Unknown parameter: '${param}'.`, 'unknown_parameter', param)
  }
  if (options != null && body.stream !== true) {
    const words = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    return new ErrorAnswer(400, words, null, 'stream_options')
  }
  if (body.background === true && body.store === false)
    return new ErrorAnswer(400, 'Background responses have to be stored.', null, 'background')
  return undefined
}
