import type { Catalog } from '../../catalog/catalog.server.ts'
import type { Ask } from '../../ledger/ledger.server.ts'
import type { Allowed, Call, Endpoint, Said, Way } from '../endpoint.ts'
import { valueIn } from '../openai/answer-members.ts'
import { findModel, isObject, type ParsedBody } from '../openai/json-request.ts'
import { upstreamBody } from '../openai/upstream-body.ts'
import type { Scan } from '../text/json-members.ts'
import type { Steps } from '../text/steps.ts'

type FreeCall = Call & { raw: Buffer; scan: Scan; isNamed: boolean }

/** What a plain endpoint must say that costs nothing, whatever its model costs elsewhere. */
type FreeForm = Pick<
  Endpoint,
  'path' | 'upstreamPath' | 'hasMember' | 'kind' | 'isHelper' | 'dialect' | 'limits'
> & {
  /** Reads a body and checks all of it but the model, in steps. Throws `Refused`. */
  read(raw: Buffer, allowed: Allowed, catalog: Catalog, at: Date): Steps<ParsedBody>
  /** The model that is meant where a body names none; without one, each must name its own. */
  modelUsual?: string
  /** Whether it is an answer of this endpoint; any other is the upstream's failure. */
  isAnswer(answer: Record<string, unknown>): boolean
}

/** Nothing is held: providers give these away. */
const nothing: Ask = {
  inputScaled: 0n,
  outputScaledPerToken: 0n,
  outputTokensWanted: 0,
  outputTokensMax: 0,
}

/** The upstream is asked for the model that the books name. */
function bodyFor({ raw, scan, model, isNamed }: FreeCall, _: number, way: Way): Buffer[] {
  const name = way.theirName ?? (isNamed ? null : model.name)
  return upstreamBody(raw, scan, { set: name === null ? {} : { model: name } }, way)
}

/**
 * An endpoint that holds and charges nothing, also for whoever has no money, and has no streams:
 * its calls are let in, forwarded and in the history like all others. Figures in its answers are
 * what was asked for, and no bill.
 */
export function freeEndpoint(form: FreeForm): Endpoint<FreeCall> {
  const { read, modelUsual, isAnswer, ...rest } = form
  return {
    ...rest,
    isFree: true,
    *read(body, catalog, at, allowed) {
      const { raw, scan, body: said } = yield* read(body, allowed, catalog, at)
      const model = findModel(said.model ?? modelUsual, form.kind, catalog, at)
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
        isNamed: said.model != null,
      }
    },
    bound: () => nothing,
    boundExactly: () => Promise.resolve(nothing),
    countInput: () => Promise.resolve(0),
    limitFor: () => null,
    bodyFor,
    letGo: () => 0,
    dropBody(call) {
      call.raw = Buffer.of()
    },
    plain(bytes): Said | undefined {
      const answer = valueIn(bytes)
      if (!isObject(answer) || answer.error || !isAnswer(answer)) return undefined
      const model = typeof answer.model === 'string' ? answer.model : null
      return { reported: undefined, serviceTier: null, model, delivered: () => [] }
    },
    broken: () => ({ reported: undefined, delivered: () => [] }),
  }
}
