import { limits } from '../../config/limits.ts'
import { readBroken, readCompletion } from '../chat/completion.ts'
import { chunks } from '../chat/said.ts'
import type { Endpoint } from '../endpoint.ts'
import { openaiDialect } from '../openai/dialect.ts'
import { countedInput, keptBytes } from '../openai/prompts.ts'
import { bodyFor, limitFor } from './body.ts'
import { boundSayingLimit, estimateByBytes, estimateExactly } from './estimate.ts'
import { knownMembers } from './members.ts'
import { readCompletionRequest, type CompletionCall } from './request.ts'

/** `POST /v1/completions`, plain and streamed (OpenAI's reference, "Create completion"). */
export const completions: Endpoint<CompletionCall> = {
  path: '/v1/completions',
  upstreamPath: 'completions',
  hasMember: knownMembers.has,
  kind: 'completion',
  dialect: openaiDialect,
  limits: limits.endpoints.completions,
  read: readCompletionRequest,
  bound: estimateByBytes,
  boundExactly: estimateExactly,
  boundSayingLimit,
  countInput: ({ prompts, model }) => countedInput(prompts, model),
  limitFor,
  bodyFor,
  letGo: ({ prompts }) => keptBytes(prompts),
  dropBody(call) {
    call.raw = Buffer.of()
    call.streamOptions = {}
  },
  plain: readCompletion,
  broken: readBroken,
  // Its chunks differ from those of a chat in where their text stands.
  stream: chunks,
}
