import { changeAccount } from '../account-log/account-log.server.ts'
import { limits } from '../config/limits.ts'
import { run, type Db, type Pool } from '../db/db.server.ts'
import { setThreshold } from '../ledger/ledger.server.ts'
import type { AccountNoticeKind } from '../values/notices/notice-kinds.ts'
import { peopleOf } from './recipients.ts'
import type { Stop } from './proofs.ts'
import type { Actor } from './webhooks.ts'

/** What somebody has chosen to be told of an account, and where that goes. */
export async function readChoices(db: Db, { accountId, userId }: Actor) {
  const hours = limits.notices.confirmHoursMax
  const [choice, own, people, account] = await Promise.all([
    run(db, 'notices/settings/read-choice', { accountId, userId }),
    run(db, 'notices/settings/read-address', { userId, hours }),
    peopleOf(db, accountId),
    run(db, 'notices/read-account', { accountId }),
  ])
  return {
    mail: (choice?.mail ?? 1) === 1,
    muted: (choice?.muted ?? '').split(','),
    /** Where mails go now; null where there is no address that anybody has verified. */
    address: people.find((one) => one.userId === userId)?.address ?? null,
    /** One that is theirs and yet to be confirmed, or confirmed. */
    own: own?.address
      ? { address: own.address, isConfirmed: own.confirmedAt !== null, isFresh: own.isFresh === 1 }
      : null,
    belowNanos: account?.notifyBelowNanos ?? null,
  }
}

/** What one person wants by mail of one account. */
export const setChoices = (
  db: Db,
  { accountId, userId }: Actor,
  { mail, muted }: { mail: boolean; muted: AccountNoticeKind[] },
): Promise<number> =>
  run(db, 'notices/settings/write-choice', {
    accountId,
    userId,
    mail: Number(mail),
    muted: muted.join(','),
  })

/** From when on all of an account are told that its credit is low. */
export async function chooseThreshold(db: Pool, actor: Actor, belowNanos: number | null) {
  await changeAccount(db, actor, 'notices set', async (change) => {
    await setThreshold(change.db, change.account, belowNanos)
    await change.note('threshold', { below_nanos: belowNanos })
  })
}

/** No more mails about this account to this person, until they say otherwise at the settings. */
export const stopMail = (db: Db, stop: Stop): Promise<number> =>
  run(db, 'notices/settings/stop-mail', stop)

/** The last that were sent, as far as it is theirs to see. */
export const listDeliveries = (db: Db, { accountId, userId }: Actor) =>
  run(db, 'notices/settings/list-deliveries', {
    accountId,
    userId,
    rows: limits.notices.listedRows,
  })
