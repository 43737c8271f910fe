import { limits } from '../../config/limits.ts'
import type { Endpoint } from '../endpoint.ts'
import { readAnswer, readBroken } from './answer.ts'
import { bodyFor, limitFor } from './body.ts'
import { responsesDialect } from './dialect.ts'
import {
  boundSayingLimit,
  countInput,
  dropBody,
  estimateByBytes,
  estimateExactly,
  letGo,
} from './estimate.ts'
import { kept } from './kept.ts'
import { knownResponsesMembers } from './members.ts'
import { readResponse, type ResponsesCall } from './request.ts'
import { events } from './said.ts'

/** `POST /v1/responses`, plain and streamed (OpenAI's reference, "Create a model response"). */
export const responses: Endpoint<ResponsesCall> = {
  path: '/v1/responses',
  upstreamPath: 'responses',
  hasMember: knownResponsesMembers.has,
  kind: 'chat',
  dialect: responsesDialect,
  limits: limits.endpoints.responses,
  read: readResponse,
  bound: estimateByBytes,
  boundExactly: estimateExactly,
  boundSayingLimit,
  countInput,
  limitFor,
  bodyFor,
  letGo,
  dropBody,
  plain: readAnswer,
  broken: readBroken,
  kept,
  stream: events,
}
