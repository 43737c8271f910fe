import { askToWait } from '../errors/errors.ts'
import { Refused } from '../errors/refusal.ts'
import type { ApiRequest, Exchange } from '../http/http.server.ts'
import { shownEnds } from '../keys/keys.server.ts'
import type { Services } from '../services.ts'

type Asked = { request: ApiRequest; exchange: Exchange; services: Services }

/**
 * Counts a key that was refused, and where its address has sent too many says so in the place of
 * what was wrong. A key that works is never counted, and never refused for the others.
 */
export async function unlessTooMany(
  error: unknown,
  { request, exchange, services }: Asked,
): Promise<unknown> {
  if (!(error instanceof Refused) || error.code !== 'invalid_api_key') return error
  if (shownEnds(request) === 'none') return error
  const taken = await services.guesses.take('key', { address: exchange.clientAddress })
  if (!('waitMs' in taken)) return error
  const seconds = Math.max(1, Math.ceil(taken.waitMs / 1_000))
  const refused = new Refused('rate_limit_exceeded', {
    message:
      `Too many requests with an API key that does not work came from your address. Set the key ` +
      `right, and try again in ${seconds} s. Keys that work are answered all the same.`,
  })
  askToWait(refused.wire, taken.waitMs)
  // The key would be as wrong again.
  refused.wire.headers['x-should-retry'] = 'false'
  return refused
}
