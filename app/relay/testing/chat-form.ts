import type { Model, PricedModel, TermsNow } from '../../catalog/catalog.server.ts'
import { Pseudonyms, type Target } from '../../upstreams/upstreams.server.ts'
import { plainFactor } from '../../values/factors.ts'
import { tellableCode } from '../../values/logs/tellable-code.ts'
import { wayOf } from '../attempts/way.ts'
import { chat } from '../chat/chat.ts'
import { chunks } from '../chat/said.ts'
import { atOnce } from '../text/steps.ts'
import type { Asked, TestForm } from './tested-call.ts'
import { clockNow } from '../../values/clock.ts'

/** Nothing of such a call is charged. */
const nothing: TermsNow = {
  tiers: [{ upToInputTokens: null, prices: { input: 0, output: 0 } }],
  basisPoints: {},
  serviceTiers: [],
}

/** The model as a call would find it. */
function free(model: Model, { offer: { upstream, theirName } }: Target): PricedModel {
  const { tiers, ...rest } = nothing
  const terms = { times: [{ when: null, tiers }], ...rest }
  const price = { id: 0, effectiveFrom: new Date(0), terms }
  const own = { upstream, theirName, price, terms: nothing, priceFactor: plainFactor, cost: null }
  return { ...model, offers: [own], price, terms: nothing }
}

/** The body as a customer's would go out, with one token to be said. */
function bodyFor({ model, target, streamed }: Asked) {
  const priced = free(model, target)
  const catalog = {
    find: () => priced,
    list: () => [priced],
    refresh: () => Promise.resolve(),
  }
  const limit = model.reasoning ? 'max_completion_tokens' : 'max_tokens'
  const messages = [{ role: 'user', content: 'Say OK.' }]
  const body = { model: model.name, messages, [limit]: 1, ...(streamed && { stream: true }) }
  const raw = Buffer.from(JSON.stringify(body))
  const call = atOnce(chat.read(raw, catalog, clockNow(), new Set()))
  // Of no account: there is none with this number.
  const pseudonyms = new Pseudonyms({ SESSION_SECRET: 'a call that tests an upstream' }, 1)
  const way = wayOf(target, chat, { accountId: 0, call, pseudonyms })
  return { call, pieces: chat.bodyFor(call, model.outputTokensMax, way) }
}

function codeIn(bytes: Buffer): string | undefined {
  let body: unknown
  try {
    body = JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
  return tellableCode(chat.dialect.errorIn(body)?.kinds ?? [])
}

/** A chat completion, made and read as customers' are. */
export function chatForm(asked: Asked): TestForm {
  const { call, pieces } = bodyFor(asked)
  const { reasoning, end } = asked.target.upstream.definition
  return {
    path: chat.upstreamPath,
    body: pieces,
    plain(answer) {
      const said = chat.plain(answer, reasoning)
      if (!said) return { code: codeIn(answer) ?? 'no_completion' }
      return { model: said.model, reported: said.reported, isWhole: true }
    },
    look(event, seen, elapsed) {
      const found = chunks.look(event, call, seen.reported, reasoning)
      const { model, delivered } = chunks.heard(event)
      seen.model ??= model ?? null
      seen.reported = found.reported ?? seen.reported
      if (found.kind === 'error') seen.code = 'error_event'
      if (found.kind === 'end') seen.isWhole = true
      if (delivered.length > 0 || found.kind === 'end') seen.firstEventMs ??= elapsed()
      if (end === 'finish' && delivered.some((it) => it.isLast)) seen.isWhole = true
    },
  }
}
