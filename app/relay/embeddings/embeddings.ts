import { askFor } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { badRequest, Refused } from '../../errors/refusal.ts'
import type { Ask } from '../../ledger/ledger.server.ts'
import { figureInEnglish } from '../../errors/english.ts'
import { readEmbeddings } from './answer.ts'
import type { Call, Endpoint } from '../endpoint.ts'
import { openaiDialect } from '../openai/dialect.ts'
import { findModel, parseBody, readWhole, type Body } from '../openai/json-request.ts'
import { scanWithNumbers } from '../openai/long-lists.ts'
import { Members } from '../openai/members.ts'
import {
  countedInput,
  countedMost,
  keptBytes,
  mostTokens,
  readPrompts,
  type Prompts,
} from '../openai/prompts.ts'
import { bodyAsItCame } from '../openai/upstream-body.ts'
import type { Scan } from '../text/json-members.ts'

type EmbeddingsCall = Call & { raw: Buffer; scan: Scan; inputs: Prompts }

const { answerBytesMax, bytesPerNumber, dimensionsUsual, inputsMax, tokensMax } =
  limits.endpoints.embeddings

/** OpenAI's own, and how common servers of open models read and shape a vector; none has a price. */
const known = new Members({
  model: 'bounded',
  input: 'bounded',
  // They make an answer longer than it can be.
  dimensions: 'bounded',
  encoding_format: 'bounded',
  user: 'free',
  // Voyage, Jina, NVIDIA, Mistral, vLLM, Text Embeddings Inference.
  input_type: 'free',
  truncate: 'free',
  truncation: 'free',
  truncate_prompt_tokens: 'free',
  task: 'free',
  normalize: 'free',
  output_dtype: 'free',
  output_dimension: 'free',
})

/** The upstream would refuse them, and what cannot be read need not be paid for to be known. */
function refuseTooMany({ tokens, texts, most }: Prompts) {
  const isText = tokens === 0
  const isMore = isText
    ? texts.length === 0 || most > tokensMax * limits.tokens.bytesPerTokenMost
    : tokens > tokensMax
  if (!isMore) return
  const number = figureInEnglish(tokensMax)
  throw new Refused('request_too_large', {
    message: `This request holds more than ${number} tokens, which is all that one may.`,
    param: 'input',
  })
}

/** Refuses what would be answered with more than is passed on, before anybody is paid for it. */
function refuseTooHeavy(body: Body, { count }: Prompts) {
  const format = body.encoding_format ?? 'float'
  if (format !== 'float' && format !== 'base64')
    throw badRequest("'encoding_format' must be 'float' or 'base64'.", 'encoding_format')
  const own = readWhole(body, 'dimensions', 1, Number.MAX_SAFE_INTEGER)
  const dimensions = own ?? readWhole(body, 'output_dimension', 1, Number.MAX_SAFE_INTEGER)
  const most = Math.floor(answerBytesMax / bytesPerNumber[format] / (dimensions ?? dimensionsUsual))
  if (count <= most) return
  const cure = format === 'float' ? "Ask for the 'encoding_format' base64, or send" : 'Send'
  throw badRequest(
    `The answer for ${count} inputs may be longer than ${answerBytesMax / 2 ** 20} MiB, which is not passed on. ` +
      `${cure} at most ${most} inputs.`,
    'encoding_format',
  )
}

const askOf = ({ reachable, serviceTier }: EmbeddingsCall, inputTokens: number): Ask =>
  // Nothing is said.
  askFor(
    reachable,
    { inputTokens, outputTokensWanted: 0, outputTokensMax: 0, choices: 1 },
    serviceTier,
  )

/** `POST /v1/embeddings` (OpenAI's reference, "Create embeddings"): what is read is all it costs. */
export const embeddings: Endpoint<EmbeddingsCall> = {
  path: '/v1/embeddings',
  upstreamPath: 'embeddings',
  hasMember: known.has,
  kind: 'embedding',
  dialect: openaiDialect,
  limits: limits.endpoints.embeddings,
  *read(raw, catalog, at, allowed) {
    const scanned = (body: Buffer) => scanWithNumbers(body, 'input')
    const parsed = yield* parseBody(raw, known, allowed, undefined, scanned)
    const model = findModel(parsed.body.model, 'embedding', catalog, at)
    const inputs = yield* readPrompts(parsed, 'input', { countMax: inputsMax, model })
    refuseTooMany(inputs)
    refuseTooHeavy(parsed.body, inputs)
    return {
      model,
      offers: model.offers,
      reachable: model.offers,
      streamed: false,
      serviceTier: null,
      unsized: false,
      mayThink: false,
      cacheKey: null,
      isUnlimited: false,
      raw,
      scan: parsed.scan,
      inputs,
    }
  },
  bound: (call) => askOf(call, mostTokens(call.inputs, call.model)),
  async boundExactly(call) {
    return askOf(call, await countedMost(call.inputs, call.model))
  },
  countInput: ({ inputs, model }) => countedInput(inputs, model),
  limitFor: () => null,
  bodyFor: (call, _, way) => bodyAsItCame(call, way),
  letGo: ({ inputs }) => keptBytes(inputs),
  dropBody(call) {
    call.raw = Buffer.of()
  },
  plain: readEmbeddings,
  broken: () => ({ reported: undefined, delivered: () => [] }),
}
