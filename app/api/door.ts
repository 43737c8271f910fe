import type { IncomingMessage, ServerResponse } from 'node:http'
import { limits } from '../config/limits.ts'
import { badRequest, Refused } from '../errors/refusal.ts'
import {
  apiRequest,
  beginExchange,
  clientAddress,
  isPipelined,
  writeAnswer,
  type Answer,
  type ApiRequest,
  type Exchange,
} from '../http/http.server.ts'
import type { Dialect } from '../relay/relay.server.ts'
import type { Services } from '../services.ts'
import { answerError } from './answer-error.ts'
import { addHeaders, answerOptions } from './answer-headers.ts'
import { unlessTooMany } from './bad-keys.ts'
import { dialectOf } from './dialects.ts'
import { wordsForPath } from './right-url.ts'
import { answersMethod, findEntry, type Found } from './table.ts'

/** What the door calls a route's action or loader with. */
export type ApiArgs = {
  request: ApiRequest
  params: Record<string, string | undefined>
  context: { services: Services; exchange: Exchange }
}
type Handler = (args: ApiArgs) => Promise<Answer> | Answer
export type RouteModule = { action?: Handler; loader?: Handler }

function decoded(params: Record<string, string>): Record<string, string> {
  const values: Record<string, string> = {}
  for (const name in params) values[name] = decodeURIComponent(params[name] ?? '')
  return values
}

/**
 * Agents of responses try a WebSocket first. Without a listener of upgrades Node takes that for any
 * other request, and its connection goes on.
 */
const asksForSocket = ({ method, header }: ApiRequest) =>
  method === 'GET' && /\bwebsocket\b/i.test(header('upgrade') ?? '')

/** Of all answers this is the one after which they go on over HTTP at once. */
function refusedSocket(): Refused {
  const refused = new Refused('upgrade_required')
  // A 426 must name a protocol (RFC 9110, section 15.5.22): the one that is spoken.
  refused.wire.headers.upgrade = 'HTTP/1.1'
  return refused
}

type Asked = {
  request: ApiRequest
  found: Found | undefined
  dialect: Dialect
  exchange: Exchange
  services: Services
}

async function answer(
  { request, found, dialect, exchange, services }: Asked,
  routes: Record<string, RouteModule>,
): Promise<Answer> {
  const options = answerOptions(request)
  if (options) return options
  if (!found) {
    const { method, path } = request
    const message = wordsForPath({ method, path, dialect }, services.env.APP_URL)
    throw new Refused('not_found', { message })
  }
  const { methods, route } = found.entry
  if (!answersMethod(found.entry, request.method)) {
    if (asksForSocket(request)) throw refusedSocket()
    const message = `This method is not allowed here. Use ${methods.join(' or ')}.`
    const refused = new Refused('method_not_allowed', { message })
    const allowed = methods.flatMap((it) => (it === 'GET' ? ['GET', 'HEAD'] : it))
    refused.wire.headers.allow = allowed.join(', ')
    throw refused
  }
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const handler = routes[route]?.[isRead ? 'loader' : 'action']
  if (!handler) throw new Error(`no handler for ${route}`)
  return handler({ request, params: decoded(found.params), context: { services, exchange } })
}

/**
 * Answers the API with the route modules' own actions and loaders, without Remix's request handler:
 * that costs a fifth of the calls a second, has no backpressure and never says that a client has
 * left. A request's address has been through `readTarget`.
 */
export function createDoor(services: Services, routes: Record<string, RouteModule>) {
  let open = 0
  return async (incoming: IncomingMessage, res: ServerResponse) => {
    const exchange = beginExchange(res, clientAddress(incoming, services.env.TRUSTED_PROXIES))
    const request = apiRequest(incoming)
    const found = findEntry(request.path)
    const dialect = dialectOf(request, found)
    let reply: Answer
    try {
      if (isPipelined(res))
        throw badRequest('A request on a connection must wait for the answer to the one before it.')
      open++
      res.on('close', () => open--)
      if (open > limits.http.callsMax) throw new Refused('overloaded')
      reply = await answer({ request, found, dialect, exchange, services }, routes)
    } catch (error) {
      const said = await unlessTooMany(error, { request, exchange, services })
      reply = answerError(said, { request, exchange, services, dialect })
    }
    addHeaders(reply, request.path, exchange.requestId, dialect.idHeader)
    // A connection kept past the drain would be closed just as the next call comes on it.
    if (services.draining() || isPipelined(res)) reply.set('connection', 'close')
    services.log.debug('answered', { request: exchange.requestId, status: reply.status })
    writeAnswer(incoming, res, reply)
  }
}
