import { limits } from '../../config/limits.ts'
import { badRequest } from '../../errors/refusal.ts'
import { freeEndpoint } from './free.ts'
import { isObject, parseBody } from '../openai/json-request.ts'
import { Members } from '../openai/members.ts'
import { openaiDialect } from '../openai/dialect.ts'

/** OpenAI's own (types of its package for Node, 6.49); neither has a price. */
const known = new Members({ input: 'free', model: 'bounded' })

const isInput = (value: unknown) =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((item) => typeof item === 'string' || isObject(item)))

/** `POST /v1/moderations` (OpenAI's reference, "Moderations"): free. */
export const moderations = freeEndpoint({
  path: '/v1/moderations',
  upstreamPath: 'moderations',
  hasMember: known.has,
  kind: 'moderation',
  dialect: openaiDialect,
  limits: limits.endpoints.moderations,
  /** What OpenAI takes a request without a model for. */
  modelUsual: 'omni-moderation-latest',
  *read(raw, allowed) {
    const parsed = yield* parseBody(raw, known, allowed)
    const { input } = parsed.body
    if (input === undefined) throw badRequest("Missing required parameter: 'input'.", 'input')
    if (!isInput(input)) throw badRequest("'input' must be text, or a list of inputs.", 'input')
    return parsed
  },
  isAnswer: ({ results }) => Array.isArray(results),
})
