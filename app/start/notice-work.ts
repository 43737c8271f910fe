import { limits } from '../config/limits.ts'
import { deleteOldNotices, noteOldHolds, noteOpen, Notifier } from '../notices/notices.server.ts'
import type { Services } from '../services.ts'
import { clockNow } from '../values/clock.ts'
import type { Work } from './repeat.ts'

const { cleanEveryMs, everyMs, troubles } = limits.notices

/** Upstreams as this relay knows them: others may reach what it does not. */
function noteUpstreams({ db, upstreams, catalog }: Services) {
  const reports = upstreams.states()
  if (reports.length === 0) return Promise.resolve()
  const unserved = catalog
    .list(clockNow())
    .filter(({ name, offers }) => upstreams.allFail(offers, name))
  return noteOpen(
    db,
    reports,
    unserved.map(({ name }) => name),
  )
}

/** What a relay does so that people and the operator are told. */
export function noticeWork(services: Services) {
  const { db, env, log } = services
  const notifier = new Notifier({ db, env, log })
  const own: Work[] = [
    {
      name: 'troubles',
      everyMs: troubles.everyMs,
      work: () => noteUpstreams(services),
    },
  ]
  const shared: Work[] = [
    { name: 'notices', everyMs, work: () => notifier.turn() },
    { name: 'old_holds', everyMs: troubles.holdsEveryMs, work: () => noteOldHolds(db) },
    { name: 'old_notices', everyMs: cleanEveryMs, work: () => deleteOldNotices(db) },
  ]
  return { own, shared, close: () => notifier.close() }
}
