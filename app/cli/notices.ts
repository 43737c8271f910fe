import { limits } from '../config/limits.ts'
import { listNotices, tellOperatorTest } from '../notices/notices.server.ts'
import { clockNow } from '../values/clock.ts'
import { done, table } from './verb-result.ts'
import type { Verb } from './verb.ts'

type Notice = Awaited<ReturnType<typeof listNotices>>[number]

const whomOf = ({ accountId, channel, userId }: Notice) => {
  const who = accountId === null ? 'the operator' : `account ${accountId}`
  if (channel === null) return `${who}: nobody`
  return userId ? `${who}: ${channel} to user ${userId}` : `${who}: ${channel}`
}

const list: Verb = {
  usage: 'notice list [--rows N]',
  does: 'Print the last notices, whom each goes to, and whether it was sent; addresses are not shown',
  isReading: true,
  prepare(args) {
    const rows = args.whole('rows', limits.notices.listedRows, 1, 1_000)
    return async ({ pool }) => {
      const notices = await listNotices(pool, rows)
      const listed = notices.map(({ createdAt, ...notice }) => ({
        created_at: createdAt.toISOString(),
        kind: notice.kind,
        account_id: notice.accountId,
        channel: notice.channel,
        user_id: notice.userId,
        state: notice.state,
        tries: notice.tries,
        code: notice.code,
      }))
      const document = { notices: listed }
      if (notices.length === 0) return done(document, 'There are no notices yet.')
      const lines = notices.map((notice) => [
        notice.createdAt.toISOString(),
        notice.kind,
        whomOf(notice),
        notice.state ?? '',
        String(notice.tries ?? ''),
        notice.code ?? '',
      ])
      const heads = ['created', 'what', 'to', 'state', 'tries', 'why not']
      return done(document, table(heads, lines))
    }
  },
}

const tryOut: Verb = {
  usage: 'notice test',
  does: 'Have a relay send a test to OPERATOR_EMAIL and OPERATOR_WEBHOOK_URL, once a minute',
  prepare:
    () =>
    async ({ pool }) => {
      const id = await tellOperatorTest(pool, clockNow())
      const text =
        'A running relay sends it within seconds, to whatever its own settings name. ' +
        '`notice list` says what became of it.'
      return done({ id }, text)
    },
}

export const noticeVerbs = [list, tryOut]
