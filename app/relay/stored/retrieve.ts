import { limits } from '../../config/limits.ts'
import { plainRefusal, type ErrorWords } from '../../errors/errors.ts'
import { PassedOn, Refused } from '../../errors/refusal.ts'
import { AbortEmitter, Answer, type Exchange } from '../../http/http.server.ts'
import type { Pass } from '../../rates/rates.server.ts'
import type { Services } from '../../services.ts'
import type { AnswerShare, Reach, UpstreamAnswer } from '../../upstreams/upstreams.server.ts'
import { countIn } from '../admission/let-in.ts'
import { agent } from '../attempts/client-headers.ts'
import { isForClient } from '../blame.ts'
import type { Place } from '../endpoint.ts'
import { readAll } from '../read-all.ts'
import { AnswerStream, Came, readAnswer } from '../read-answer.ts'
import { responsesDialect } from '../responses/dialect.ts'
import { responseNotFound } from '../responses/kept.ts'
import { findStored, forgetStored } from '../responses/stored.ts'
import { clockMs, clockNow } from '../../values/clock.ts'

/** What is asked of an answer that an upstream keeps. */
type Asked = {
  id: string
  method: 'GET' | 'DELETE'
  /** Of what lies below it. */
  below?: '/input_items'
  query?: string
}
type Asking = { accountId: number; keyId: number; exchange: Exchange; services: Services }

/** Where an account's own answer lies. Throws `Refused` for what is not theirs, or not there. */
async function reachFor(id: string, { accountId, services }: Asking): Promise<Reached> {
  const { db, upstreams, catalog } = services
  const stored = await findStored(db, id, accountId)
  const reach = stored && upstreams.at(stored.place)
  if (!stored || !reach?.has('responses')) throw responseNotFound(id)
  if (reach.isOff) throw new Refused('upstream_unavailable')
  const offers = catalog.find(stored.model, clockNow())?.offers ?? []
  const offer = offers.find(({ upstream }) => upstream === stored.place.upstream)
  const { place, model } = stored
  return { reach, place, model, theirName: offer?.theirName ?? model }
}
type Reached = { reach: Reach; place: Place; model: string; theirName: string }

/** Refuses what is not one's own, in the words for what there is not. */
export async function requireStored(id: string, accountId: number, services: Services) {
  if (!(await findStored(services.db, id, accountId))) throw responseNotFound(id)
}

/** Ends what is asked when its client leaves, or when it takes too long. */
function patience({ gone }: Exchange) {
  const signal = new AbortEmitter()
  const leave = () => signal.abort()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    signal.abort()
  }, limits.responses.stored.askMsMax)
  if (gone.aborted) signal.abort()
  else gone.once('abort', leave)
  return {
    signal,
    failure() {
      if (isLate) return new Refused('upstream_timeout')
      return new Refused(gone.aborted ? 'client_closed_request' : 'upstream_unavailable')
    },
    end() {
      clearTimeout(timer)
      gone.off('abort', leave)
    },
  }
}

/**
 * Asks the upstream that keeps an answer of the account, with the key that it was given to, and
 * passes on what it says. It costs nothing, and no call has a row for it; of limits it is a request
 * of its model. One that is taken away is
 * forgotten here too, also where the upstream has it no more. So many may be under way, and no
 * more: no hold bounds them. Throws `Refused` or `PassedOn`.
 */
export async function askForStored(asked: Asked, asking: Asking): Promise<Answer> {
  const { accountId, services } = asking
  if (services.refusing()) throw new Refused('overloaded')
  const giveBack = services.storedAsks.take(accountId)
  if (!giveBack) throw new Refused('overloaded', { message: tooMany })
  let pass: Pass | undefined
  try {
    const reached = await reachFor(asked.id, asking)
    const { exchange, keyId } = asking
    const of = { callId: exchange.callId, accountId, keyId, model: reached.model }
    pass = await countIn(of, { services, dialect: responsesDialect })
    const answer = await askUpstream(asked, asking, reached)
    if (pass) answer.headers.push(...responsesDialect.limitHeaders(pass.figures, clockMs()))
    return answer
  } finally {
    pass?.end(0)
    giveBack()
  }
}

