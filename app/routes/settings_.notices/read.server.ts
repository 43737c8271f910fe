import { readTimeZone } from '../../accounts/accounts.server.ts'
import { listDeliveries, readChoices, readWebhook } from '../../notices/notices.server.ts'
import { newFormToken, type PersonalArgs } from '../../pages/pages.server.ts'
import { formatUsd } from '../../values/money.ts'
import { accountNoticeKinds } from '../../values/notices/notice-kinds.ts'
import { may } from '../../values/teams/roles.ts'
import { subjectOf, type AccountsFact } from './subjects.ts'

/** What is shown of one that was sent, or is to be. */
const rowOf = ({ payload, kind, ...row }: Awaited<ReturnType<typeof listDeliveries>>[number]) => ({
  id: `${Buffer.from(row.id).toString('hex')} ${row.channel}`,
  what: subjectOf({ kind, ...(JSON.parse(payload) as object) } as AccountsFact),
  at: row.createdAt,
  channel: row.channel,
  state: row.state,
  tries: row.tries,
  code: row.code,
})

/** All that the page shows, as far as it is this person's to see. */
export async function readNotices({ services: { db, env }, person }: PersonalArgs) {
  const isManager = may(person.role, 'manage-account')
  const [choices, webhook, deliveries, zone] = await Promise.all([
    readChoices(db, person),
    isManager ? readWebhook(db, person.accountId) : undefined,
    listDeliveries(db, person),
    isManager ? readTimeZone(db, person.accountId) : undefined,
  ])
  const seesMoney = may(person.role, 'see-money')
  const { belowNanos, muted, ...own } = choices
  const shown = (from: readonly string[]) => (kind: string) => ({
    kind,
    isOn: !from.includes(kind),
  })
  return {
    ...own,
    kinds: accountNoticeKinds
      .filter((kind) => seesMoney || kind === 'key.budget')
      .map(shown(muted)),
    /** The operator has named a server that mails are handed to. */
    sendsMail: env.SMTP_URL !== undefined,
    isManager,
    below: belowNanos === null ? '' : formatUsd(belowNanos).replace(/\.?0+$/, ''),
    webhook: webhook && {
      url: webhook.url,
      oldUntil: webhook.oldUntil,
      changedAt: webhook.changedAt,
    },
    hookKinds: accountNoticeKinds.map(shown(webhook?.muted ?? [])),
    zone: zone ?? 'UTC',
    formToken: newFormToken(),
    // A webhook's are for whoever can change it.
    deliveries: deliveries.filter(({ channel }) => isManager || channel === 'mail').map(rowOf),
  }
}
