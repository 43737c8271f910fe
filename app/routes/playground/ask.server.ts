import type { Person } from '../../auth/auth.server.ts'
import { playgroundKey } from '../../keys/keys.server.ts'
import type { PageServices } from '../../services.ts'
import { findCall, readCall, toldReceipt } from '../../usage/usage.server.ts'
import { parseCallId } from '../../values/call-id.ts'
import { msg } from '../../values/language/msg.ts'
import { unnamedEvents } from './unnamed-events.ts'
import { paceOf } from './pace.server.ts'
import { notCalled, refusalOf } from './refusal.server.ts'
import type { Begun, Ended, OwnEvents, Words } from './said.ts'
import type { Question } from './question.server.ts'

type Asking = { services: PageServices; person: Person; question: Question; signal: AbortSignal }
type Pieces = AsyncGenerator<string, void, undefined>

/** An event of ours; those of the API have no names. */
const event = <Name extends keyof OwnEvents>(name: Name, data: OwnEvents[Name]) =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** The call that was just let in: what it holds, and what it is about to cost. */
async function begunOf({ services, person, question }: Asking, call: string): Promise<Begun> {
  const id = parseCallId(call)
  const [found, pace] = await Promise.all([
    id && findCall(services.db, id),
    paceOf(services, person, question),
  ])
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
  const { outcome, errorCode, statusCode, holdNanos } = of
  return { call, outcome, errorCode, statusCode, holdNanos, chargedNanos, releasedNanos }
}

/**
 * Asks the relay's own API, through its door and with the person's key for the playground, as any
 * program would. The answer is the API's own events between two of ours: `begun` and `ended`, or
 * `refused` alone. Nothing of it is kept. Whoever stops reading ends the call.
 */
export async function* askRelay(asking: Asking): Pieces {
  const { services, person } = asking
  const { env, installation, db } = services
  const { accountId, userId } = person
  const maker = { SESSION_SECRET: env.SESSION_SECRET, installation }
  const key = await playgroundKey(db, maker, { accountId, userId })
  if (!key) return yield event('refused', notCalled.full)
  if (key.isExpired) return yield event('refused', notCalled.expired(key.id))
  try {
    yield* callDoor(asking, key)
  } catch (error) {
    yield event('trouble', troubleOf(error, asking))
  }
}

/** What is said of a failure within the answer. Whoever has left reads none of it. */
function troubleOf(error: unknown, { services, signal }: Asking): Words {
  if (signal.aborted) return msg`This took too long, and was ended here.`
  services.log.failed('playground_failed', error)
  return msg`The answer broke off. Your calls say what became of this one.`
}

/** The call itself. Rejects where the door cannot be reached, or its answer breaks off. */
async function* callDoor(asking: Asking, key: { id: number; secret: string }): Pieces {
  const { services, question, signal } = asking
  const { model, text } = question
  const answer = await services.playground.door.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: {
      'x-api-key': key.secret,
      'content-type': 'application/json',
      'user-agent': 'playground',
    },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: text }] }),
    signal,
  })
  const { body, statusCode: status } = answer
  // What has been left half read fails, and there is nobody left to hear of it.
  body.on('error', () => undefined)
  try {
    const call = String(answer.headers['x-request-id'] ?? '')
    if (status === 200) return yield* passOn(asking, call, body)
    const told = { status, body: await body.text(), keyId: key.id }
    const ended = await endedOf(asking, call)
    yield event('refused', refusalOf(told, ended ? call : null))
  } finally {
    body.destroy()
  }
}

/** A call that was let in: what it says, between our own two events. */
async function* passOn(asking: Asking, call: string, body: AsyncIterable<Buffer>): Pieces {
  yield event('begun', await begunOf(asking, call))
  yield* unnamedEvents(body)
  const ended = await endedOf(asking, call)
  if (ended) yield event('ended', ended)
}
