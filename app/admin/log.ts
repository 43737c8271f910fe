import type { AdminAction } from '../values/admin-actions.ts'
import { inDollars } from '../values/logs/in-dollars.ts'
import { run, type Db } from '../db/db.server.ts'

type AdminAct = {
  /** Who did it, e.g. `cli:root` or `user:7`. */
  actor: string
  action: AdminAction
  /** To what, e.g. `account 7`. */
  subject: string
  /**
   * What a reader of the log needs besides; nano-dollars are written in dollars. Never a secret:
   * the log outlives every key.
   */
  detail?: Record<string, unknown> | null
}

/** Notes what an operator did. Within the change's own transaction where there is one. */
export async function logAdmin(db: Db, act: AdminAct): Promise<void> {
  await run(db, 'admin/insert-log', {
    actor: act.actor.slice(0, 100),
    action: act.action,
    subject: act.subject.slice(0, 200),
    detail: act.detail ? JSON.stringify(inDollars(act.detail)) : null,
  })
}
