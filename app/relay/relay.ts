import type { CallFacts } from '../ledger/ledger.server.ts'
import {
  BodyBroken,
  BodyTooLarge,
  ownTurn,
  type Answer,
  type ApiRequest,
  type BodyShare,
  type Exchange,
} from '../http/http.server.ts'
import type { Offer } from '../catalog/catalog.server.ts'
import { refusedKey, type Caller } from '../keys/keys.server.ts'
import { limits } from '../config/limits.ts'
import { Refused } from '../errors/refusal.ts'
import type { Services } from '../services.ts'
import type { Target } from '../upstreams/upstreams.server.ts'
import { EarlyEnd } from './early-end.ts'
import { servedElsewhere } from './elsewhere.ts'
import type { Call, Endpoint } from './endpoint.ts'
import { affinityOf, refuseLongHead } from './attempts/client-headers.ts'
import { relayPlain } from './plain.ts'
import { readBody } from './read-body.ts'
import { readCall } from './read-call.ts'
import { letIn, tokensOf } from './admission/let-in.ts'
import { Run } from './run.ts'
import { relayStream } from './stream.ts'
import { inTurns } from './text/steps.ts'
import { isUnlimited } from './attempts/way.ts'

/**
 * One call of an endpoint, from the client's request to its answer: authenticate, read, estimate,
 * reserve, forward, meter, settle, finish. Throws `Refused` or `PassedOn` for every answer that is an
 * error; by then whatever was held is free again.
 */
export async function relay(
  endpoint: Endpoint,
  request: ApiRequest,
  exchange: Exchange,
  services: Services,
): Promise<Answer> {
  if (services.refusing()) throw new Refused('overloaded')
  const caller = await authenticate(request, exchange, services)
  if (!caller) throw refusedKey(request)
  const share = services.bodies.open(caller.accountId)
  const carried = { endpoint, request, exchange, services, caller, share, isRead: false }
  try {
    refuseLongHead(request, endpoint.dialect)
    if (!services.readOns.mayCall(caller.accountId)) await waitForRoom(caller, exchange, services)
    return await carry(carried)
  } catch (error) {
    share.end(isForItsBody(error))
    if (carried.isRead && share.isLong && isForMoney(error))
      await services.bodies.whenToRefuseUnpaid(caller.accountId)
    throw error
  }
}

type Carried = {
  endpoint: Endpoint
  request: ApiRequest
  exchange: Exchange
  services: Services
  caller: Caller
  share: BodyShare
  /** Its body has come, whole. */
  isRead: boolean
}

