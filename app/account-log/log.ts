import { limits } from '../config/limits.ts'
import { run, type Db, type Row } from '../db/db.server.ts'
import { inDollars } from '../values/logs/in-dollars.ts'
import type { AccountAction } from '../values/teams/account-actions.ts'

type AccountAct = {
  accountId: number
  /** Who did it; null for whoever runs this relay. */
  userId: number | null
  action: AccountAction
  /** To what, e.g. `key 7`. */
  subject: string
  /**
   * What a reader of the log needs besides; nano-dollars are written in dollars. Never a secret:
   * the log outlives every key.
   */
  detail?: object | null
}

/** Notes what somebody changed in an account. Within the change's own transaction. */
export async function logAccount(db: Db, act: AccountAct): Promise<void> {
  await run(db, 'account-log/insert', {
    accountId: act.accountId,
    userId: act.userId,
    action: act.action,
    subject: act.subject.slice(0, 200),
    detail: act.detail ? JSON.stringify(inDollars(act.detail)) : null,
  })
}

type Logged = Row<'account-log/list'>

/** One page of an account's log, the newest first, and `before` of the next page where there is one. */
export async function listAccountLog(
  db: Db,
  accountId: number,
  before: number | null,
  rows: number = limits.teams.logRows,
): Promise<{ acts: Logged[]; older: number | null }> {
  const from = before ?? Number.MAX_SAFE_INTEGER
  // One more than is shown tells whether there is another page.
  const found = await run(db, 'account-log/list', { accountId, before: from, rows: rows + 1 })
  const acts = found.slice(0, rows)
  return { acts, older: found.length > rows ? (acts.at(-1)?.id ?? null) : null }
}
