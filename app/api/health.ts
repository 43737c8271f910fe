import { limits } from '../config/limits.ts'
import { jsonAnswer, pathOf, type Answer } from '../http/http.server.ts'
import type { Services } from '../services.ts'

const noStore = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/**
 * Answers `/healthz`: the process answers; and `/readyz`: so does the database, and it is not
 * draining. Redis is named and decides nothing: calls go on without it. Undefined for every other
 * address. Anybody may ask, as often as they like, so that a look at the database is shared by all
 * who ask while it is taken and for `readyEveryMs` from its beginning.
 */
export function createHealth(services: Services, now = () => performance.now()) {
  let last: { at: number; isOver: boolean; isReady: Promise<boolean> } | undefined

  function look(): Promise<boolean> {
    if (last && (!last.isOver || now() - last.at < limits.http.readyEveryMs)) return last.isReady
    const begun = { at: now(), isOver: false, isReady: isFresh(services) }
    void begun.isReady.finally(() => (begun.isOver = true))
    last = begun
    return begun.isReady
  }

  return async (url: string): Promise<Answer | undefined> => {
    const path = pathOf(url)
    if (path === '/healthz') return jsonAnswer(200, { status: 'ok' }, noStore)
    if (path !== '/readyz') return undefined
    if (services.draining()) return jsonAnswer(503, { status: 'draining' }, noStore)
    const [isReady, hasRedis] = await Promise.all([look(), services.redis.ping()])
    const status = isReady ? 'ready' : 'database unreachable'
    const heard = services.redis.hears() ? 'ok' : 'not subscribed'
    const body = { status, redis: hasRedis ? heard : 'away' }
    return jsonAnswer(isReady ? 200 : 503, body, noStore)
  }
}

const isFresh = ({ catalog, log }: Services) =>
  catalog.refresh().then(
    () => true,
    (error: unknown) => {
      log.failed('catalog_refresh_failed', error)
      return false
    },
  )
