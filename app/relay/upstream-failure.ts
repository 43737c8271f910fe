import { limits } from '../config/limits.ts'
import { askToWait, plainRefusal, type ErrorWords } from '../errors/errors.ts'
import { PassedOn, Refused, type CallFailure } from '../errors/refusal.ts'
import type { AttemptFailure, UpstreamAnswer } from '../upstreams/upstreams.server.ts'
import {
  blameFor,
  isContent,
  isCredentials,
  isForClient,
  namesOperator,
  isOfOneRequest,
  statusWithin,
  type Blame,
} from './blame.ts'
import type { FoundError } from './endpoint.ts'
import { readAll } from './read-all.ts'
import { retryAfterMsOf } from './retry-after.ts'
import type { Run } from './run.ts'
import { inOurNames, isModelGone, type Named } from './attempts/their-model.ts'
import type { Try } from './attempts/try.ts'
import { dataOf } from './text/events.ts'

/** What an upstream's own error becomes: passed on where it is about the request, else our words. */

type Failure = CallFailure | PassedOn

/** An upstream that answered with anything but a good answer. */
class UpstreamStatus extends Error {
  readonly code: string
  constructor(status: number) {
    super()
    this.code = `HTTP_${status}`
  }
}

const isPacked = (answer: UpstreamAnswer) =>
  (answer.header('content-encoding') ?? 'identity') !== 'identity'
const typeOf = (answer: UpstreamAnswer) => (answer.header('content-type') ?? '').toLowerCase()

/** Whether an upstream's answer is one that can be passed on, as far as its head tells. */
export const isGoodAnswer = ({ call }: Run, answer: UpstreamAnswer): boolean =>
  answer.status === 200 &&
  typeOf(answer).startsWith(call.streamed ? 'text/event-stream' : 'application/json') &&
  !isPacked(answer)

/**
 * Why an upstream's answer is none that can be passed on. A 200 of another type is the upstream's
 * failure, unless it is an error that says otherwise.
 */
export async function failureOfAnswer(
  run: Run,
  tried: Try,
  answer: UpstreamAnswer,
): Promise<Failure> {
  const { status, body } = answer
  if (status === 200 && (isPacked(answer) || !typeOf(answer).startsWith('application/json'))) {
    body.destroy()
    return failureOfBody(run, tried, { answer, bytes: undefined })
  }
  // A body that breaks off says nothing that could be passed on.
  const bytes = await readAll(body, limits.upstream.errorBytesMax).catch(() => undefined)
  return failureOfBody(run, tried, { answer, bytes })
}

/** The failure that an answer is which is no good one, by its status and what its body says. */
export function failureOfBody(
  run: Run,
  tried: Try,
  { answer, bytes }: { answer: UpstreamAnswer; bytes: Buffer | undefined },
): Failure {
  const isShort = bytes !== undefined && bytes.length <= limits.upstream.errorBytesMax
  return failureOfError(run, tried, { answer, text: isShort ? utf8.decode(bytes) : undefined })
}

/**
 * The failure that the first event of a stream is, or what came in place of one: its status line
 * was a 200, and says nothing.
 */
export function failureOfEvent(
  run: Run,
  tried: Try,
  { answer, event }: { answer: UpstreamAnswer; event: Buffer },
): Failure {
  tried.isGood = false
  return failureOfError(run, tried, { answer, text: dataOf(event) ?? utf8.decode(event) })
}

/** Of an error in the middle of a stream only its name is kept; what it means is another matter. */
export function noteErrorEvent(run: Run, tried: Try, event: Buffer) {
  const error = errorIn(run, dataOf(event))
  tried.noteCode(error?.code, error?.type)
}

/**
 * Whether what an upstream says at the end of its answer is the client's to read: where it is the
 * operator's key or purse that failed it, or its words name the operator, it is not.
 */
export function isForTheClient(run: Run, tried: Try, event: Buffer): boolean {
  const text = dataOf(event) ?? ''
  if (tried.tells(text)) return false
  const error = errorIn(run, text)
  if (!error) return true
  const blame = blameFor(statusWithin(error), error)
  return blame !== 'operator' && blame !== 'purse' && isForClient(error)
}

