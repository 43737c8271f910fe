import { limits } from '../../config/limits.ts'
import { badRequest } from '../../errors/refusal.ts'
import { freeEndpoint } from './free.ts'
import { parseBody } from '../openai/json-request.ts'
import { refuseNamed } from '../openai/media.ts'
import { Members, refuse } from '../openai/members.ts'
import { responsesDialect } from '../responses/dialect.ts'
import { findMedia } from '../responses/media.ts'

const elsewhere = { ...refuse(), instead: 'Say what was said before in the input.' }

/** OpenAI's own (types of its package for Node, 7.57): nothing is generated, so nothing has a price. */
const known = new Members({
  ...Object.fromEntries(
    [
      'input',
      'instructions',
      'parallel_tool_calls',
      'personality',
      'reasoning',
      'text',
      'tool_choice',
      'tools',
      'truncation',
    ].map((name) => [name, 'free'] as const),
  ),
  model: 'bounded',
  // Whose it is would have to be looked up for a figure that costs nothing.
  previous_response_id: elsewhere,
  conversation: elsewhere,
})

/** `POST /v1/responses/input_tokens`: how many tokens a request would have, for nothing. */
export const inputTokens = freeEndpoint({
  path: '/v1/responses/input_tokens',
  upstreamPath: 'responses/input_tokens',
  hasMember: known.has,
  kind: 'chat',
  isHelper: true,
  dialect: responsesDialect,
  limits: limits.endpoints.responses,
  *read(raw, allowed) {
    const parsed = yield* parseBody(raw, known, allowed)
    const input = parsed.body.input ?? null
    if (input === null) throw badRequest("Missing required parameter: 'input'.", 'input')
    refuseNamed(findMedia([input].flat(), parsed.unread, false).named, allowed)
    return parsed
  },
  isAnswer: ({ input_tokens: tokens }) => typeof tokens === 'number',
})
