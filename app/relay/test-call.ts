import type { Model, PricedModel, TermsNow } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { AbortEmitter } from '../http/http.server.ts'
import {
  Pseudonyms,
  tellsSecret,
  type AnswerBody,
  type OwnHeaders,
  type Target,
} from '../upstreams/upstreams.server.ts'
import { plainFactor } from '../values/factors.ts'
import { tellableCode } from '../values/tellable-code.ts'
import { wayOf } from './attempts/way.ts'
import { chat } from './chat/chat.ts'
import { chunks } from './chat/said.ts'
import type { Reported } from './endpoint.ts'
import { EventSplitter, firstEventEnd } from './text/events.ts'
import { atOnce } from './text/steps.ts'

/** What a call that was made to look at an upstream has shown. */
export type TestedCall = {
  status: number | null
  /** The code of its error, or of why there was no answer; null where all was well. */
  code: string | null
  /** By which they know it. */
  requestId: string | null
  ms: number
  /** Of a stream, until its first event. */
  firstEventMs: number | null
  /** The model that says it has answered. */
  model: string | null
  reported: Reported | undefined
  /** Its answer was a completion; of a stream, its last word came too. */
  isWhole: boolean
}
type Asked = { model: Model; target: Target; headers: OwnHeaders; streamed: boolean }

const { msMax, answerBytesMax } = limits.upstreams.test

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
  const call = atOnce(chat.read(raw, catalog, new Date(), new Set()))
  // Of no account: there is none with this number.
  const pseudonyms = new Pseudonyms({ SESSION_SECRET: 'a call that tests an upstream' }, 1)
  const way = wayOf(target, chat, { accountId: 0, call, pseudonyms })
  return { call, pieces: chat.bodyFor(call, model.outputTokensMax, way), way }
}

const tooLong = () => Object.assign(new Error('too long'), { code: 'too_long' })

/** Rejects where the connection breaks, and where it says more than anybody has asked for. */
const readAll = (body: AnswerBody, onPiece: (piece: Buffer) => void) =>
  new Promise<void>((resolve, reject) => {
    let bytes = 0
    body.on('data', (piece) => {
      bytes += piece.length
      if (bytes <= answerBytesMax) return onPiece(piece)
      reject(tooLong())
      body.destroy()
    })
    body.on('end', resolve)
    body.on('error', reject)
    body.on('close', () => reject(new Error('closed')))
  })

function codeIn(bytes: Buffer): string | undefined {
  let body: unknown
  try {
    body = JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
  return tellableCode(chat.dialect.errorIn(body)?.kinds ?? [])
}

/** A failure of Node's or undici's by its code; its words may quote what was sent. */
const codeOf = (error: unknown) => {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  return tellableCode([code, cause?.code].filter((it): it is string => typeof it === 'string'))
}

type Seen = Partial<Pick<TestedCall, 'model' | 'reported' | 'isWhole' | 'firstEventMs'>> & {
  code?: string | undefined
}

async function readPlain(body: AnswerBody, asked: Asked): Promise<Seen> {
  const pieces: Buffer[] = []
  await readAll(body, (piece) => pieces.push(piece))
  const bytes = Buffer.concat(pieces)
  const said = chat.plain(bytes, asked.target.upstream.definition.reasoning)
  if (!said) return { code: codeIn(bytes) ?? 'no_completion' }
  return { model: said.model, reported: said.reported, isWhole: true }
}

async function readStream(
  body: AnswerBody,
  { target }: Asked,
  { call, elapsed }: { call: ReturnType<typeof bodyFor>['call']; elapsed: () => number },
): Promise<Seen> {
  const seen: Seen = {}
  const splitter = new EventSplitter(answerBytesMax)
  const look = (event: Buffer) => {
    const { reasoning } = target.upstream.definition
    const found = chunks.look(event, call, seen.reported, reasoning)
    const { model, delivered } = chunks.heard(event)
    seen.model ??= model ?? null
    seen.reported = found.reported ?? seen.reported
    if (found.kind === 'error') seen.code = 'error_event'
    if (found.kind === 'end') seen.isWhole = true
    if (delivered.length > 0 || found.kind === 'end') seen.firstEventMs ??= elapsed()
    if (target.upstream.definition.end === 'finish' && delivered.some((it) => it.isLast))
      seen.isWhole = true
  }
  const lookAtAll = (events: Buffer | undefined) => {
    for (let at = 0; events && at < events.length;) {
      const end = firstEventEnd(events, at)
      look(events.subarray(at, end))
      at = end
    }
  }
  await readAll(body, (piece) => lookAtAll(splitter.push(piece)))
  lookAtAll(splitter.end())
  if (!seen.isWhole) seen.code ??= 'no_end'
  return seen
}

/** Makes one real call of one token, as customers' are made, which is booked nowhere. */
export async function testCall(asked: Asked): Promise<TestedCall> {
  const { target, headers: own, streamed } = asked
  const { call, pieces, way } = bodyFor(asked)
  const signal = new AbortEmitter()
  const timer = setTimeout(() => signal.abort(), msMax)
  const beganMs = performance.now()
  const elapsed = () => Math.round(performance.now() - beganMs)
  const { credential } = target.upstream.definition
  const tells = (text: string) => tellsSecret(text, own, credential?.header)
  const result: Omit<TestedCall, 'ms'> = {
    status: null,
    code: null,
    requestId: null,
    firstEventMs: null,
    model: null,
    reported: undefined,
    isWhole: false,
  }
  try {
    const headers = { 'user-agent': 'ai-api-relay' }
    const request = { path: chat.upstreamPath, body: pieces, streamed, headers, signal }
    const theirName = way.theirName ?? asked.model.name
    const answer = await target.upstream.send(request, own, theirName)
    result.status = answer.status
    const id = answer.header('x-request-id') ?? answer.header('request-id')
    result.requestId = id?.slice(0, 100) ?? null
    const isGood = answer.status >= 200 && answer.status < 300
    const seen =
      isGood && streamed
        ? await readStream(answer.body, asked, { call, elapsed })
        : await readPlain(answer.body, asked)
    Object.assign(result, seen)
    if (!isGood) result.isWhole = false
  } catch (error) {
    result.code = signal.aborted ? 'no_answer_in_time' : (codeOf(error) ?? 'unreachable')
  } finally {
    clearTimeout(timer)
  }
  const told = (text: string | null) => (text !== null && tells(text) ? null : text)
  const { code, requestId, model } = result
  return {
    ...result,
    code: told(code) ?? (code === null ? null : 'error'),
    requestId: told(requestId),
    model: told(model),
    ms: elapsed(),
  }
}