/** A call whose caller is known, and who has room for its body. */
async function carry(carried: Carried): Promise<Answer> {
  const { request, exchange, services, caller, share } = carried
  const at = exchange.startedAt
  const body = await readBody({ ...carried, at }, share)
  carried.isRead = true
  const { catalog, upstreams } = services
  const { endpoint, call, allowed } = await readCall(carried, body)
  // Bodies take time, and what is cut meanwhile is cut once.
  if (services.refusing()) throw new Refused('overloaded')
  const place = await endpoint.kept?.placeOf(call, caller.accountId, services)
  const asked = { accountId: caller.accountId, keyId: caller.keyId, model: call.model.name }
  const wanted = {
    account: caller.accountId,
    model: call.model.name,
    path: endpoint.upstreamPath,
    needs: allowed.needs,
    ...(place && { place }),
    affinity: () => affinityOf(asked, call.cacheKey, request),
    tokens: () => tokensOf(endpoint.bound(call), caller.accountId, services),
  }
  const candidates = upstreams.candidates(call.offers, wanted)
  // Several upstreams may let through what no single one does: then it is refused as if none did.
  // Where one does that is full or left alone now, its request is not what is wrong.
  const isNobodys = candidates.targets.length === 0 && !upstreams.takes(call.offers, wanted)
  if (isNobodys && allowed.needs.size > 0) {
    await inTurns(endpoint.read(body, catalog, at, nothing, request), ownTurn)
  }
  // What lies at a place that is gone is not to be had, however often it is asked for.
  if (place && isNobodys && endpoint.kept) throw endpoint.kept.goneFor(call)
  const { model, offers } = call
  const { accountId } = caller
  const isElsewhere =
    isNobodys && servedElsewhere({ model, offers, endpoint, accountId, upstreams })
  if (isElsewhere) throw isElsewhere
  call.reachable = reachableOf(call.offers, candidates.targets)
  call.isUnlimited = candidates.targets.some(isUnlimited)
  const facts = factsOf(request, exchange, caller, call)
  const asker = { secretNo: caller.secretNo, address: exchange.clientAddress }

  const earlyEnd = new EarlyEnd()
  const leave = services.inFlight.add(caller.keyId, (by) => {
    // A plain call that was let in is answered, and charged, like any other.
    if (by === 'shutdown' || call.streamed) earlyEnd.cut(by)
    else earlyEnd.isLastTry = true
  })
  let run: Run
  try {
    run = new Run({
      services,
      exchange,
      endpoint,
      call,
      facts,
      ...(await letIn({ services, endpoint, call, facts, asker, gone: exchange.gone })),
      candidates,
      earlyEnd,
      client: request,
      share,
      onSettled: () => {
        leave()
        share.end()
      },
    })
  } catch (error) {
    leave()
    throw error
  }
  const { stream } = endpoint
  return call.streamed && stream ? relayStream(run, stream) : relayPlain(run)
}

/**
 * The offers that the call may come to cost: who cannot be called holds up nobody's money. A call
 * that can go nowhere is refused, whatever is held for it.
 */
function reachableOf(offers: readonly Offer[], targets: readonly Target<Offer>[]) {
  if (offers.length < 2 || targets.length === 0) return offers
  return [...new Set(targets.map(({ offer }) => offer))]
}

const nothing: ReadonlySet<string> = new Set()
const bodyStatuses: ReadonlySet<number> = new Set([400, 404, 413])

/** Whether a call was refused for its body, and not for the money, the key or the time. */
const isForItsBody = (error: unknown) =>
  error instanceof BodyTooLarge ||
  error instanceof BodyBroken ||
  (error instanceof Refused && bodyStatuses.has(error.wire.status))

const isForMoney = (error: unknown) => error instanceof Refused && error.wire.status === 402

/** Whoever cannot be looked up, for whatever reason, may try again; the log says what the reason is. */
const authenticate = (request: ApiRequest, { requestId }: Exchange, services: Services) =>
  services.authenticate(request).catch((error: unknown) => {
    services.log.failed('authentication_failed', error, { request: requestId })
    throw new Refused('overloaded')
  })

/** An account that has left too many answers for us to read to their ends waits for one of them. */
async function waitForRoom(
  { accountId }: Caller,
  { gone }: Exchange,
  { readOns }: Services,
): Promise<void> {
  const mayCall = await readOns.whenItMayCall(accountId, limits.readOns.waitMsMax)
  if (!mayCall) throw new Refused('overloaded')
  if (gone.aborted) throw new Refused('client_closed_request')
}

function factsOf(request: ApiRequest, exchange: Exchange, caller: Caller, call: Call): CallFacts {
  const retry = Number(request.header('x-stainless-retry-count') ?? 0)
  const agent = request.header('user-agent')
  return {
    accountId: caller.accountId,
    keyId: caller.keyId,
    callId: exchange.callId,
    model: call.model.name,
    // A model that is on sale has an offer.
    priceId: call.reachable[0]!.price.id,
    streamed: call.streamed,
    startedAt: exchange.startedAt,
    client: agent ? agent.replace(/\p{Cc}/gu, '').slice(0, 100) : null,
    clientRetry: Number.isInteger(retry) && retry >= 0 ? Math.min(retry, 255) : 0,
  }
}
