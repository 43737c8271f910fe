import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import { noticeId, writeNotice } from '../ledger/ledger.server.ts'

const { testEverySeconds } = limits.notices

/** The last of all, for the operator. */
export const listNotices = (db: Db, rows: number) => run(db, 'notices/list-all', { rows })

/** Sends the operator a test; its id, which is the same for all that are asked for within a minute. */
export async function tellOperatorTest(db: Db, now: Date): Promise<string> {
  const about = `notice.test operator ${Math.floor(now.getTime() / (testEverySeconds * 1_000))}`
  await writeNotice(db, { about, accountId: null, fact: { kind: 'notice.test' } })
  return noticeId(about).toString('hex')
}
