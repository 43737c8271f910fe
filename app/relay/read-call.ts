import { Misdirected, Refused } from '../errors/refusal.ts'
import { ownTurn, type ApiRequest, type Exchange } from '../http/http.server.ts'
import { hasResponsesAtChat, type Caller } from '../keys/keys.server.ts'
import type { Services } from '../services.ts'
import type { Call, Endpoint } from './endpoint.ts'
import { servedElsewhere } from './elsewhere.ts'
import { endpointAt } from './endpoints.ts'
import { OtherKind } from './openai/json-request.ts'
import { Allowance } from './openai/members.ts'
import { inTurns } from './text/steps.ts'

type Asked = {
  endpoint: Endpoint
  request: ApiRequest
  exchange: Exchange
  services: Services
  caller: Caller
}

/** A body as an endpoint reads it: the one it was sent to, unless its key has another take it. */
type ReadCall = { endpoint: Endpoint; call: Call; allowed: Allowance }

/**
 * Reads and checks the body of a call. One that is meant for another path goes there where its key
 * says so (docs/decisions/0041), and is that endpoint's from here on. Throws `Refused`.
 */
export async function readCall(asked: Asked, body: Buffer): Promise<ReadCall> {
  const { request, exchange, services } = asked
  const readAs = async (endpoint: Endpoint): Promise<ReadCall> => {
    const allowed = new Allowance(services.upstreams.allowedMembers)
    const { catalog } = services
    const steps = endpoint.read(body, catalog, exchange.startedAt, allowed, request)
    return { endpoint, call: await inTurns(steps, ownTurn), allowed }
  }
  try {
    return await readAs(asked.endpoint)
  } catch (error) {
    if (error instanceof OtherKind) throw whereOf(error, asked)
    const meant = error instanceof Misdirected ? endpointAt(error.path) : undefined
    if (!meant || !(await mayBeElsewhere(asked))) throw error
    return readAs(meant)
  }
}

/** Says where a model of another kind is called, if anywhere. */
function whereOf(error: OtherKind, { endpoint, caller, services }: Asked): Refused {
  const { model } = error
  const { accountId } = caller
  const { upstreams } = services
  return servedElsewhere({ model, offers: model.offers, endpoint, accountId, upstreams }) ?? error
}

/** Asked of few calls, and each time anew: what a key may do can change, and is cached nowhere. */
const mayBeElsewhere = ({ caller, exchange, services }: Asked) =>
  hasResponsesAtChat(services.db, caller.keyId).catch((error: unknown) => {
    services.log.failed('key_setting_unread', error, { request: exchange.requestId })
    throw new Refused('overloaded')
  })
