import type { IncomingMessage, ServerResponse } from 'node:http'
import { limits } from '../config/limits.ts'
import {
  beginExchange,
  isPipelined,
  jsonAnswer,
  nodeRequest,
  writeAnswer,
  type Answer,
} from '../http/http.server.ts'
import { badRequest, Refused } from '../errors/refusal.ts'
import type { Exchange } from '../http/http.server.ts'
import type { Services } from '../services.ts'
import { answerError } from './answer-error.ts'

/** What this door calls a route's action or loader with. */
export type ApiArgs = {
  request: Request
  params: Record<string, string | undefined>
  context: { services: Services; exchange: Exchange }
}
type Handler = (args: ApiArgs) => Promise<Answer> | Answer
export type RouteModule = { action?: Handler; loader?: Handler }

/** Paths of the API, the route that answers each, and how. Everything else under /v1 is a 404. */
const table: { path: RegExp; method: 'GET' | 'POST'; route: string }[] = [
  { path: /^\/v1\/chat\/completions\/?$/, method: 'POST', route: 'routes/v1.$' },
  { path: /^\/v1\/models\/?$/, method: 'GET', route: 'routes/v1.models' },
  { path: /^\/v1\/models\/(?<id>[^/]+)$/, method: 'GET', route: 'routes/v1.models.$id' },
  ...['subscription', 'usage', 'credit_grants'].map((name) => ({
    path: new RegExp(`^(/v1)?/dashboard/billing/${name}/?$`),
    method: 'GET' as const,
    route: `routes/dashboard_.billing.${name}`,
  })),
]
const apiPath =
  /^(\/v1(\/|$)|\/dashboard\/billing\/(subscription|usage|credit_grants)(\.data)?\/?$)/i

const pathOf = (url: string) => url.split(/[?#]/, 1)[0]!

/** A path as Remix's routes would see it: unescaped, and without doubled slashes. */
function plainPathOf(url: string): string {
  const path = pathOf(url).replace(/\/{2,}/g, '/')
  try {
    return path.includes('%') ? decodeURIComponent(path) : path
  } catch {
    return path
  }
}

/**
 * True for paths that this door answers, also in other spellings of them (with a 404): Remix's
 * request handler, which takes those for the same, must never see one.
 */
export const isApiPath = (url: string) => apiPath.test(plainPathOf(url))

function decoded(id: string | undefined): string | undefined {
  try {
    return id === undefined ? undefined : decodeURIComponent(id)
  } catch {
    throw new Refused('not_found')
  }
}

async function answer(
  incoming: IncomingMessage,
  exchange: Exchange,
  services: Services,
  routes: Record<string, RouteModule>,
) {
  const path = pathOf(incoming.url ?? '/')
  const method = incoming.method ?? 'GET'
  const found = table.find((entry) => entry.path.test(path))
  if (!found)
    throw new Refused('not_found', { message: `Invalid URL (${method} ${path.slice(0, 200)})` })
  if (method !== found.method && !(method === 'HEAD' && found.method === 'GET'))
    throw new Refused('method_not_allowed')
  const module = routes[found.route]!
  const handler = (found.method === 'POST' ? module.action : module.loader)!
  const params = { id: decoded(found.path.exec(path)?.groups?.id) }
  const { bodyBytesMax, bodyMsMax } = limits.http
  const request = nodeRequest(incoming, { bodyBytesMax, bodyMsMax })
  return handler({ request, params, context: { services, exchange } })
}

/**
 * Answers the API with the route modules' own actions and loaders, without Remix's request handler:
 * that costs a fifth of the calls a second, has no backpressure and never says that a client has
 * left.
 */
export function createDoor(services: Services, routes: Record<string, RouteModule>) {
  let open = 0
  return async (incoming: IncomingMessage, res: ServerResponse) => {
    const exchange = beginExchange(res)
    let reply: Answer
    try {
      if (isPipelined(res))
        throw badRequest('A request on a connection must wait for the answer to the one before it.')
      open++
      res.on('close', () => open--)
      if (open > limits.http.callsMax) throw new Refused('overloaded')
      reply = await answer(incoming, exchange, services, routes)
    } catch (error) {
      reply = answerError(error, exchange, services)
    }
    reply.headers['x-request-id'] = exchange.requestId
    // A connection kept past the drain would be closed just as the next call comes on it.
    if (services.draining() || isPipelined(res)) reply.headers.connection = 'close'
    services.log.debug('answered', { request: exchange.requestId, status: reply.status })
    writeAnswer(incoming, res, reply)
  }
}

/**
 * `/healthz`: the process answers. `/readyz`: so does the database, and it is not draining. Redis is
 * named and decides nothing: calls go on without it.
 */
export async function answerHealth(url: string, services: Services): Promise<Answer | undefined> {
  const path = pathOf(url)
  if (path === '/healthz') return jsonAnswer(200, { status: 'ok' })
  if (path !== '/readyz') return undefined
  if (services.draining()) return jsonAnswer(503, { status: 'draining' })
  const [isReady, hasRedis] = await Promise.all([isFresh(services), services.redis.ping()])
  const status = isReady ? 'ready' : 'database unreachable'
  return jsonAnswer(isReady ? 200 : 503, { status, redis: hasRedis ? 'ok' : 'away' })
}

const isFresh = ({ catalog, log }: Services) =>
  catalog.refresh().then(
    () => true,
    (error: unknown) => {
      log.failed('catalog_refresh_failed', error)
      return false
    },
  )
