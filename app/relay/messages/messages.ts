import { limits } from '../../config/limits.ts'
import type { Endpoint, Way } from '../endpoint.ts'
import { upstreamBody } from '../openai/upstream-body.ts'
import { messagesDialect } from './dialect.ts'
import { bound, countInput, dropBody, letGo } from './estimate.ts'
import { events } from './events.ts'
import { knownMembers } from './members.ts'
import { readAnswer, readBroken } from './message.ts'
import { readMessage, type MessagesCall } from './request.ts'

/** As the client wrote it, but for the name of a model that the upstream has another one for. */
const bodyFor = ({ raw, scan }: MessagesCall, _: number, way: Way): Buffer[] =>
  upstreamBody(raw, scan, { set: way.theirName === null ? {} : { model: way.theirName } }, way)

/** `POST /v1/messages`, plain and streamed (Anthropic's reference, "Messages"). */
export const messages: Endpoint<MessagesCall> = {
  path: '/v1/messages',
  upstreamPath: 'messages',
  hasMember: knownMembers.has,
  kind: 'chat',
  dialect: messagesDialect,
  limits: limits.endpoints.messages,
  read: readMessage,
  bound,
  boundExactly: (call) => Promise.resolve(bound(call)),
  countInput,
  // The body says what its client wrote: what is held covers all that it asks for.
  limitFor: () => null,
  bodyFor,
  letGo,
  dropBody,
  plain: readAnswer,
  broken: readBroken,
  stream: events,
}
