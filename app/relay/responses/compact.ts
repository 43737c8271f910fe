import { limits } from '../../config/limits.ts'
import type { Endpoint } from '../endpoint.ts'
import { bodyAsItCame } from '../openai/upstream-body.ts'
import { readAnswer, readBroken } from './answer.ts'
import { responsesDialect } from './dialect.ts'
import { compactionByBytes, compactionExactly, countInput, dropBody, letGo } from './estimate.ts'
import { keptBefore } from './kept.ts'
import { knownCompactMembers } from './members.ts'
import { readCompaction, type ResponsesCall } from './request.ts'

/** `POST /v1/responses/compact`: a long talk made short, at what it costs to read and write. */
export const compact: Endpoint<ResponsesCall> = {
  path: '/v1/responses/compact',
  upstreamPath: 'responses/compact',
  hasMember: knownCompactMembers.has,
  kind: 'chat',
  isHelper: true,
  dialect: responsesDialect,
  limits: limits.endpoints.responses,
  read: readCompaction,
  bound: compactionByBytes,
  boundExactly: compactionExactly,
  countInput,
  limitFor: () => null,
  bodyFor: (call, _, way) => bodyAsItCame(call, way),
  letGo,
  dropBody,
  plain: readAnswer,
  broken: readBroken,
  kept: keptBefore,
}
