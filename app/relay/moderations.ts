import type { Catalog } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { badRequest } from '../errors/refusal.ts'
import type { Ask } from '../ledger/ledger.server.ts'
import type { Allowed, Call, Endpoint, Said, Way } from './endpoint.ts'
import { findModel, isObject, parseBody } from './openai/json-request.ts'
import { Members } from './openai/members.ts'
import { openaiDialect } from './openai/dialect.ts'
import { upstreamBody } from './openai/upstream-body.ts'
import type { Scan } from './text/json-members.ts'
import type { Steps } from './text/steps.ts'

type ModerationCall = Call & { raw: Buffer; scan: Scan; isNamed: boolean }

/** What OpenAI takes a request without a model for. */
const modelUsual = 'omni-moderation-latest'

/** OpenAI's own (types of its package for Node, 6.49); neither has a price. */
const known = new Members({ input: 'free', model: 'bounded' })

const isInput = (value: unknown) =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((item) => typeof item === 'string' || isObject(item)))

function* read(raw: Buffer, catalog: Catalog, at: Date, allowed: Allowed): Steps<ModerationCall> {
  const { scan, body } = yield* parseBody(raw, known, allowed)
  const model = findModel(body.model ?? modelUsual, 'moderation', catalog, at)
  const { input } = body
  if (input === undefined) throw badRequest("Missing required parameter: 'input'.", 'input')
  if (!isInput(input)) throw badRequest("'input' must be text, or a list of inputs.", 'input')
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
    scan,
    isNamed: body.model != null,
  }
}

/** The upstream is asked for the model that the books name. */
function bodyFor({ raw, scan, model, isNamed }: ModerationCall, _: number, way: Way) {
  const name = way.theirName ?? (isNamed ? null : model.name)
  return upstreamBody(raw, scan, { set: name === null ? {} : { model: name } }, way)
}

/** Providers give them away (OpenAI's reference, "Moderations"), so nothing is held. */
const nothing: Ask = {
  inputScaled: 0n,
  outputScaledPerToken: 0n,
  outputTokensWanted: 0,
  outputTokensMax: 0,
}

/** An answer reports no usage and delivers nothing that is charged. */
function readAnswer(bytes: Buffer): Said | undefined {
  try {
    const answer = JSON.parse(bytes.toString('utf8')) as {
      results?: unknown
      model?: unknown
    } | null
    if (!Array.isArray(answer?.results)) return undefined
    const model = typeof answer.model === 'string' ? answer.model : null
    return { reported: undefined, serviceTier: null, model, delivered: () => [] }
  } catch {
    // Half an answer, or none.
    return undefined
  }
}

/** `POST /v1/moderations`: free, and in the history like every other call. */
export const moderations: Endpoint<ModerationCall> = {
  path: '/v1/moderations',
  upstreamPath: 'moderations',
  hasMember: known.has,
  kind: 'moderation',
  dialect: openaiDialect,
  limits: limits.endpoints.moderations,
  read,
  bound: () => nothing,
  boundExactly: () => Promise.resolve(nothing),
  countInput: () => Promise.resolve(0),
  limitFor: () => null,
  bodyFor,
  letGo: () => 0,
  dropBody(call) {
    call.raw = Buffer.of()
  },
  plain: readAnswer,
  broken: () => ({ reported: undefined, delivered: () => [] }),
}
