import { limits } from '../../config/limits.ts'
import { freeEndpoint } from './free.ts'
import { messagesDialect } from '../messages/dialect.ts'
import { findMedia } from '../messages/media.ts'
import { knownMembers, openTo } from '../messages/members.ts'
import { readMessageList } from '../messages/request.ts'
import { parseBody } from '../openai/json-request.ts'
import { refuseNamed } from '../openai/media.ts'

/** `POST /v1/messages/count_tokens` (Anthropic's reference, "Count tokens in a Message"): free. */
export const countTokens = freeEndpoint({
  path: '/v1/messages/count_tokens',
  upstreamPath: 'messages/count_tokens',
  hasMember: knownMembers.has,
  kind: 'chat',
  isHelper: true,
  dialect: messagesDialect,
  limits: limits.endpoints.countTokens,
  *read(raw, allowed) {
    const parsed = yield* parseBody(raw, knownMembers, openTo(allowed))
    const list = readMessageList(parsed.body)
    refuseNamed(findMedia(list, parsed.body.system, parsed.unread).named, allowed)
    return parsed
  },
  isAnswer: ({ input_tokens: tokens }) => typeof tokens === 'number',
})
