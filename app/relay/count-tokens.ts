import { limits } from '../config/limits.ts'
import { freeEndpoint } from './free.ts'
import { messagesDialect } from './messages/dialect.ts'
import { knownMembers, openTo } from './messages/members.ts'
import { readMessageList } from './messages/request.ts'
import { parseBody } from './openai/json-request.ts'

/** `POST /v1/messages/count_tokens` (Anthropic's reference, "Count tokens in a Message"): free. */
export const countTokens = freeEndpoint({
  path: '/v1/messages/count_tokens',
  upstreamPath: 'messages/count_tokens',
  hasMember: knownMembers.has,
  kind: 'chat',
  dialect: messagesDialect,
  limits: limits.endpoints.countTokens,
  *read(raw, allowed) {
    const parsed = yield* parseBody(raw, knownMembers, openTo(allowed))
    readMessageList(parsed.body)
    return parsed
  },
  isAnswer: ({ input_tokens: tokens }) => typeof tokens === 'number',
})
