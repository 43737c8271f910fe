import { randomBytes } from 'node:crypto'
import { changeAccount } from '../account-log/account-log.server.ts'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { noticeId } from '../ledger/ledger.server.ts'
import { run, type Db, type Pool } from '../db/db.server.ts'
import { clockMs } from '../values/clock.ts'
import { isMailAddress } from '../values/notices/mail-address.ts'
import type { DeliveryChannel, NoticeKind } from '../values/notices/notice-kinds.ts'
import { isAddressProof } from './proofs.ts'
import type { Actor } from './webhooks.ts'

const { confirmHoursMax, confirmsADayMax, testEverySeconds } = limits.notices

type Asked = {
  about: string
  kind: NoticeKind
  accountId: number
  to: readonly { channel: DeliveryChannel; userId: number }[]
}

/** A notice to whoever asked for it; false where the same was asked for already. */
async function writeAsked(db: Db, { about, kind, accountId, to }: Asked): Promise<boolean> {
  const id = noticeId(about)
  const notices = [{ id, accountId, kind, payload: '{}' }]
  if ((await run(db, 'notices/insert-asked', { notices })) === 0) return false
  await run(db, 'notices/mark-spread', { id })
  const deliveries = to.map((it) => ({ ...it, noticeId: id, accountId }))
  await run(db, 'notices/insert-deliveries', { deliveries })
  return true
}

/** Sends a test to the account's webhook, or to one's own address; false where one was sent a moment ago. */
export async function askForTest(
  db: Pool,
  actor: Actor,
  channel: DeliveryChannel,
): Promise<boolean> {
  const { accountId, userId } = actor
  const turn = Math.floor(clockMs() / (testEverySeconds * 1_000))
  const whom = channel === 'mail' ? userId : 0
  const about = `notice.test ${accountId} ${channel} ${whom} ${turn}`
  const test = { about, kind: 'notice.test', accountId, to: [{ channel, userId: whom }] } as const
  if (channel === 'mail') return db.transact((within) => writeAsked(within, test))
  const asked = await changeAccount(db, actor, 'webhook test', async (change) => {
    if (!(await writeAsked(change.db, test))) return false
    await change.note('webhook')
    return true
  })
  return asked === true
}

/**
 * Has mails go to another address, once its owner has followed a link that is sent there. Who asks
 * too often on one day is told so: it may be the address of somebody who knows nothing of it.
 */
export async function askForAddress(
  db: Pool,
  { accountId, userId }: Actor,
  address: string,
): Promise<'asked' | 'invalid' | 'too often'> {
  if (!isMailAddress(address)) return 'invalid'
  const nonce = randomBytes(16)
  const answer = await db.transact(async (within) => {
    await run(within, 'notices/settings/ask-address', {
      userId,
      address,
      nonce,
      most: confirmsADayMax,
    })
    const kept = await run(within, 'notices/settings/read-address', {
      userId,
      hours: confirmHoursMax,
    })
    if (!kept || !nonce.equals(kept.nonce)) return 'too often' as const
    const about = `address.confirm ${userId} ${nonce.toString('hex')}`
    const to = [{ channel: 'mail' as const, userId }]
    await writeAsked(within, { about, kind: 'address.confirm', accountId, to })
    return 'asked' as const
  })
  return answer
}

/** Whether the link that somebody has followed has made their address theirs. */
export async function confirmAddress(
  db: Db,
  env: Pick<Env, 'SESSION_SECRET'>,
  { userId, proof }: { userId: number; proof: string },
): Promise<boolean> {
  const asked = await run(db, 'notices/settings/read-address', { userId, hours: confirmHoursMax })
  if (!asked?.address || !isAddressProof(env, { userId, nonce: asked.nonce, proof })) return false
  // Who follows it twice is told the same.
  if (asked.confirmedAt) return true
  const hours = confirmHoursMax
  return (
    (await run(db, 'notices/settings/confirm-address', { userId, nonce: asked.nonce, hours })) === 1
  )
}

/** Mails go to the provider's address again. */
export const forgetAddress = (db: Db, userId: number): Promise<number> =>
  run(db, 'notices/settings/forget-address', { userId })
