import { run, type Db } from '../db/db.server.ts'
import type { AccountAction } from '../values/account-actions.ts'

type AccountAct = {
  accountId: number
  /** Who did it; null for whoever runs this relay. */
  userId: number | null
  action: AccountAction
  /** To what, e.g. `key 7`. */
  subject: string
  /** What a reader of the log needs besides. Never a secret: the log outlives every key. */
  detail?: Record<string, unknown> | null
}

/** Notes what somebody changed in an account. Within the change's own transaction. */
export async function logAccount(db: Db, act: AccountAct): Promise<void> {
  await run(db, 'account-log/insert', {
    accountId: act.accountId,
    userId: act.userId,
    action: act.action,
    subject: act.subject.slice(0, 200),
    detail: act.detail ? JSON.stringify(act.detail) : null,
  })
}
