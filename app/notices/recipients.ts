import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { run, type Db, type Params, type Row } from '../db/db.server.ts'
import type { NoticeKind } from '../values/notices/notice-kinds.ts'
import { may, type Right } from '../values/teams/roles.ts'

const { anAccountADayMax, peopleMax } = limits.notices

type Somebody = Row<'notices/list-people'>
type Delivery = Params<'notices/insert-deliveries'>['deliveries'][number]
type Unspread = Row<'notices/list-unspread'>

/** Of whom it is any business; what is of a key is that of whose key it is, too. */
const rightFor = (kind: NoticeKind): Right =>
  kind === 'key.budget' ? 'manage-all-keys' : 'see-money'

/** Kinds as they are kept, with commas between them. */
const isMuted = (muted: string, kind: NoticeKind) => muted.split(',').includes(kind)

export const peopleOf = (db: Db, accountId: number) =>
  run(db, 'notices/list-people', { accountId, rows: peopleMax })

/** Whether they are to be told by mail, as things are now. */
export const hearsByMail = (
  { role, mail, muted, address, userId }: Somebody,
  kind: NoticeKind,
  keyOwner: number | null | undefined,
) =>
  mail === 1 &&
  address !== null &&
  !isMuted(muted, kind) &&
  (may(role, rightFor(kind)) || (kind === 'key.budget' && keyOwner === userId))

/** Whose key a notice is about, and what it is called. */
export async function keyOf(db: Db, accountId: number, kind: NoticeKind, payload: string) {
  if (kind !== 'key.budget') return undefined
  const { keyId } = JSON.parse(payload) as { keyId: number }
  return run(db, 'notices/read-key', { accountId, keyId })
}

/** The operator, by whatever ways there are to them. */
function operatorDeliveries(env: Env, noticeId: Uint8Array): Delivery[] {
  const to = { noticeId, userId: 0, accountId: null }
  return [
    ...(env.OPERATOR_EMAIL && env.SMTP_URL ? [{ ...to, channel: 'mail' as const }] : []),
    ...(env.OPERATOR_WEBHOOK_URL ? [{ ...to, channel: 'webhook' as const }] : []),
  ]
}

/** Whom a notice goes to. */
export async function deliveriesOf(
  db: Db,
  env: Env,
  { id: noticeId, accountId, kind, payload }: Unspread,
): Promise<Delivery[]> {
  if (accountId === null) return operatorDeliveries(env, noticeId)
  const { deliveries: ofToday } = await run(db, 'notices/count-of-day', { accountId })
  if ((ofToday ?? 0) >= anAccountADayMax) return []
  const webhook = await run(db, 'notices/read-webhook', { accountId })
  const list: Delivery[] = []
  if (webhook && !isMuted(webhook.muted, kind))
    list.push({ noticeId, channel: 'webhook', userId: 0, accountId })
  if (!env.SMTP_URL) return list
  const key = await keyOf(db, accountId, kind, payload)
  for (const one of await peopleOf(db, accountId))
    if (hearsByMail(one, kind, key?.userId))
      list.push({ noticeId, channel: 'mail', userId: one.userId, accountId })
  return list
}
