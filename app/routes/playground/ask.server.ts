import { StringDecoder } from 'node:string_decoder'
import { readBuyer } from '../../accounts/accounts.server.ts'
import type { Person } from '../../auth/auth.server.ts'
import { costOf } from '../../catalog/catalog.server.ts'
import { playgroundSecret } from '../../keys/keys.server.ts'
import type { PageServices } from '../../services.ts'
import { findCall, readCall, toldReceipt } from '../../usage/usage.server.ts'
import { parseCallId } from '../../values/call-id.ts'
import { clockNow } from '../../values/clock.ts'
import { plainFactor } from '../../values/factors.ts'
import { tokensAbout, type Begun, type Ended, type Refusal } from './said.ts'
import type { Question } from './question.server.ts'

type Asking = { services: PageServices; person: Person; question: Question; signal: AbortSignal }

const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** About what the call costs, by the first of its model's offers. */
async function paceOf({ services, person, question }: Asking): Promise<Begun['pace']> {
  const model = services.catalog.find(question.model, clockNow())
  const [offer] = model?.offers ?? []
  if (!model || !offer) return null
  const buyer = await readBuyer(services.db, person.accountId)
  const factors = {
    priceFactor: offer.priceFactor,
    accountFactor: buyer?.factor ?? plainFactor,
  }
  const inputTokens = tokensAbout(question.text)
  const costWith = (outputTokens: number) => {
    const others = { cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
    return costOf(offer.terms, { inputTokens, outputTokens, ...others }, null, factors)
  }
  const textNanos = costWith(0)
  return { textNanos, millionNanos: costWith(1_000_000) - textNanos }
}

/** The call that was just let in: what it holds, and what it is about to cost. */
async function begunOf(asking: Asking, call: string): Promise<Begun> {
  const id = parseCallId(call)
  const [found, pace] = await Promise.all([id && findCall(asking.services.db, id), paceOf(asking)])
  const holdNanos =
    found?.state === 'open'
      ? found.hold.planNanos + found.hold.balanceNanos
      : found?.state === 'ended'
        ? found.receipt.call.holdNanos
        : null
  return { call, holdNanos, pace }
}

/** What a call came to; undefined where there is no receipt, or none yet. */
async function endedOf({ services, person }: Asking, call: string): Promise<Ended | undefined> {
  const id = parseCallId(call)
  const receipt = id && (await readCall(services.db, person.accountId, id, person.userId))
  if (!receipt) return undefined
  const { call: of, chargedNanos, releasedNanos } = toldReceipt(receipt, { seesMoney: false })
  const { outcome, errorCode, statusCode, holdNanos, costNanos } = of
  const figures = { holdNanos, costNanos, chargedNanos, releasedNanos }
  return { call, outcome, errorCode, statusCode, ...figures }
}

/** The API's own words about a call that it did not answer. */
function refusalOf(status: number, body: string, call: string | null): Refusal {
  const { error } = JSON.parse(body) as { error: { message: string } }
  return { status, message: error.message, call }
}

/**
 * Asks the relay's own API, through its door and with the person's key for the playground, as any
 * program would. The answer is the API's own events between two of ours: `begun` and `ended`, or
 * `refused` alone. Nothing of it is kept. Whoever stops reading ends the call.
 */
export async function* askRelay(asking: Asking): AsyncGenerator<string, void, undefined> {
  const { services, person } = asking
  const { env, installation, db } = services
  const { accountId, userId } = person
  const { SESSION_SECRET } = env
  const secret = await playgroundSecret(db, { SESSION_SECRET, installation }, { accountId, userId })
  if (secret === undefined) {
    const message = 'This account has as many keys as it may have. Revoke one, then ask again.'
    yield event('refused', { status: 409, message, call: null } satisfies Refusal)
    return
  }
  try {
    yield* callDoor(asking, secret)
  } catch (error) {
    yield event('trouble', troubleOf(error, asking))
  }
}

/** What is said of a failure within the answer. Whoever has left reads none of it. */
function troubleOf(error: unknown, { services, signal }: Asking): string {
  if (signal.aborted) return 'This took too long, and was ended here.'
  services.log.failed('playground_failed', error)
  return 'The answer broke off. Its receipt says what became of the call.'
}

/** The call itself. Rejects where the door cannot be reached, or its answer breaks off. */
async function* callDoor(asking: Asking, secret: string): AsyncGenerator<string, void, undefined> {
  const { services, question, signal } = asking
  const { model, text } = question
  const answer = await services.playground.door.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: {
      authorization: `Bearer ${secret}`,
      'content-type': 'application/json',
      'user-agent': 'playground',
    },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: text }] }),
    signal,
  })
  const { body } = answer
  // What has been left half read fails, and there is nobody left to hear of it.
  body.on('error', () => undefined)
  try {
    const call = String(answer.headers['x-request-id'] ?? '')
    if (answer.statusCode === 200) yield* passOn(asking, call, body)
    else {
      const text = await body.text()
      const ended = await endedOf(asking, call)
      yield event('refused', refusalOf(answer.statusCode, text, ended ? call : null))
    }
  } finally {
    body.destroy()
  }
}

/** A call that was let in: what it says, between our own two events. */
async function* passOn(asking: Asking, call: string, body: AsyncIterable<Buffer>) {
  yield event('begun', await begunOf(asking, call))
  const decoder = new StringDecoder('utf8')
  for await (const piece of body) yield decoder.write(piece)
  // Its last event may have no end of its own.
  yield '\n\n'
  const ended = await endedOf(asking, call)
  if (ended) yield event('ended', ended)
}
