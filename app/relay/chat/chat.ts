import { limits } from '../../config/limits.ts'
import type { Endpoint } from '../endpoint.ts'
import { openaiDialect } from '../openai/dialect.ts'
import { bodyFor, limitFor } from './body.ts'
import { readBroken, readCompletion } from './completion.ts'
import {
  boundSayingLimit,
  countInput,
  dropBody,
  estimateByBytes,
  estimateExactly,
  letGo,
} from './estimate.ts'
import { knownChatMembers } from './members.ts'
import { readChat, type ChatCall } from './request.ts'
import { chunks } from './said.ts'

/** `POST /v1/chat/completions`, plain and streamed (OpenAI's reference, "Chat Completions"). */
export const chat: Endpoint<ChatCall> = {
  path: '/v1/chat/completions',
  upstreamPath: 'chat/completions',
  hasMember: knownChatMembers.has,
  kind: 'chat',
  dialect: openaiDialect,
  limits: limits.endpoints.chat,
  read: readChat,
  bound: estimateByBytes,
  boundExactly: estimateExactly,
  boundSayingLimit,
  countInput,
  limitFor,
  bodyFor,
  letGo,
  dropBody,
  plain: readCompletion,
  broken: readBroken,
  stream: chunks,
}
