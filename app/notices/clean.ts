import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'

const { cleanRows: rows, deliveryDaysKept, noticeDaysKept, troubles } = limits.notices

/** Takes away what nobody asks after any more, a bounded number at a time. */
export async function deleteOldNotices(db: Db): Promise<void> {
  await run(db, 'notices/delete-old-deliveries', { days: deliveryDaysKept, rows })
  await run(db, 'notices/delete-old-notices', { days: noticeDaysKept, rows })
  await run(db, 'notices/troubles/delete-old', { days: troubles.daysKept, rows })
}
