import { jsonAnswer, pathOf, type Answer } from '../http/http.server.ts'
import type { Services } from '../services.ts'

/**
 * `/healthz`: the process answers. `/readyz`: so does the database, and it is not draining. Redis is
 * named and decides nothing: calls go on without it. Undefined for every other address.
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
