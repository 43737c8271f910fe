import { LedgerAway, type CallFacts, type Grant, type Refusal } from '../ledger/ledger.server.ts'
import type { Answer } from '../http/http.server.ts'
import { formatUsd } from '../values/money.ts'
import type { Exchange } from '../http/http.server.ts'
import type { Services } from '../services.ts'
import type { Caller, CutBy } from '../keys/keys.server.ts'
import { estimateByBytes, estimateExactly } from './chat/estimate.ts'
import { relayPlain } from './plain.ts'
import { readChat, type ChatRequest } from './chat/request.ts'
import { Refused } from '../errors/refusal.ts'
import { Run } from './run.ts'
import { relayStream } from './stream.ts'

/**
 * One call, from the client's request to its answer: authenticate, read, estimate, reserve, forward,
 * meter, settle, finish. Throws `Refused` or `PassedOn` for every answer that is an error; by then
 * whatever was held is free again.
 */
export async function relay(
  request: Request,
  exchange: Exchange,
  services: Services,
): Promise<Answer> {
  if (services.draining()) throw new Refused('overloaded')
  const caller = await authenticate(request, services)
  const call = readChat(await bodyOf(request), services.catalog, exchange.startedAt)
  const facts = factsOf(request, exchange, caller, call)

  // Known before the reservation, so that no revocation falls between the two.
  let cut: CutBy | undefined
  let run: Run | undefined
  const leave = services.inFlight.add(caller.keyId, (by) => {
    // A plain call that was let in is answered, and charged, like any other.
    if (by === 'revoked' && !call.streamed) return
    if (run) run.cut(by)
    else cut = by
  })
  try {
    const grant = await reserve(services, facts, call)
    run = new Run(services, exchange, call, facts, grant, request.headers)
    run.onSettled = leave
    if (cut) run.cut(cut)
  } catch (error) {
    leave()
    throw error
  }
  return call.streamed ? relayStream(run) : relayPlain(run)
}

/** Our own stand-in for a Request gives the Buffer itself, which need not be copied. */
async function bodyOf(request: Request): Promise<Buffer> {
  const body: unknown = await request.arrayBuffer()
  return Buffer.isBuffer(body) ? body : Buffer.from(body as ArrayBuffer)
}

async function authenticate(request: Request, { authenticate: find }: Services): Promise<Caller> {
  const caller = await find(request.headers.get('authorization')).catch(() => {
    throw new Refused('overloaded')
  })
  if (!caller) throw new Refused('invalid_api_key')
  return caller
}

function factsOf(
  request: Request,
  exchange: Exchange,
  caller: Caller,
  call: ChatRequest,
): CallFacts {
  const retry = Number(request.headers.get('x-stainless-retry-count') ?? 0)
  const agent = request.headers.get('user-agent')
  return {
    accountId: caller.accountId,
    keyId: caller.keyId,
    callId: exchange.callId,
    model: call.model.name,
    priceId: call.model.price.id,
    streamed: call.streamed,
    startedAt: exchange.startedAt,
    client: agent ? agent.replace(/\p{Cc}/gu, '').slice(0, 100) : null,
    clientRetry: Number.isInteger(retry) && retry >= 0 ? Math.min(retry, 255) : 0,
  }
}

/** By bytes first, which fits almost always; what does not fit is counted exactly and tried again. */
async function reserve(services: Services, facts: CallFacts, call: ChatRequest): Promise<Grant> {
  try {
    const quick = await services.ledger.reserve({
      facts,
      ask: estimateByBytes(call),
      lastTry: false,
    })
    if (quick.granted) return quick
    if (!isMoney(quick)) throw refusalFor(quick, call, services)
    const exact = await services.ledger.reserve({
      facts,
      ask: await estimateExactly(call),
      lastTry: true,
    })
    if (exact.granted) return exact
    throw refusalFor(exact, call, services)
  } catch (error) {
    if (error instanceof LedgerAway) throw new Refused('overloaded')
    throw error
  }
}

const isMoney = ({ code }: Refusal) =>
  code === 'insufficient_balance' || code === 'key_budget_exceeded'

function refusalFor(refusal: Refusal, call: ChatRequest, { env }: Services): Refused {
  const { code, neededNanos, availableNanos, heldNanos, outputTokensAffordable } = refusal
  if (!isMoney(refusal)) return new Refused(code)
  const [needed, available, held] = [neededNanos, availableNanos, heldNanos].map((nanos) =>
    formatUsd(nanos),
  )
  const fits =
    outputTokensAffordable > 0
      ? `With a limit of ${outputTokensAffordable} output tokens it fits.`
      : 'No limit on its output makes it fit.'
  const why =
    code === 'insufficient_balance'
      ? `$${available} is available`
      : 'this API key has less left of its budget'
  return new Refused(code, {
    message: `This call can cost up to $${needed}, and ${why} ($${held} is held by calls under way). ${fits}`,
    more: {
      needed_usd: needed,
      available_usd: available,
      held_usd: held,
      max_tokens_affordable: Math.min(outputTokensAffordable, call.model.outputTokensMax),
      top_up_url: `${env.APP_URL}/billing`,
    },
  })
}
