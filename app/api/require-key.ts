import type { ApiRequest, Exchange } from '../http/http.server.ts'
import { readStanding, refusedKey, type Standing } from '../keys/keys.server.ts'
import type { Services } from '../services.ts'

export type KeyContext = { services: Services; exchange: Exchange }

/** The good key behind a request that starts no call, read from the database each time. */
export async function requireKey(
  request: ApiRequest,
  { services, exchange }: KeyContext,
): Promise<Standing> {
  const caller = await services.authenticate(request)
  const standing = caller && (await readStanding(services.db, caller, exchange.clientAddress))
  if (!standing) throw refusedKey(request)
  return standing
}