const tooMany = 'Too many stored responses are being asked for. Try again in a moment.'

async function askUpstream(
  asked: Asked,
  asking: Asking,
  { reach, place, theirName }: Reached,
): Promise<Answer> {
  const { accountId, exchange, services } = asking
  const share = services.answers.open(accountId)
  const patient = patience(exchange)
  try {
    const answer = await send(asked, { reach, theirName, signal: patient.signal })
    if (isWhole(answer)) return await passOn(asked, asking, { answer, share })
    throw await failureOf(asked, asking, { answer, reach })
  } catch (error) {
    share.end()
    if (error instanceof Refused || error instanceof PassedOn) throw error
    services.log.failed('upstream_failed', error, { request: exchange.requestId, ...place })
    throw patient.failure()
  } finally {
    patient.end()
  }
}

function send(
  { id, method, below, query }: Asked,
  { reach, theirName, signal }: { reach: Reach; theirName: string; signal: AbortEmitter },
): Promise<UpstreamAnswer> {
  const call = {
    path: 'responses',
    method,
    below: `/${encodeURIComponent(id)}${below ?? ''}`,
    body: [],
    streamed: false,
    headers: { 'user-agent': agent },
    signal,
    ...(query && { query }),
  }
  return reach.send(call, theirName)
}

const isWhole = (answer: UpstreamAnswer) =>
  answer.status === 200 &&
  (answer.header('content-type') ?? '').toLowerCase().startsWith('application/json') &&
  (answer.header('content-encoding') ?? 'identity') === 'identity'

/** A good answer, as it came. */
async function passOn(
  { id, method }: Asked,
  { accountId, services }: Asking,
  { answer, share }: { answer: UpstreamAnswer; share: AnswerShare },
): Promise<Answer> {
  const came = new Came()
  const { answerBytesMax } = limits.endpoints.responses
  const read = await readAnswer(answer.body, came, share, answerBytesMax)
  if (read === 'no-room') throw new Refused('overloaded')
  if (read === 'too-long') throw new Refused('upstream_error')
  if (read === 'cut') throw new Error('the upstream was cut')
  if (method === 'DELETE') await forgetStored(services.db, id, accountId)
  const headers = ['content-type', 'application/json', 'content-length', String(came.bytes)]
  return new Answer(new AnswerStream(came.pieces, share), { status: 200, headers })
}

/** What any other answer is to the client. */
async function failureOf(
  { id, method }: Asked,
  { accountId, exchange, services }: Asking,
  { answer, reach }: { answer: UpstreamAnswer; reach: Reach },
): Promise<Refused | PassedOn> {
  const { status, body } = answer
  const bytes = await readAll(body, limits.upstream.errorBytesMax)
  if (status === 404) {
    if (method === 'DELETE') await forgetStored(services.db, id, accountId)
    return responseNotFound(id)
  }
  if (status === 400 || status === 414 || status === 431)
    return new PassedOn(status, wordsOf(bytes, status, reach))
  services.log.warn('upstream_failed', { request: exchange.requestId, status })
  if (status === 429) return new Refused('rate_limit_exceeded')
  return new Refused(status === 503 || status === 529 ? 'upstream_unavailable' : 'upstream_error')
}

/** What the upstream says of a bad request, where its words are for the client. */
function wordsOf(bytes: Buffer | undefined, status: number, reach: Reach): ErrorWords {
  const plain = plainRefusal(status)
  const text = bytes?.toString('utf8') ?? ''
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    // A page says nothing that could be passed on.
    return plain
  }
  const error = responsesDialect.errorIn(said)
  if (error?.message === undefined || !isForClient(error) || reach.tells(text)) return plain
  const { message, type = plain.type, param = null, code = null } = error
  return { message: message.slice(0, limits.upstream.errorCharsMax), type, param, code }
}