function failureOfError(
  run: Run,
  tried: Try,
  { answer, text }: { answer: UpstreamAnswer; text: string | undefined },
): Failure {
  const error = errorIn(run, text)
  tried.noteCode(error?.code, error?.type)
  tried.isRefused = answer.status !== 200 || error !== undefined
  const status = answer.status === 200 ? (error ? statusWithin(error) : 500) : answer.status
  const named = { theirs: tried.offer.theirName, ours: run.call.model.name }
  const isGone = isModelGone(status, error, named)
  // Which model it is asked for is the operator's word, and no client's.
  const blame = isGone ? 'operator' : blameFor(status, error)
  if (blame === 'client') {
    const isOurs = text !== undefined && inOurNames(text, named) === text
    const passes = isOurs && error && isPassing(run, tried, error, text)
    const words = wordsFor(tried, named, { status, error })
    return new PassedOn(status, words, passes ? text : undefined)
  }
  const refused = refusedFor(status, blame === 'limit', blame === 'purse')
  const waitMs = retryAfterMsOf(answer.headers, text)
  if (waitMs !== undefined) askToWait(refused.wire, waitMs)
  tried.noteKind(kindOf(status, blame, error), waitMs)
  tried.saysNothing = isGone || isOfRequest(status, blame, error)
  noteFailure(run, tried, answer.status, isGone)
  return refused
}

/** What it is to whoever chooses among upstreams. */
function kindOf(status: number, blame: Blame, error: FoundError | undefined): AttemptFailure {
  if (blame === 'limit') return 'limit'
  if (isCredentials(status, error)) return 'credential'
  if (status === 403) return 'refused'
  return blame === 'purse' && status === 429 ? 'limit' : 'failure'
}

/**
 * Whether a failure may be of this request alone: a limit that only it exceeds, or words of the
 * operator's key or purse in an answer about the request, which may be the client's own.
 */
function isOfRequest(status: number, blame: Blame, error: FoundError | undefined): boolean {
  if (blame === 'limit') return error !== undefined && isOfOneRequest(error)
  if (status === 403) return error !== undefined && isContent(error)
  const isByWords = blame === 'operator' || blame === 'purse'
  return isByWords && status !== 429 && !isCredentials(status, error)
}

function refusedFor(status: number, isLimit: boolean, isPurse: boolean): CallFailure {
  if (isLimit) return new Refused('rate_limit_exceeded')
  if (isPurse || status === 503 || status === 529) return new Refused('upstream_unavailable')
  return new Refused(status === 504 ? 'upstream_timeout' : 'upstream_error')
}

/** An upstream's 401 is a key that has expired, and its 500 an outage: the client sees neither. */
function noteFailure(
  { services, exchange, call }: Run,
  tried: Try,
  status: number,
  isGone: boolean,
) {
  const model = isGone && { model: call.model.name, reason: 'model_gone' }
  const more = { call: exchange.requestId, ...tried.names, status, ...model }
  services.log.failed('upstream_failed', new UpstreamStatus(status), more)
}

// It passes over a byte order mark.
const utf8 = new TextDecoder()

/** Whether the body of a 200 says that nothing was done. */
export const isErrorBody = (run: Run, bytes: Buffer): boolean =>
  bytes.length <= limits.upstream.errorBytesMax && errorIn(run, utf8.decode(bytes)) !== undefined

function errorIn({ endpoint }: Run, text: string | undefined): FoundError | undefined {
  if (text === undefined) return undefined
  try {
    return endpoint.dialect.errorIn(JSON.parse(text))
  } catch {
    // What cannot be read, a page among it, has nothing that could be passed on.
    return undefined
  }
}

/** Whether all of an error goes to the client as it came: agents look for words in it. */
const isPassing = (
  { endpoint: { dialect } }: Run,
  tried: Try,
  error: FoundError,
  text: string | undefined,
): boolean =>
  dialect.passing !== undefined &&
  text !== undefined &&
  isForClient(error) &&
  !namesOperator(text) &&
  !tried.tells(text)

/** What a client reads of what is wrong with its request: the upstream's words, where they can be. */
function wordsFor(
  tried: Try,
  named: Named,
  { status, error }: { status: number; error: FoundError | undefined },
): ErrorWords {
  const plain = plainRefusal(status)
  if (error?.message === undefined || /<(?:!doctype|html|head|body)\b/i.test(error.message)) {
    return plain
  }
  const { message, type, param, code } = error
  if (!isForClient(error) || tried.tells([message, type, param, code].join('\n'))) return plain
  const { errorCharsMax } = limits.upstream
  // Before it is cut, or half of a name would stand at its end.
  const ours = (text: string) => inOurNames(text, named).slice(0, errorCharsMax)
  return {
    message: ours(message),
    type: type === undefined ? plain.type : ours(type),
    param: param === undefined ? null : ours(param),
    code: code === undefined ? null : ours(code),
  }
}
