import { isAscii } from 'node:buffer'
import type { TermsNow } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { Refused, refusedUnread } from '../errors/refusal.ts'
import type { ApiRequest, BodyShare, Exchange } from '../http/http.server.ts'
import { readStanding, type Caller } from '../keys/keys.server.ts'
import type { Services } from '../services.ts'
import type { Endpoint } from './endpoint.ts'

type Asked = {
  services: Services
  endpoint: Endpoint
  request: ApiRequest
  exchange: Exchange
  caller: Caller
  at: Date
}

/**
 * Reads the body of a call within the budget of bodies. A long one has its room before it is read,
 * and is not read at all for whoever has no money left: by their money as it stands, so that credit
 * counts as soon as it is there; nor for an account whose last ones came to nothing. Whoever is
 * refused so is told after a while, because programs that send long bodies in vain send the next at
 * once.
 */
export async function readBody(asked: Asked, share: BodyShare): Promise<Buffer> {
  const { endpoint, request, caller, services } = asked
  const { shortBytesMax, asciiTimes, wideTimes } = limits.bodies
  let hasCome = 0
  let hasRoom = 0
  const take = (bytes: number) => {
    hasCome += bytes
    if (hasCome <= hasRoom) return
    share.take(hasCome - hasRoom)
    hasRoom = hasCome
  }
  const mayBeLong = async (bytes: number) => {
    services.bodies.refuseVain(caller.accountId)
    const wanted = Math.max(0, bytes * asciiTimes - hasRoom)
    share.take(wanted)
    hasRoom += wanted
    await refuseWithoutMoney(asked)
  }
  const body = await request.body(endpoint.limits.bodyBytesMax, limits.http.bodyMsMax, {
    take,
    mayBeLong: (bytes) =>
      mayBeLong(bytes).catch(async (error: unknown) => {
        await services.bodies.whenToRefuse(caller.accountId)
        throw error
      }),
  })
  // What each of those that may be under way is allowed to have is bounded by their number.
  if (body.length <= shortBytesMax) share.keep(0)
  else share.take(Math.max(0, body.length * (isAscii(body) ? asciiTimes : wideTimes) - hasRoom))
  return body
}

async function refuseWithoutMoney({
  services,
  endpoint,
  exchange,
  caller,
  at,
}: Asked): Promise<void> {
  if (endpoint.isFree) return
  const { db, catalog, topUp } = services
  if (catalog.list(at).some((model) => model.kind === endpoint.kind && isFree(model.terms))) return
  const standing = await readStanding(db, caller, exchange.clientAddress)
  if (!standing) throw new Refused('invalid_api_key')
  const { availableNanos, budget } = standing
  const isSpent = budget !== null && budget.spentNanos >= budget.budgetNanos
  if (availableNanos > 0 && !isSpent) return
  if (isSpent)
    throw new Refused('key_budget_exceeded', { message: 'The budget of this API key is spent.' })
  throw refusedUnread(topUp.url())
}

/** Where some calls of a model cost nothing, they need no money. */
const isFree = ({ tiers }: TermsNow) =>
  tiers.some(({ prices }) => Object.values(prices).every((price) => price === 0))
