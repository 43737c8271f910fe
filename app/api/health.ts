import { limits } from '../config/limits.ts'
import { jsonAnswer, pathOf, type Answer } from '../http/http.server.ts'
import type { Services } from '../services.ts'

const noStore = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/**
 * Answers `/healthz`: the process answers; and `/readyz`: money can be moved, it is not draining, and
 * its machine's clock is right. Redis is named and decides nothing: calls go on without it; nor does the pool, which
 * whoever is at work behind the scenes may have filled. Undefined for every other address. Anybody
 * may ask, as often as they like, so that a look at the database is shared by all who ask while it
 * is taken and for `readyEveryMs` from its beginning.
 */
export function createHealth(services: Services, now = () => performance.now()) {
  type Look = ReturnType<Services['ledger']['readiness']>
  let last: { at: number; isOver: boolean; readiness: Look } | undefined

  function look(): Look {
    if (last && (!last.isOver || now() - last.at < limits.http.readyEveryMs)) return last.readiness
    const begun = { at: now(), isOver: false, readiness: services.ledger.readiness() }
    void begun.readiness.finally(() => (begun.isOver = true))
    last = begun
    return begun.readiness
  }

  return async (url: string): Promise<Answer | undefined> => {
    const path = pathOf(url)
    if (path === '/healthz') return jsonAnswer(200, { status: 'ok' }, noStore)
    if (path !== '/readyz') return undefined
    if (services.draining()) return jsonAnswer(503, { status: 'draining' }, noStore)
    if (services.clockIsOff()) return jsonAnswer(503, { status: 'clock is off' }, noStore)
    const [status, hasRedis] = await Promise.all([look(), services.redis.ping()])
    const heard = services.redis.hears() ? 'ok' : 'not subscribed'
    const body = { status, redis: hasRedis ? heard : 'away' }
    return jsonAnswer(status === 'ready' ? 200 : 503, body, noStore)
  }
}
