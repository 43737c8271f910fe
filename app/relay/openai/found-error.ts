import { limits } from '../../config/limits.ts'
import type { FoundError } from '../endpoint.ts'

type Json = Record<string, unknown>
const nothing: FoundError = {
  message: undefined,
  type: undefined,
  param: undefined,
  code: undefined,
  status: undefined,
  kinds: [],
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
/** A word that a program compares with; sentences and addresses are none. */
const word = (value: unknown) =>
  typeof value === 'string' && /^(?=.*[a-z])[\w.-]{1,80}$/i.test(value) ? value : undefined
const firstOf = <T>(values: (T | undefined)[]) => values.find((value) => value !== undefined)

/**
 * Where servers of the field put the words: OpenAI `error.message`, Gemini the same in a list, vLLM
 * and Mistral `message`, FastAPI `detail` or `detail[].msg`, Ollama `error`, problem details (RFC
 * 9457) `detail` and `title`. What says most comes first.
 */
const wordsIn = ['errors', 'message', 'detail', 'details', 'msg', 'error_message'] as const
const furtherWordsIn = ['error_description', 'description', 'title', 'Message', 'reason'] as const
const statusIn = ['code', 'status', 'status_code', 'statusCode', 'http_status'] as const
const kindIn = ['code', 'type', 'status', 'error_type', 'error_code', 'reason', 'error'] as const

/** The status that an error says it has, as a number or as the text of one. */
function statusOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value
  const isStatus = typeof number === 'number' && Number.isInteger(number)
  return isStatus && number >= 400 && number <= 599 ? number : undefined
}

/** One complaint of a validator: what is wrong, and where in the body. */
function readComplaint({ msg, message, loc }: Json, path: unknown[]): FoundError {
  const where = path.filter((step, i) => i > 0 || step !== 'body').map(String)
  const param = Array.isArray(loc) && where.length > 0 ? where.join('.') : undefined
  return { ...nothing, message: text(msg) ?? text(message), param }
}

function readList(list: unknown[], depth: number): FoundError {
  const found = list.slice(0, limits.upstream.complaintsMax).map((item) => read(item, depth))
  const said = found.filter(({ message }) => message !== undefined)
  const [first = found[0] ?? nothing] = said
  if (said.length < 2) return first
  const where = ({ param, message }: FoundError) => (param ? `${param}: ${message}` : message)
  return { ...first, message: said.map(where).join('; '), kinds: said.flatMap((it) => it.kinds) }
}

/** Words that are JSON themselves are the error of a server further on. */
function readText(words: string, depth: number): FoundError {
  const own = { ...nothing, message: text(words) }
  if (!/^\s*[[{]/.test(words)) return own
  try {
    const inner = read(JSON.parse(words), depth)
    return inner.message === undefined ? own : inner
  } catch {
    // Words that only begin like it.
    return own
  }
}

function readObject(object: Json, depth: number): FoundError {
  if (Array.isArray(object.loc)) return readComplaint(object, object.loc)
  // Beside further words an `error` that is text is the name of the status.
  const isName = typeof object.error === 'string'
  const others = [...wordsIn, ...furtherWordsIn]
  const names = isName ? [...others, 'error'] : ['error', ...others]
  const found = names.map((name) => read(object[name], depth))
  const inner = found.find((it) => it.message !== undefined) ?? nothing
  const kinds = [...found.flatMap((it) => it.kinds), ...kindIn.map((name) => word(object[name]))]
  return {
    message: inner.message,
    type: inner.type ?? word(object.type) ?? word(object.error_type),
    param: inner.param ?? text(object.param),
    code: inner.code ?? word(object.code) ?? word(object.error_code),
    status: firstOf([
      ...found.map((it) => it.status),
      ...statusIn.map((name) => statusOf(object[name])),
    ]),
    kinds: kinds.filter((kind) => kind !== undefined),
  }
}

function read(value: unknown, depth: number): FoundError {
  if (depth > limits.upstream.errorDepthMax) return nothing
  if (typeof value === 'string') return readText(value, depth + 1)
  if (Array.isArray(value)) return readList(value, depth + 1)
  return isJson(value) ? readObject(value, depth + 1) : nothing
}

/** What a body says is wrong, in whatever shape; undefined where it says nothing of the kind. */
export function foundError(body: unknown): FoundError | undefined {
  if (!isJson(body)) return undefined
  const found = read(body, 0)
  const isSaid = found.message !== undefined || found.status !== undefined
  return isSaid || found.kinds.length > 0 ? found : undefined
}
