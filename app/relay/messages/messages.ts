import { limits } from '../../config/limits.ts'
import type { Endpoint } from '../endpoint.ts'
import { bodyAsItCame } from '../openai/upstream-body.ts'
import { messagesDialect } from './dialect.ts'
import { bound, boundSayingLimit, countInput, dropBody, letGo } from './estimate.ts'
import { events } from './events.ts'
import { knownMembers } from './members.ts'
import { readAnswer, readBroken } from './message.ts'
import { readMessage, type MessagesCall } from './request.ts'

/** `POST /v1/messages`, plain and streamed (Anthropic's reference, "Messages"). */
export const messages: Endpoint<MessagesCall> = {
  path: '/v1/messages',
  upstreamPath: 'messages',
  hasMember: knownMembers.has,
  kind: 'chat',
  dialect: messagesDialect,
  limits: limits.endpoints.messages,
  read: readMessage,
  bound: (call) => bound(call),
  boundExactly: (call) => Promise.resolve(bound(call)),
  boundSayingLimit,
  countInput,
  // The body says what its client wrote: what is held covers all that it asks for.
  limitFor: () => null,
  bodyFor: (call, _, way) => bodyAsItCame(call, way),
  letGo,
  dropBody,
  plain: readAnswer,
  broken: readBroken,
  stream: events,
}
